// Trains a CDM on a toy whose density is known and measures it against the truth: the one-shot density, the weights of the
// modes, the posterior over noise levels, and the denoiser. Everything is measured on fresh points.
import { writeFileSync } from 'node:fs';
import { toySpec } from '../src/distributions/toys.ts';
import { densityFromSpec, type MixtureSpec } from '../src/distributions/spec.ts';
import { scheduleFromSpec, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { cdmTask } from '../src/diffusion/training-step.ts';
import { smoothHead } from '../src/networks/heads.ts';
import { mlpClassifier, type MlpShape } from '../src/networks/mlp.ts';
import { momentsOfSamples } from '../src/statistics/moments.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { compileToy } from './shared/learned-toy.ts';
import {
  reportDensity,
  reportModes,
  reportMutualInformation,
  reportNormalizer,
  reportPosteriorAndDenoiser,
  reportSamplerDensity,
} from './shared/toy-measures.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './shared/training.ts';

/** How a toy is trained. */
interface Training extends TrainingBudget {
  /** Nats per sample: `mse` multiplies the sum of squares over all dimensions. */
  readonly loss: { readonly ce: number; readonly mse: number };
  /** Cosines in t that the head combines. */
  readonly cosines: number;
}

/** One toy: budget and network, and what is its own of the rest. */
interface ToyParams extends Partial<Training>, Partial<Omit<MlpShape, 'dim'>> {
  /** The density, where the toy's name is not one of distributions/toys.ts. */
  readonly density?: MixtureSpec;
  /** Another toy, of which this is a variant: what is not given here is as there. */
  readonly like?: string;
}

interface Params extends RuntimeParams {
  readonly schedule: ScheduleSpec;
  readonly toys: Omit<Training, 'steps' | 'batch'> & {
    /** Fresh points that everything is measured on. */
    readonly points: number;
    readonly each: Readonly<Record<string, ToyParams>>;
  };
}

/** Points from which the head's closed-form Gaussian is estimated. */
const MOMENT_POINTS = 20_000;

await runStage<Params>(async (stage) => {
  const { schedule: scheduleSpec, toys } = stage.params;
  const { spec, own } = resolveToy(String(stage.cell['toy']), toys.each);
  const density = densityFromSpec(spec);
  const { dim } = density;
  const schedule = scheduleFromSpec(scheduleSpec);
  const training = { ...toys, ...own };

  const known = density.sample(MOMENT_POINTS, stage.stream('toy/moments'));
  const head = smoothHead(schedule, momentsOfSamples(known, dim), training.cosines);
  const classifier = mlpClassifier({ dim, ...own }, head);
  const weights = { ce: training.loss.ce, mse: training.loss.mse * dim };
  const clean = training.antithetic ? training.batch / 2 : training.batch;
  const backend = await openStageBackend(stage);
  const { state, log } = await trainInStage(
    stage,
    backend,
    cdmTask(classifier, schedule, weights),
    { batch: training.batch, shape: [dim] },
    (step) => density.sample(clean, stage.stream('toy/data', step)),
    training,
  );
  writeFileSync(stage.output('log'), trainingCsv(log));

  const toy = await compileToy(backend, density, schedule, classifier, state['ema'] as Float32Array);
  const x = density.sample(toys.points, stage.stream('toy/points'));
  const errors = await reportDensity(stage, toy, x);
  if (spec.kind === 'gaussian-mixture') reportModes(stage, spec, x, errors);
  if (spec.kind === 'correlated-pairs') await reportMutualInformation(stage, spec, toy, x);
  await reportNormalizer(stage, toy, toys.points);
  await reportSamplerDensity(stage, toy, x);
  await reportPosteriorAndDenoiser(stage, toy, x);
});

type ResolvedToy = ToyParams & Pick<TrainingBudget, 'steps' | 'batch'> & Omit<MlpShape, 'dim'>;

/** The density of the toy of this name, and its parameters with those of the toy it is like. */
function resolveToy(name: string, each: Params['toys']['each']): { spec: MixtureSpec; own: ResolvedToy } {
  const own = each[name];
  if (own === undefined) throw new Error(`No parameters for the toy "${name}": add toys.each.${name}`);
  const base = own.like === undefined ? undefined : resolveToy(own.like, each);
  return { spec: own.density ?? base?.spec ?? toySpec(name), own: { ...base?.own, ...own } as ResolvedToy };
}
