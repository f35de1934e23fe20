// The settings of one method of density-ratio estimation on one task, chosen by its loss on samples that training has not seen.
// The truth is not asked. The choice is what density-ratio.ts trains with, on other seeds.
import { writeFileSync } from 'node:fs';
import { heldOutLosses } from '../src/diffusion/held-out.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { openStageBackend } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';
import { ratioCell, trainCandidate, type RatioCell, type RatioParams, type Settings } from './shared/ratio-training.ts';

type Params = RatioParams & {
  readonly ratioSearch: {
    /** Of the steps of the task, that each candidate is trained for. */
    readonly share: number;
    /** Held-out batches. */
    readonly batches: number;
    /** Learning rates go up and down from the method's by a factor while the loss falls: at most so many, for each variant. */
    readonly rates: { readonly factor: number; readonly most: number };
    /** Other settings that are tried, by method, each with rates of its own. */
    readonly variants: Readonly<Record<string, readonly Partial<Settings>[]>>;
  };
};

/** What was tried and its losses on the held-out batches; null of a training that diverged. */
interface Tried {
  readonly candidate: Partial<Settings>;
  readonly losses: Float64Array | null;
}

await runStage<Params>(async (stage) => {
  const cell = ratioCell(stage);
  const backend = await openStageBackend(stage);
  const { rates } = stage.params.ratioSearch;
  const variants = variantsOf(stage, cell);
  const tried: Tried[] = [];
  const eligible: Tried[] = [];
  for (const [i, variant] of variants.entries()) {
    const own = await walk(rates, async (factor) => {
      const learningRate = Number((cell.settings.learningRate * factor).toPrecision(3));
      const candidate = { ...variant, learningRate };
      const each = { candidate, losses: await lossesOf(stage, backend, cell, candidate) };
      tried.push(each);
      return each;
    });
    eligible.push(...own);
    stage.progress({ step: i + 1, total: variants.length, metrics: {} });
  }
  if (eligible.length === 0) throw new Error('Training diverged with every candidate, or beside it');
  const best = eligible.reduce((a, b) => (meanLoss(b) < meanLoss(a) ? b : a));
  writeFileSync(stage.output('choice'), `${JSON.stringify(best.candidate, null, 2)}\n`);
  const rows = tried.map((each) => [`"${JSON.stringify(each.candidate).replaceAll('"', "'")}"`, meanLoss(each)]);
  writeFileSync(stage.output('tried'), csvText(['settings', 'held_out_loss'], rows));
  const chosen = `the best of ${tried.length} settings: ${JSON.stringify(best.candidate)}`;
  stage.reportMean('held-out-loss', best.losses!, { unit: '1', better: 'lower', note: `over batches, with ${chosen}` });
});

/** Every variant of the method. Tasks on the line have settings of their own, of which the rate is tried alone. */
function variantsOf({ params, cell }: Stage<Params>, { network }: RatioCell): readonly Partial<Settings>[] {
  return 'gaussian' in network ? [{}] : [{}, ...(params.ratioSearch.variants[String(cell['method'])] ?? [])];
}

/**
 * Tries 1, then greater factors as long as each is better than the one before, or otherwise smaller ones. What it tried, but
 * for trainings that diverged and those whose next greater rate did: on another seed they may.
 */
async function walk(
  { factor, most }: Params['ratioSearch']['rates'],
  attempt: (factor: number) => Promise<Tried>,
): Promise<Tried[]> {
  const at = new Map<number, Tried>();
  const lossAt = async (power: number): Promise<number> => {
    const each = at.get(power) ?? (await attempt(factor ** power));
    at.set(power, each);
    return meanLoss(each);
  };
  /** The loss in a direction as long as it falls; from a training that diverged any other is better. */
  const follow = async (direction: 1 | -1): Promise<void> => {
    for (let power = 0; at.size < most; power += direction) {
      const here = await lossAt(power);
      if ((await lossAt(power + direction)) >= here && (here < Infinity || direction === 1)) return;
    }
  };
  await lossAt(0);
  await follow(1);
  const isGreaterBetter = at.has(1) && (await lossAt(1)) < (await lossAt(0));
  if (!isGreaterBetter) await follow(-1);
  const hasDiverged = (power: number): boolean => at.has(power) && meanLoss(at.get(power)!) === Infinity;
  return [...at].flatMap(([power, each]) => (hasDiverged(power) || hasDiverged(power + 1) ? [] : [each]));
}

/** Losses on the same held-out batches for every candidate, by what their method is judged by. */
async function lossesOf(
  stage: Stage<Params>,
  backend: Backend,
  cell: RatioCell,
  candidate: Partial<Settings>,
): Promise<Float64Array | null> {
  const { share, batches } = stage.params.ratioSearch;
  const { density, settings } = cell;
  const method = cell.method(candidate);
  const steps = Math.round(settings.steps * share);
  const weights = await trainCandidate(stage, backend, method, density, { ...settings, ...candidate, steps });
  if (weights === null) return null;
  const batchShape = { batch: settings.batch, shape: [density.dim] };
  const data = (step: number): Float32Array => density.sample(settings.batch, stage.stream('held-out/data', step));
  return heldOutLosses(backend, method.criterion ?? method.task, batchShape, weights, {
    data,
    seed: stage.seed,
    batches,
  });
}

/** Infinity where training diverged. */
function meanLoss({ losses }: Tried): number {
  const mean = losses === null ? Infinity : meanAndStandardError(losses).mean;
  return Number.isFinite(mean) ? mean : Infinity;
}
