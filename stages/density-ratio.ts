// One method of density-ratio estimation on one task: log p / N(0, I) learned from samples, against the truth on held-out
// points. All methods of a task have the same features and budget of steps and samples, and are measured on the same points
// (ratio-points.ts); they differ in what they train for.
import { readFileSync, writeFileSync } from 'node:fs';
import type { GaussianMixture } from '../src/distributions/mixture.ts';
import { densityFromSpec, type MixtureSpec } from '../src/distributions/spec.ts';
import { toySpec } from '../src/distributions/toys.ts';
import { evaluationProgram } from '../src/diffusion/evaluate.ts';
import type { ScheduleSpec } from '../src/diffusion/schedule.ts';
import { compileModel } from '../src/models/compiled.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { decodeSafetensors } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { ratioMethod, type RatioMethod, type RatioNetworkSpec, type RatioSettings } from './shared/ratio-methods.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './shared/training.ts';

/** How the methods of a task are trained and evaluated. */
type Settings = RatioSettings & Omit<TrainingBudget, 'antithetic'>;

/** What is a task's own: network, perhaps settings, and its density where its name is not one of distributions/toys.ts. */
type TaskParams = RatioNetworkSpec & Partial<Settings> & { readonly density?: MixtureSpec };

interface Params extends RuntimeParams {
  readonly schedule: ScheduleSpec;
  readonly ratios: Omit<Settings, 'schedule'> & { readonly tasks: Readonly<Record<string, TaskParams>> };
}

/** Held-out points x [count, dim], the true log ratio at each, and a method's estimate of it, nats. */
interface Measured {
  readonly exact: Float32Array;
  readonly estimate: ArrayLike<number>;
  /** Of all points, after compilation. */
  readonly milliseconds: number;
}

const BATCH = 500;
/** Where the truth is in reach of the network, every report says so. */
const FAMILY = {
  quadratic: 'The network is quadratic in x and has the truth in its family, as the heads of TRE and DRE-infinity do',
  gaussian: 'The network is one Gaussian with free constants and has the truth in its family',
};

await runStage<Params>(async (stage) => {
  const { schedule, ratios } = stage.params;
  const name = String(stage.cell['task']);
  const own = ratios.tasks[name];
  if (own === undefined) throw new Error(`No parameters for the task "${name}": add ratios.tasks.${name}`);
  const density = densityFromSpec(own.density ?? toySpec(name));
  const { dim } = density;
  const settings = { schedule, ...ratios, ...own };
  const problem = { dim, network: own, settings, noise: stage.stream('ratio/noise') };
  const method = ratioMethod(String(stage.cell['method']), problem);

  const backend = await openStageBackend(stage);
  const weights = await train(stage, backend, method, density, settings);
  const measured = await measure(stage, backend, method, dim, weights);
  const family = 'gaussian' in own ? `. ${FAMILY.gaussian}` : own.width === 0 ? `. ${FAMILY.quadratic}` : '';
  reportErrors(stage, measured, `${method.note}${family}`);
  const note = 'for one log ratio';
  stage.report('nfe', { value: method.nfe, unit: 'evaluations', kind: 'exact', better: 'lower', note });
  const points = `all ${measured.exact.length} held-out points, after compilation`;
  reportSeconds(stage, 'seconds.evaluation', measured.milliseconds, points);
});

/** Trains a method on fresh samples of the density at each step; the moving average of its weights. */
async function train(
  stage: Stage,
  backend: Backend,
  { task }: RatioMethod,
  density: GaussianMixture,
  settings: Settings,
): Promise<Float32Array> {
  const { batch, steps } = settings;
  const start = performance.now();
  const { state, log, taken } = await trainInStage(
    stage,
    backend,
    task,
    { batch, shape: [density.dim] },
    (step) => density.sample(batch, stage.stream('ratio/data', step)),
    settings,
  );
  const milliseconds = performance.now() - start;
  writeFileSync(stage.output('log'), trainingCsv(log));
  // Of an execution that went on after a kill it would be the time of the rest.
  if (taken === steps) {
    const samples = `${taken} steps of ${batch} samples, ${stage.threads} threads, other cells beside it`;
    const note = `${samples}: drawing them and compiling the step included`;
    reportSeconds(stage, 'seconds.training', milliseconds, note);
  }
  return state['ema'] as Float32Array;
}

/** The method's log ratio at the points that ratio-points.ts wrote. */
async function measure(
  stage: Stage,
  backend: Backend,
  { task, model, logRatio }: RatioMethod,
  dim: number,
  weights: Float32Array,
): Promise<Measured> {
  const definition = evaluationProgram('ratio', { batch: BATCH, shape: [dim] }, task.parameters, model);
  const { evaluate } = await compileModel(backend, definition, weights);
  const { tensors } = decodeSafetensors(readFileSync(stage.input('points')));
  const [x, exact] = [tensors['x']!.data as Float32Array, tensors['logRatio']!.data as Float32Array];
  const start = performance.now();
  const estimate = await logRatio(evaluate, x);
  return { exact, estimate, milliseconds: performance.now() - start };
}

function reportErrors(stage: Stage, { exact, estimate }: Measured, note: string): void {
  const unit = 'nats';
  const errors = Array.from(exact, (value, i) => estimate[i]! - value);
  stage.reportMean('kl', estimate, { unit, note: `mean log ratio over held-out points of p. ${note}` });
  const truth = 'mean of the true log ratio over the same points';
  stage.reportMean('kl-exact', exact, { unit, kind: 'exact', note: truth });
  const signed = 'estimated - true log ratio, mean over the same points';
  stage.reportMean('error-signed', errors, { unit, note: signed });
  const absolute = '|estimated - true log ratio|, mean over the same points';
  stage.reportMean('error-mae', errors.map(Math.abs), { unit, better: 'lower', note: absolute });
}

function reportSeconds(stage: Stage, name: string, milliseconds: number, note: string): void {
  stage.report(name, { value: milliseconds / 1000, unit: 's', kind: 'timing', better: 'lower', note });
}
