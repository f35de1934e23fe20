// One method of density-ratio estimation on one task: log p / N(0, I) learned from samples, against the truth on fresh
// points. All methods have the same features and budget of steps and samples; they differ in what they train for.
import { writeFileSync } from 'node:fs';
import { densityFromSpec, type MixtureSpec } from '../src/distributions/spec.ts';
import { toySpec } from '../src/distributions/toys.ts';
import { cdmDenoiser } from '../src/diffusion/cdm.ts';
import { evaluate, evaluationProgram } from '../src/diffusion/evaluate.ts';
import { balancedWeights } from '../src/diffusion/loss.ts';
import { scheduleFromSpec, type Schedule, type ScheduleSpec } from '../src/diffusion/schedule.ts';
import { cdmTask, type TrainingTask } from '../src/diffusion/training-step.ts';
import { smoothHead } from '../src/networks/heads.ts';
import { mlpClassifier, mlpFeatures, type MlpShape } from '../src/networks/mlp.ts';
import { denoiserLogRatio } from '../src/ratios/denoiser-integral.ts';
import { gaussLegendre, integrate } from '../src/ratios/quadrature.ts';
import { telescopeTask, waymarks } from '../src/ratios/telescope.ts';
import { descent, scoreNetwork, scoreTask } from '../src/ratios/time-score.ts';
import { runStage } from '../src/stage/index.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import type { BackendName } from '../src/tensor/backend.ts';
import type { Tensors } from '../src/tensor/program.ts';
import { tf } from '../src/tensor/tf.ts';
import { openStageBackend } from './backend.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './training.ts';

interface Params {
  readonly runtime: { readonly backend: BackendName };
  readonly schedule: ScheduleSpec;
  readonly ratios: TrainingBudget & {
    readonly cosines: number;
    /** Fresh points that the error is measured on. */
    readonly points: number;
    /** Logistic classifiers of TRE. */
    readonly bridges: number;
    /** Nodes of the integral over the time of DRE-infinity. */
    readonly nodes: number;
    /** Antithetic pairs of noise at each level, of the denoiser's integral. */
    readonly pairs: number;
    /** Network of each task; and its density, where its name is not one of distributions/toys.ts. */
    readonly tasks: Readonly<Record<string, Omit<MlpShape, 'dim'> & { readonly density?: MixtureSpec }>>;
  };
}

