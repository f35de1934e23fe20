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
    /** Learning rates that are tried, in units of the method's. */
    readonly rates: readonly number[];
    /** Other settings that are tried, by method, each with every rate. */
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
  const tried: Tried[] = [];
  const candidates = candidatesOf(stage, cell);
  for (const candidate of candidates) {
    tried.push({ candidate, losses: await lossesOf(stage, backend, cell, candidate) });
    stage.progress({ step: tried.length, total: candidates.length, metrics: {} });
  }
  const best = tried.reduce((a, b) => (meanLoss(b) < meanLoss(a) ? b : a));
  if (best.losses === null) throw new Error('Training diverged with every candidate');
  writeFileSync(stage.output('choice'), `${JSON.stringify(best.candidate, null, 2)}\n`);
  const rows = tried.map((each) => [`"${JSON.stringify(each.candidate).replaceAll('"', "'")}"`, meanLoss(each)]);
  writeFileSync(stage.output('tried'), csvText(['settings', 'held_out_loss'], rows));
  const chosen = `the best of ${tried.length} settings: ${JSON.stringify(best.candidate)}`;
  stage.reportMean('held-out-loss', best.losses, { unit: '1', better: 'lower', note: `over batches, with ${chosen}` });
});

/** Every variant of the method with every rate. Tasks on the line have settings of their own, of which the rate is tried alone. */
function candidatesOf({ params, cell }: Stage<Params>, { network, settings }: RatioCell): Partial<Settings>[] {
  const { rates, variants } = params.ratioSearch;
  const own = 'gaussian' in network ? [{}] : [{}, ...(variants[String(cell['method'])] ?? [])];
  return own.flatMap((variant) =>
    rates.map((rate) => ({ ...variant, learningRate: Number((settings.learningRate * rate).toPrecision(3)) })),
  );
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
