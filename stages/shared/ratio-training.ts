// What the stages of density ratios share: the parameters of a task and a method, and training on fresh samples.
import { densityFromSpec, type MixtureSpec } from '../../src/distributions/spec.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import type { ScheduleSpec } from '../../src/diffusion/schedule.ts';
import { startTraining, train } from '../../src/diffusion/training.ts';
import { trainingStep } from '../../src/diffusion/training-step.ts';
import type { Stage } from '../../src/stage/index.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import type { RuntimeParams } from './backend.ts';
import type { RatioMethod, RatioNetworkSpec, RatioSettings } from './ratio-method.ts';
import { ratioMethod } from './ratio-methods.ts';
import { trainInStage, type TrainingBudget } from './training.ts';

/** How the methods of a task are trained and evaluated. */
export type Settings = RatioSettings & Omit<TrainingBudget, 'antithetic'>;

/** What is a method's own, by its name. */
type MethodParams = Readonly<Record<string, Partial<Settings>>>;

/** What is a task's own: network, perhaps settings, and its density where its name is not one of distributions/toys.ts. */
export type TaskParams = RatioNetworkSpec &
  Partial<Settings> & { readonly density?: MixtureSpec; readonly methods?: MethodParams };

export interface RatioParams extends RuntimeParams {
  readonly schedule: ScheduleSpec;
  readonly ratios: Omit<Settings, 'schedule'> & {
    readonly tasks: Readonly<Record<string, TaskParams>>;
    readonly methods: MethodParams;
  };
}

/** A task and a method, which are those of the stage's cell. */
export interface RatioCell {
  readonly density: GaussianMixture;
  readonly network: RatioNetworkSpec;
  readonly settings: Settings;
  /** The method with its settings, or with some of them replaced. */
  readonly method: (chosen: Partial<Settings>) => RatioMethod;
}

/** From the general to the particular: what is a method's own on one task says most. */
export function ratioCell(stage: Stage<RatioParams>): RatioCell {
  const { schedule, ratios } = stage.params;
  const [task, name] = [String(stage.cell['task']), String(stage.cell['method'])];
  const own = ratios.tasks[task];
  if (own === undefined) throw new Error(`No parameters for the task "${task}": add ratios.tasks.${task}`);
  const density = densityFromSpec(own.density ?? toySpec(task));
  const settings = { schedule, ...ratios, ...ratios.methods[name], ...own, ...own.methods?.[name] };
  const noise = stage.stream('ratio/noise');
  const method = (chosen: Partial<Settings>): RatioMethod =>
    ratioMethod(name, { dim: density.dim, network: own, settings: { ...settings, ...chosen }, noise });
  return { density, network: own, settings, method };
}

/** Trains on fresh samples of the density at each step. */
export function trainRatio(
  stage: Stage,
  backend: Backend,
  { task }: RatioMethod,
  density: GaussianMixture,
  settings: Settings,
): ReturnType<typeof trainInStage> {
  const { batch } = settings;
  const samples = (step: number): Float32Array => density.sample(batch, stage.stream('ratio/data', step));
  return trainInStage(stage, backend, task, { batch, shape: [density.dim] }, samples, settings);
}

/** Trains in memory, without checkpoints: a candidate is short. The moving average of the weights, or null where it diverged. */
export async function trainCandidate(
  stage: Stage,
  backend: Backend,
  { task }: RatioMethod,
  density: GaussianMixture,
  { batch, steps, learningRate: peak, warmup, beta2 = 0.99, emaDecay }: Settings,
): Promise<Float32Array | null> {
  const batchShape = { batch, shape: [density.dim] };
  const program = await backend.compile(trainingStep(task, batchShape, { beta1: 0.9, beta2 }));
  const data = (step: number): Float32Array => density.sample(batch, stage.stream('ratio/data', step));
  const learningRate = { peak, warmup, steps };
  const run = { task, program, batchShape, data, seed: stage.seed, learningRate, emaDecay };
  try {
    const { state } = await train(run, startTraining(task, stage.seed), steps);
    return state['ema'] as Float32Array;
  } catch (error) {
    stage.log(`${JSON.stringify({ learningRate: peak })}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  } finally {
    await program.dispose();
  }
}