/** What a method trains, and how its log ratio is evaluated: [count] of x [count, dim]. */
interface Method {
  readonly task: TrainingTask;
  /** Evaluations of the network, or of it and its gradient, for one log ratio. */
  readonly nfe: number;
  /** The model whose values at a class or node make up the log ratio. */
  readonly model: (weights: Tensors) => (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor;
  readonly logRatio: (model: AtClass, x: Float32Array) => Promise<ArrayLike<number>>;
  readonly note: string;
}
type AtClass = (x: Float32Array, t: number) => Promise<Float32Array>;

const BATCH = 500;

await runStage<Params>(async (stage) => {
  const { runtime, schedule: scheduleSpec, ratios } = stage.params;
  const name = String(stage.cell['task']);
  const own = ratios.tasks[name];
  if (own === undefined) throw new Error(`No parameters for the task "${name}": add ratios.tasks.${name}`);
  const density = densityFromSpec(own.density ?? toySpec(name));
  const shape = { ...own, dim: density.dim };
  const method = methodOf(String(stage.cell['method']), shape, scheduleFromSpec(scheduleSpec), ratios, stage.seed);

  const backend = await openStageBackend(stage, runtime);
  const { state, log } = await trainInStage(
    stage,
    backend,
    method.task,
    { batch: ratios.batch, shape: [density.dim] },
    (step) => density.sample(ratios.batch, { seed: stage.seed, purpose: 'ratio/data', step }),
    ratios,
  );
  writeFileSync(stage.output('log'), trainingCsv(log));

  const points = { batch: BATCH, shape: [density.dim] };
  const program = await backend.compile(evaluationProgram(name, points, method.task.parameters, method.model));
  program.load({ parameters: state['ema']! });
  const x = density.sample(ratios.points, { seed: stage.seed, purpose: 'ratio/points' });
  const estimate = await method.logRatio((y, t) => evaluate(program, points, y, t), x);
  const exact = Array.from(density.logProb(x), (logP, i) => logP - standardNormal(x, density.dim, i));
  const errors = exact.map((value, i) => estimate[i]! - value);

  const report = (
    number: string,
    values: ArrayLike<number>,
    note: string,
    rest: { kind?: 'exact'; better?: 'lower' } = {},
  ) => {
    const { mean, standardError, n } = meanAndStandardError(values);
    stage.report(number, { value: mean, standardError, n, unit: 'nats', kind: 'estimate', note, ...rest });
  };
  report('kl', estimate, `mean log ratio over held-out points of p. ${method.note}`);
  report('kl-exact', exact, 'mean of the true log ratio over the same points', { kind: 'exact' });
  report('error-signed', errors, 'estimated - true log ratio, mean over the same points');
  report('error-mae', errors.map(Math.abs), '|estimated - true log ratio|, mean over the same points', {
    better: 'lower',
  });
  stage.report('nfe', { value: method.nfe, unit: '1', kind: 'exact', note: 'network evaluations for one log ratio' });
});

function methodOf(
  name: string,
  shape: MlpShape,
  schedule: Schedule,
  { cosines, bridges, nodes, pairs }: Params['ratios'],
  seed: number,
): Method {
  // Without the closed-form Gaussian of the data: the head starts as N(0, I) for every class.
  const standard = { mean: new Float64Array(shape.dim), variance: 1 };
  const network = mlpClassifier(shape, smoothHead(schedule, standard, cosines));
  const last = schedule.T + 1;
  const ends = {
    nfe: 1,
    model: (weights: Tensors) => (x: tf.Tensor) => {
      const logits = network.logits(weights, x);
      return tf.squeeze(tf.sub(tf.slice(logits, [0, 0], [-1, 1]), tf.slice(logits, [0, last], [-1, 1])), [1]);
    },
    logRatio: (model: AtClass, x: Float32Array) => model(x, 0),
  };
  const pathwise = name === 'dre-infinity-pathwise';
  switch (name) {
    case 'cdm':
      return { ...ends, task: cdmTask(network, schedule, balancedWeights(shape.dim)), note: 'CDM: f[0] - f[T+1]' };
    case 'nce':
      return { ...ends, task: telescopeTask(network, schedule, waymarks(schedule.T, 1)), note: 'NCE: one classifier' };
    case 'tre':
      return {
        ...ends,
        task: telescopeTask(network, schedule, waymarks(schedule.T, bridges)),
        note: `TRE: ${bridges} classifiers of neighbours`,
      };
    case 'dre-infinity':
    case 'dre-infinity-pathwise': {
      const scores = scoreNetwork(mlpFeatures(shape, shape.dim, pathwise ? 2 * cosines : cosines), cosines, pathwise);
      const times = Float32Array.from(gaussLegendre(nodes).nodes);
      return {
        task: scoreTask(scores),
        nfe: nodes,
        model: (weights) => (x, t) =>
          descent(scores.scores, weights, x, tf.gather(tf.tensor1d(times), t) as tf.Tensor1D, pathwise),
        // Along the path to the origin the integral is log p_0(x) - log N(0; 0, I); at x, the log ratio itself.
        logRatio: async (model, x) => {
          const integral = await integrate(nodes, (_tau, node) => model(x, node));
          return pathwise ? integral.map((value, i) => value + squaredNorm(x, shape.dim, i) / 2) : integral;
        },
        note: pathwise ? 'DRE-infinity, time and data score along a straight path' : 'DRE-infinity, time score',
      };
    }
    case 'noise-classifier':
      return {
        task: cdmTask(network, schedule, { ce: 0, mse: shape.dim }),
        nfe: 2 * pairs * schedule.T,
        model: (weights) => cdmDenoiser((x) => network.logits(weights, x), schedule),
        logRatio: (model, x) =>
          denoiserLogRatio(model, schedule, x, shape.dim, { pairs, key: { seed, purpose: 'ratio/noise' } }),
        note: 'the noise classifier of Wu et al. 2024: integral of denoising errors, without contrastive fine-tuning',
      };
    default:
      throw new Error(
        `No method "${name}": use cdm, nce, tre, dre-infinity, dre-infinity-pathwise or noise-classifier`,
      );
  }
}

/** |x_i|^2 of the i-th vector. */
function squaredNorm(x: Float32Array, dim: number, i: number): number {
  let sum = 0;
  for (let k = i * dim; k < (i + 1) * dim; k++) sum += x[k]! ** 2;
  return sum;
}

/** log N(x_i; 0, I). */
function standardNormal(x: Float32Array, dim: number, i: number): number {
  return -(dim * Math.log(2 * Math.PI) + squaredNorm(x, dim, i)) / 2;
}
