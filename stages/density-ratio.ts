// One method of density-ratio estimation on one task: log p / N(0, I) learned from samples, against the truth on held-out
// points. All methods of a task have the same features and budget of steps and samples, and are measured on the same points
// (ratio-points.ts); they differ in what they train for.
import { readFileSync, writeFileSync } from 'node:fs';
import { squaredNorms } from '../src/distributions/gaussian.ts';
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
import { gaussianClassifier, gaussianScores } from '../src/ratios/gaussian-family.ts';
import type { RatioNetwork } from '../src/ratios/network.ts';
import { gaussLegendre, integrate } from '../src/ratios/quadrature.ts';
import { telescopeTask, waymarks } from '../src/ratios/telescope.ts';
import { descent, scoreNetwork, scoreTask } from '../src/ratios/time-score.ts';
import { runStage } from '../src/stage/index.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import type { Tensors } from '../src/tensor/program.ts';
import { decodeSafetensors } from '../src/tensor/safetensors.ts';
import { tf } from '../src/tensor/tf.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './shared/training.ts';

/** How the methods of a task are trained and evaluated. */
interface Settings extends Omit<TrainingBudget, 'antithetic'> {
  readonly schedule: ScheduleSpec;
  readonly cosines: number;
  /** Logistic classifiers of TRE. */
  readonly bridges: number;
  /** Nodes of the integral over the time of DRE-infinity, and how far its time is stretched towards the data. */
  readonly nodes: number;
  readonly stretch: number;
  /** Antithetic pairs of noise at each level, of the denoiser's integral. */
  readonly pairs: number;
}

/** What a task learns with: a perceptron, or the Gaussian family of ratios/gaussian-family.ts. */
type Network = Omit<MlpShape, 'dim'> | { readonly gaussian: true };

