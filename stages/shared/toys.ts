// Toys: which density each is, and how its CDM is trained.
import { writeFileSync } from 'node:fs';
import { toySpec } from '../../src/distributions/toys.ts';
import { densityFromSpec, type MixtureSpec } from '../../src/distributions/spec.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { epochBatches } from '../../src/diffusion/batches.ts';
import { scheduleFromSpec, type Schedule, type ScheduleSpec } from '../../src/diffusion/schedule.ts';
import { cdmTask, distillationTask } from '../../src/diffusion/training-step.ts';
import { classifierOf, fixedLogits, writeModel, type ModelSpec, type TrainedModel } from '../../src/models/model.ts';
import type { MlpShape } from '../../src/networks/mlp.ts';
import type { ClassifierNetwork } from '../../src/networks/network.ts';
import { momentsOfSamples } from '../../src/statistics/moments.ts';
import type { Stage } from '../../src/stage/index.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import type { RuntimeParams } from './backend.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './training.ts';

/** How a toy is trained. */
interface Training extends TrainingBudget {
  /** Nats per sample: `mse` multiplies the sum of squares over all dimensions. */
  readonly loss: { readonly ce: number; readonly mse: number };
  /** Cosines in t that the head combines. */
  readonly cosines: number;
  /** Noise levels, where they are not those of all. */
  readonly schedule?: ScheduleSpec;
  /** So many points are all the data there are: the same for every replicate, or for each its own. Default: fresh ones. */
  readonly pool?: { readonly points: number; readonly isShared: boolean };
}

/** One toy: budget and network, and what is its own of the rest. */
interface ToyParams extends Partial<Training>, Partial<Omit<MlpShape, 'dim'>> {
  /** The density, where the toy's name is not one of distributions/toys.ts. */
  readonly density?: MixtureSpec;
  /** Another toy, of which this is a variant: what is not given here is as there. */
  readonly like?: string;
}

export interface ToysParams extends Omit<Training, 'steps' | 'batch' | 'schedule' | 'pool'> {
  /** Fresh points that everything is measured on. */
  readonly points: number;
  readonly each: Readonly<Record<string, ToyParams>>;
}

/** Of the stages that train a toy, the one that their cell names. */
export interface ToyStageParams extends RuntimeParams {
  readonly schedule: ScheduleSpec;
  readonly toys: ToysParams;
}

/** A trained toy: its density, and the classifier with the moving average of its weights. */
export interface TrainedToy {
  readonly spec: MixtureSpec;
  readonly density: GaussianMixture;
  readonly schedule: Schedule;
  readonly classifier: ClassifierNetwork;
  readonly weights: Float32Array;
  /** Each loss of the batches of the last tenth of the steps. */
  readonly losses: Readonly<Record<string, number[]>>;
}

type ResolvedToy = ToyParams & Pick<TrainingBudget, 'steps' | 'batch'> & Omit<MlpShape, 'dim'>;

/** The density of the toy of this name, and its parameters with those of the toy it is like. */
export function resolveToy(name: string, each: ToysParams['each']): { spec: MixtureSpec; own: ResolvedToy } {
  const own = each[name];
  if (own === undefined) throw new Error(`No parameters for the toy "${name}": add toys.each.${name}`);
  const base = own.like === undefined ? undefined : resolveToy(own.like, each);
  return { spec: own.density ?? base?.spec ?? toySpec(name), own: { ...base?.own, ...own } as ResolvedToy };
}

/** Points from which the head's closed-form Gaussian is estimated, where data are fresh. */
const MOMENT_POINTS = 20_000;
/** Of the data that all replicates have. */
const SHARED_SEED = 0;

/** Trains the toy of this cell on its data, or on what a `teacher` says of them; writes the outputs `log` and `checkpoint`. */
export async function trainToy(
  stage: Stage<ToyStageParams>,
  backend: Backend,
  teacher?: TrainedModel,
): Promise<TrainedToy> {
  const { toys } = stage.params;
  const { spec, own } = resolveToy(String(stage.cell['toy']), toys.each);
  const density = densityFromSpec(spec);
  const { dim } = density;
  const training = { schedule: stage.params.schedule, ...toys, ...own };
  const clean = training.antithetic ? training.batch / 2 : training.batch;
  const { known, batches } = toyData(stage, density, clean, training.pool);
  const model = toyModel(training, own, known, dim);
  const schedule = scheduleFromSpec(model.schedule);
  const classifier = classifierOf(model);
  const balance = { ce: training.loss.ce, mse: training.loss.mse * dim };
  const task =
    teacher === undefined
      ? cdmTask(classifier, schedule, balance)
      : distillationTask(classifier, fixedLogits(teacher), schedule, balance);
  const { state, log } = await trainInStage(
    stage,
    backend,
    task,
    { batch: training.batch, shape: [dim] },
    batches,
    training,
  );
  const weights = state['ema'] as Float32Array;
  writeFileSync(stage.output('log'), trainingCsv(log));
  writeModel(stage.output('checkpoint'), model, weights);
  const last = log.slice(-Math.max(2, Math.ceil(log.length / 10)));
  const names = Object.keys(last[0]?.losses ?? {});
  const losses = Object.fromEntries(names.map((name) => [name, last.map((row) => row.losses[name]!)]));
  return { spec, density, schedule, classifier, weights, losses };
}

/** What a toy is trained on: some points for the moments of the data, and the clean batch [count, dim] of each step. */
function toyData(
  stage: Stage,
  density: GaussianMixture,
  count: number,
  pool: Training['pool'],
): { known: Float32Array; batches: (step: number) => Float32Array } {
  if (pool === undefined) {
    const known = density.sample(MOMENT_POINTS, stage.stream('toy/moments'));
    return { known, batches: (step) => density.sample(count, stage.stream('toy/data', step)) };
  }
  const { seed } = stage;
  const known = density.sample(pool.points, { seed: pool.isShared ? SHARED_SEED : seed, purpose: 'toy/pool' });
  return { known, batches: epochBatches(known, density.dim, count, seed) };
}

/** The model of a toy, whose points are images of one pixel with a channel for each dimension. */
function toyModel(
  { schedule, cosines }: { schedule: ScheduleSpec; cosines: number },
  { width, depth, inputScale, squares = 0 }: Omit<MlpShape, 'dim'>,
  known: Float32Array,
  dim: number,
): ModelSpec {
  const network = { kind: 'mlp', imageSize: 1, inChannels: dim, width, depth, inputScale, squares } as const;
  return { kind: 'cdm', schedule, network, head: { kind: 'smooth', moments: momentsOfSamples(known, dim), cosines } };
}
