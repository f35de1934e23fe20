// One method of density-ratio estimation on one task: log p / N(0, I) learned from samples, against the truth on held-out
// points. All methods of a task have the same budget of steps and samples, and are measured on the same points (ratio-points.ts);
// each has the parametrization and the levels that are its own.
import { readFileSync, writeFileSync } from 'node:fs';
import type { GaussianMixture } from '../src/distributions/mixture.ts';
import { evaluationProgram } from '../src/diffusion/evaluate.ts';
import { compileModel } from '../src/models/compiled.ts';
import { runStage, type MeanEstimate, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { decodeSafetensors } from '../src/tensor/safetensors.ts';
import { openStageBackend } from './shared/backend.ts';
import type { RatioMethod } from './shared/ratio-method.ts';
import { ratioCell, trainRatio, type RatioParams, type Settings } from './shared/ratio-training.ts';
import { trainingCsv } from './shared/training.ts';

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

await runStage<RatioParams>(async (stage) => {
  const cell = ratioCell(stage);
  const { density, network } = cell;
  // What was chosen on held-out loss (ratio-search.ts), and as many times the steps as the budget of the cell says.
  const chosen = JSON.parse(readFileSync(stage.input('choice'), 'utf8')) as Partial<Settings>;
  const steps = Math.round(cell.settings.steps * Number(stage.cell['budget'] ?? 1));
  const settings = { ...cell.settings, ...chosen, steps };
  const method = cell.method(chosen);

  const backend = await openStageBackend(stage);
  const { weights, seconds } = await train(stage, backend, method, density, settings);
  const measured = await measure(stage, backend, method, density.dim, weights);
  const family = 'gaussian' in network ? `. ${FAMILY.gaussian}` : network.width === 0 ? `. ${FAMILY.quadratic}` : '';
  const error = reportErrors(stage, measured, `${method.note}${family}`);
  const note = 'for one log ratio';
  stage.report('nfe', { value: method.nfe, unit: 'evaluations', kind: 'exact', better: 'lower', note });
  const points = `all ${measured.exact.length} held-out points, after compilation`;
  reportSeconds(stage, 'seconds.evaluation', measured.milliseconds / 1000, points);
  stage.report('steps', { value: steps, unit: 'steps', kind: 'exact', note: `of ${settings.batch} samples` });
  const { task, method: name } = stage.cell;
  writeFileSync(stage.output('summary'), `${JSON.stringify({ task, method: name, steps, seconds, error })}\n`);
});

/** Trains a method; the moving average of its weights, and the processor's seconds, of an uninterrupted execution alone. */
async function train(
  stage: Stage,
  backend: Backend,
  method: RatioMethod,
  density: GaussianMixture,
  settings: Settings,
): Promise<{ weights: Float32Array; seconds: number | null }> {
  const { batch, steps } = settings;
  const start = process.cpuUsage();
  const { state, log, taken } = await trainRatio(stage, backend, method, density, settings);
  const { user, system } = process.cpuUsage(start);
  writeFileSync(stage.output('log'), trainingCsv(log));
  const weights = state['ema'] as Float32Array;
  // Of an execution that went on after a kill it would be the time of the rest.
  if (taken < steps) return { weights, seconds: null };
  const samples = `${taken} steps of ${batch} samples`;
  const seconds = (user + system) / 1e6;
  const note = `of the processor, ${samples}: drawing them and compiling the step included`;
  reportSeconds(stage, 'seconds.training', seconds, note);
  return { weights, seconds };
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

/** Returns the mean absolute error with its standard error. */
function reportErrors(stage: Stage, { exact, estimate }: Measured, note: string): MeanEstimate {
  const unit = 'nats';
  const errors = Array.from(exact, (value, i) => estimate[i]! - value);
  stage.reportMean('kl', estimate, { unit, note: `mean log ratio over held-out points of p. ${note}` });
  const truth = 'mean of the true log ratio over the same points';
  stage.reportMean('kl-exact', exact, { unit, kind: 'exact', note: truth });
  const signed = 'estimated - true log ratio, mean over the same points';
  stage.reportMean('error-signed', errors, { unit, note: signed });
  const absolute = '|estimated - true log ratio|, mean over the same points';
  return stage.reportMean('error-mae', errors.map(Math.abs), { unit, better: 'lower', note: absolute });
}

function reportSeconds(stage: Stage, name: string, seconds: number, note: string): void {
  stage.report(name, { value: seconds, unit: 's', kind: 'timing', better: 'lower', note });
}