interface Params {
  readonly runtime: RuntimeParams;
  readonly schedule: ScheduleSpec;
  readonly ratios: Omit<Settings, 'schedule'> & {
    /** Network of each task, and its own of the settings; and its density, where its name is not one of distributions/toys.ts. */
    readonly tasks: Readonly<Record<string, Network & Partial<Settings> & { readonly density?: MixtureSpec }>>;
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
/** Where the truth is in reach of the network, every report says so. */
const FAMILY = {
  quadratic: 'The network is quadratic in x and has the truth in its family, as the heads of TRE and DRE-infinity do',
  gaussian: 'The network is one Gaussian with free constants and has the truth in its family',
};

await runStage<Params>(async (stage) => {
  const { runtime, schedule, ratios } = stage.params;
  const name = String(stage.cell['task']);
  const own = ratios.tasks[name];
  if (own === undefined) throw new Error(`No parameters for the task "${name}": add ratios.tasks.${name}`);
  const density = densityFromSpec(own.density ?? toySpec(name));
  const { dim } = density;
  const settings = { schedule, ...ratios, ...own };
  const method = methodOf(String(stage.cell['method']), dim, own, settings, stage.seed);

  const backend = await openStageBackend(stage, runtime);
  const start = performance.now();
  const { state, log, taken } = await trainInStage(
    stage,
    backend,
    method.task,
    { batch: settings.batch, shape: [dim] },
    (step) => density.sample(settings.batch, { seed: stage.seed, purpose: 'ratio/data', step }),
    settings,
  );
  const trained = performance.now();
  writeFileSync(stage.output('log'), trainingCsv(log));

  const shape = { batch: BATCH, shape: [dim] };
  const program = await backend.compile(evaluationProgram(name, shape, method.task.parameters, method.model));
  program.load({ parameters: state['ema']! });
  const { x, exact } = readPoints(stage.input('points'));
  const ready = performance.now();
  const estimate = await method.logRatio((y, t) => evaluate(program, shape, y, t), x);
  const evaluated = performance.now();
  const errors = Array.from(exact, (value, i) => estimate[i]! - value);

  const report = (
    number: string,
    values: ArrayLike<number>,
    note: string,
    rest: { kind?: 'exact'; better?: 'lower' } = {},
  ) => {
    const { mean, standardError, n } = meanAndStandardError(values);
    stage.report(number, { value: mean, standardError, n, unit: 'nats', kind: 'estimate', note, ...rest });
  };
  const family = 'gaussian' in own ? `. ${FAMILY.gaussian}` : own.width === 0 ? `. ${FAMILY.quadratic}` : '';
  report('kl', estimate, `mean log ratio over held-out points of p. ${method.note}${family}`);
  report('kl-exact', exact, 'mean of the true log ratio over the same points', { kind: 'exact' });
  report('error-signed', errors, 'estimated - true log ratio, mean over the same points');
  report('error-mae', errors.map(Math.abs), '|estimated - true log ratio|, mean over the same points', {
    better: 'lower',
  });
  stage.report('nfe', {
    value: method.nfe,
    unit: 'evaluations',
    kind: 'exact',
    better: 'lower',
    note: 'for one log ratio',
  });
  const seconds = (number: string, milliseconds: number, note: string) => {
    stage.report(number, { value: milliseconds / 1000, unit: 's', kind: 'timing', better: 'lower', note });
  };
  const samples = `${taken} steps of ${settings.batch} samples, ${stage.threads} threads, other cells beside it`;
  // Of an execution that went on after a kill it would be the time of the rest.
  if (taken === settings.steps)
    seconds('seconds.training', trained - start, `${samples}: drawing them and compiling the step included`);
  seconds('seconds.evaluation', evaluated - ready, `all ${exact.length} held-out points, after compilation`);
});

/** What ratio-points.ts wrote: x [count, dim], and log p / N(0, I) at each. */
function readPoints(path: string): { x: Float32Array; exact: Float32Array } {
  const { x, logRatio } = decodeSafetensors(readFileSync(path)).tensors;
  return { x: x!.data as Float32Array, exact: logRatio!.data as Float32Array };
}

function methodOf(
  name: string,
  dim: number,
  network: Network,
  { schedule: scheduleSpec, cosines, bridges, nodes, stretch, pairs }: Settings,
  seed: number,
): Method {
  const schedule = scheduleFromSpec(scheduleSpec);
  const classifier = classifierOf(network, dim, schedule, cosines);
  const last = schedule.T + 1;
  const ends = {
    nfe: 1,
    model: (weights: Tensors) => (x: tf.Tensor) => {
      const logits = classifier.logits(weights, x);
      return tf.squeeze(tf.sub(tf.slice(logits, [0, 0], [-1, 1]), tf.slice(logits, [0, last], [-1, 1])), [1]);
    },
    logRatio: (model: AtClass, x: Float32Array) => model(x, 0),
  };
  const pathwise = name === 'dre-infinity-pathwise';
  switch (name) {
    case 'cdm':
      return { ...ends, task: cdmTask(classifier, schedule, balancedWeights(dim)), note: 'CDM: f[0] - f[T+1]' };
    case 'nce':
      return {
        ...ends,
        task: telescopeTask(classifier, schedule, waymarks(schedule.T, 1)),
        note: 'NCE: one classifier',
      };
    case 'tre':
      return {
        ...ends,
        task: telescopeTask(classifier, schedule, waymarks(schedule.T, bridges)),
        note: `TRE: ${bridges} classifiers of neighbours`,
      };
    case 'dre-infinity':
    case 'dre-infinity-pathwise': {
      const scores =
        'gaussian' in network
          ? gaussianScores(dim, cosines, pathwise, stretch)
          : scoreNetwork(mlpFeatures({ ...network, dim }, dim, pathwise ? 2 * cosines : cosines), cosines, pathwise);
      const times = Float32Array.from(gaussLegendre(nodes).nodes);
      return {
        task: scoreTask(scores, stretch),
        nfe: nodes,
        model: (weights) => (x, t) =>
          descent(scores.scores, weights, x, tf.gather(tf.tensor1d(times), t) as tf.Tensor1D, pathwise),
        // Along the path to the origin the integral is log p_0(x) - log N(0; 0, I); at x, the log ratio itself.
        logRatio: async (model, x) => {
          const integral = await integrate(nodes, (_time, node) => model(x, node));
          if (!pathwise) return integral;
          const norms = squaredNorms(x, dim);
          return integral.map((value, i) => value + norms[i]! / 2);
        },
        note: pathwise ? 'DRE-infinity, time and data score along a straight path' : 'DRE-infinity, time score',
      };
    }
    case 'noise-classifier':
      return {
        task: cdmTask(classifier, schedule, { ce: 0, mse: dim }),
        nfe: 2 * pairs * schedule.T,
        model: (weights) => cdmDenoiser((x) => classifier.logits(weights, x), schedule),
        logRatio: (model, x) =>
          denoiserLogRatio(model, schedule, x, dim, { pairs, key: { seed, purpose: 'ratio/noise' } }),
        note: 'the noise classifier of Wu et al. 2024: integral of denoising errors, without contrastive fine-tuning',
      };
    default:
      throw new Error(
        `No method "${name}": use cdm, nce, tre, dre-infinity, dre-infinity-pathwise or noise-classifier`,
      );
  }
}

/** Without the closed-form Gaussian of the data: every network starts as N(0, I) for every class. */
function classifierOf(network: Network, dim: number, schedule: Schedule, cosines: number): RatioNetwork {
  if ('gaussian' in network) return gaussianClassifier(dim, schedule, cosines);
  const standard = { mean: new Float64Array(dim), variance: 1 };
  return mlpClassifier({ ...network, dim }, smoothHead(schedule, standard, cosines));
}
