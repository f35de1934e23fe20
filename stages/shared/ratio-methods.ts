// The methods of density-ratio estimation that are compared: what each trains, and how the log ratio p / N(0, I) follows.
import { squaredNorms } from '../../src/distributions/gaussian.ts';
import { cdmDenoiser } from '../../src/diffusion/cdm.ts';
import { balancedWeights } from '../../src/diffusion/loss.ts';
import { positionsAmong, scheduleFromSpec, type Schedule, type ScheduleSpec } from '../../src/diffusion/schedule.ts';
import { cdmTask, type TrainingTask } from '../../src/diffusion/training-step.ts';
import { smoothHead } from '../../src/networks/heads.ts';
import { mlpClassifier, mlpFeatures, type MlpShape } from '../../src/networks/mlp.ts';
import { bridgesTask, featureBridges, quadraticBridges } from '../../src/ratios/bridges.ts';
import { conditionalTimeScoreTask, featureTimeScore } from '../../src/ratios/conditional-time-score.ts';
import { conditionalPathTask, covariancePathTask, timeScoreAt } from '../../src/ratios/covariance-path.ts';
import { contrastiveTask } from '../../src/ratios/contrastive.ts';
import { denoiserLogRatio } from '../../src/ratios/denoiser-integral.ts';
import { dualScoreTask, featureEnergy, gaussianEnergy } from '../../src/ratios/energy.ts';
import { fewLevelsTask } from '../../src/ratios/few-levels.ts';
import { gaussianClassifier, gaussianScores } from '../../src/ratios/gaussian-family.ts';
import type { RatioNetwork } from '../../src/ratios/network.ts';
import { gaussLegendre, integrate } from '../../src/ratios/quadrature.ts';
import { telescopeTask, waymarks } from '../../src/ratios/telescope.ts';
import { descent, scoreNetwork, scoreTask } from '../../src/ratios/time-score.ts';
import type { Tensors } from '../../src/tensor/program.ts';
import type { StreamKey } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

/** What a task learns with: a perceptron, or the Gaussian family of ratios/gaussian-family.ts. */
export type RatioNetworkSpec = Omit<MlpShape, 'dim'> | { readonly gaussian: true };

export interface RatioSettings {
  readonly schedule: ScheduleSpec;
  readonly cosines: number;
  /** Logistic classifiers of TRE, and where their waymarks are: even in sigma, as published, or in class. */
  readonly bridges: number;
  readonly waymarks: 'sigma' | 'class';
  /** Noise levels that DiffCLF tells apart at a time. */
  readonly levels: number;
  /** Of the time score in dual score matching, in units of its authors' weight. */
  readonly timeWeight: number;
  /** Nodes of the integral over time, and how far time is stretched towards the data. */
  readonly nodes: number;
  readonly stretch: number;
  /** Antithetic pairs of noise at each level, of the denoiser's integral. */
  readonly pairs: number;
  /** Noise levels at which the contrastive loss takes the integral, of one sample each. */
  readonly contrastiveNodes: number;
}

/** One task: the dimensions of its points, what it learns with, and the stream of noise of methods that draw some. */
export interface RatioProblem {
  readonly dim: number;
  readonly network: RatioNetworkSpec;
  readonly settings: RatioSettings;
  readonly noise: StreamKey;
}

/** Values [count] or [count, dim] of a model at the points x [count, dim] of one class or node. */
export type AtClass = (x: Float32Array, t: number) => Promise<Float32Array>;

/** What a method trains, and how its log ratio is evaluated: [count] of x [count, dim], nats. */
export interface RatioMethod {
  readonly task: TrainingTask;
  /** What candidates of its settings are compared by, on held-out samples, where their own losses differ in kind; else `task`. */
  readonly criterion?: TrainingTask | undefined;
  /** Evaluations of the network, or of it and its gradient, for one log ratio. */
  readonly nfe: number;
  /** The model whose values at a class or node make up the log ratio. */
  readonly model: (weights: Tensors) => (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor;
  readonly logRatio: (model: AtClass, x: Float32Array) => Promise<ArrayLike<number>>;
  readonly note: string;
}

const methods: Readonly<Record<string, (problem: RatioProblem) => RatioMethod>> = {
  cdm,
  nce,
  diffclf,
  tre,
  'dre-infinity': (problem) =>
    isQuadratic(problem.network) ? oneMatrix(problem, 'dre-infinity') : dreInfinity(problem, false),
  'dre-infinity-pathwise': (problem) => dreInfinity(problem, true),
  ctsm,
  'dual-score': dualScore,
  'noise-classifier': (problem) => noiseClassifier(problem, false),
  'noise-classifier-contrastive': (problem) => noiseClassifier(problem, true),
};

/** The method of this name for a problem; an Error that lists the names for any other. */
export function ratioMethod(name: string, problem: RatioProblem): RatioMethod {
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (method === undefined) throw new Error(`No method "${name}": use one of ${Object.keys(methods).join(', ')}`);
  return method(problem);
}

function cdm(problem: RatioProblem): RatioMethod {
  const { schedule, classifier } = classifierOf(problem);
  const task = cdmTask(classifier, schedule, balancedWeights(problem.dim));
  const criterion = allLevels(problem);
  return { ...endLogits(classifier, schedule), task, criterion, note: 'CDM: f[0] - f[T+1]' };
}

/** Noise-contrastive estimation: data against noise, and nothing between. */
function nce(problem: RatioProblem): RatioMethod {
  const { schedule, classifier } = classifierOf(problem);
  const task = telescopeTask(classifier, schedule, waymarks(schedule.T, 1));
  return { ...endLogits(classifier, schedule), task, note: 'NCE: one classifier' };
}

/** Classification of a few noise levels at a time, and denoising (OuYang et al., 2026). */
function diffclf(problem: RatioProblem): RatioMethod {
  const { schedule, classifier } = classifierOf(problem);
  const { levels } = problem.settings;
  const task = fewLevelsTask(classifier, schedule, levels, balancedWeights(problem.dim));
  const note = `DiffCLF: f[0] - f[T+1], classified among ${levels} levels`;
  return { ...endLogits(classifier, schedule), task, criterion: allLevels(problem), note };
}

/** Levels that candidates of a classifier's schedule are judged at, whatever they were trained at: those of the default. */
const REFERENCE: ScheduleSpec = { kind: 'uniform-log-snr', T: 100, sigmaMin: 0.01, logSnrMin: -9 };

/** A CDM's loss at the reference levels, with the logits of a smooth head between the classes it was trained at. */
function allLevels({ dim, network, settings }: RatioProblem): TrainingTask | undefined {
  if ('gaussian' in network) return undefined;
  const [own, reference] = [scheduleFromSpec(settings.schedule), scheduleFromSpec(REFERENCE)];
  const standard = { mean: new Float64Array(dim), variance: 1 };
  const head = smoothHead(reference, standard, settings.cosines, positionsAmong(own, reference));
  return cdmTask(mlpClassifier({ ...network, dim }, head), reference, balancedWeights(dim));
}

/** Telescoping density ratios (Rhodes et al., 2020). */
function tre(problem: RatioProblem): RatioMethod {
  const { dim, network, settings } = problem;
  const { bridges } = settings;
  const note = `TRE: ${bridges} classifiers of neighbours, even in ${settings.waymarks}`;
  if (settings.waymarks === 'class' || 'gaussian' in network) {
    const { schedule, classifier } = classifierOf(problem);
    return {
      ...endLogits(classifier, schedule),
      task: telescopeTask(classifier, schedule, waymarks(schedule.T, bridges)),
      note,
    };
  }
  const own = isQuadratic(network)
    ? quadraticBridges(dim, bridges)
    : featureBridges(mlpFeatures({ ...network, dim }, dim, bridges), bridges);
  return {
    task: bridgesTask(own),
    nfe: 1,
    model: (weights) => (x) => own.total(weights, x as tf.Tensor2D),
    logRatio: (model, x) => model(x, 0),
    note,
  };
}

/** Whether squares are all there is: then the truth is a quadratic form, and a method may have a form of its own. */
const isQuadratic = (network: RatioNetworkSpec): boolean => 'width' in network && network.width === 0;

/** Conditional time score matching (Yu et al., 2025), by dimension. */
function ctsm(problem: RatioProblem): RatioMethod {
  const { dim, network, settings } = problem;
  if (isQuadratic(network)) return oneMatrix(problem, 'ctsm');
  const { cosines, nodes, stretch } = settings;
  // On the line, and with a Gaussian of it, the score has one dimension.
  const scores = 'gaussian' in network ? gaussianScores(dim, cosines, false, stretch) : undefined;
  const vector =
    scores === undefined
      ? featureTimeScore(mlpFeatures({ ...(network as Omit<MlpShape, 'dim'>), dim }, dim, dim * cosines), dim, cosines)
      : {
          parameters: scores.parameters,
          vector: (weights: Tensors, x: tf.Tensor, at: tf.Tensor1D) =>
            tf.expandDims(scores.scores(weights, x, at).time, 1) as tf.Tensor2D,
        };
  const times = Float32Array.from(gaussLegendre(nodes).nodes);
  return {
    task: conditionalTimeScoreTask(vector, stretch),
    nfe: nodes,
    model: (weights) => (x, t) => tf.neg(tf.sum(vector.vector(weights, x, tf.gather(tf.tensor1d(times), t)), 1)),
    logRatio: (model, x) => integrate(nodes, (_time, node) => model(x, node)),
    note: 'CTSM-v: integral of the time score',
  };
}

/** DRE-infinity's published model of correlated pairs, and CTSM's: one matrix, both scores. */
function oneMatrix({ dim, settings: { nodes } }: RatioProblem, method: 'dre-infinity' | 'ctsm'): RatioMethod {
  const times = Float32Array.from(gaussLegendre(nodes).nodes);
  const isDre = method === 'dre-infinity';
  return {
    task: isDre ? covariancePathTask(dim) : conditionalPathTask(dim),
    nfe: nodes,
    model: (weights) => (x, t) => {
      const time = tf.squeeze(tf.gather(tf.tensor1d(times), tf.slice(t, 0, 1) as tf.Tensor1D), [0]) as tf.Scalar;
      return timeScoreAt(weights, x as tf.Tensor2D, time);
    },
    logRatio: (model, x) => integrate(nodes, (_time, node) => model(x, node)),
    note: `${isDre ? 'DRE-infinity, time and data score' : 'CTSM-v, time score'} of one matrix, as published`,
  };
}

/** Dual score matching (Guth et al., 2025): the energy at time 0, one evaluation. */
function dualScore({ dim, network, settings }: RatioProblem): RatioMethod {
  const { cosines, stretch, timeWeight } = settings;
  const own =
    'gaussian' in network
      ? gaussianEnergy(dim, cosines, stretch)
      : featureEnergy(mlpFeatures({ ...network, dim }, dim, cosines), dim, cosines, stretch);
  return {
    task: dualScoreTask(own, stretch, timeWeight / (4 * dim)),
    // Whatever weight it was trained with.
    criterion: dualScoreTask(own, stretch, 1 / (4 * dim)),
    nfe: 1,
    model: (weights) => (x) => own.energy(weights, x, tf.zeros([x.shape[0]!])),
    logRatio: (model, x) => model(x, 0),
    note: 'dual score matching: the energy at time 0',
  };
}

/** The integral of the time score (Choi et al., 2022); `pathwise` takes the data score along a straight path to 0, too. */
function dreInfinity({ dim, network, settings }: RatioProblem, pathwise: boolean): RatioMethod {
  const { cosines, nodes, stretch } = settings;
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

/** The integral of a denoiser's errors (Wu et al., 2024), trained as a denoiser alone or to tell noise levels apart, too. */
function noiseClassifier(problem: RatioProblem, isContrastive: boolean): RatioMethod {
  const { dim, settings, noise } = problem;
  const { pairs, contrastiveNodes } = settings;
  const { schedule, classifier } = classifierOf(problem);
  return {
    task: isContrastive
      ? contrastiveTask(classifier, schedule, contrastiveNodes)
      : cdmTask(classifier, schedule, { ce: 0, mse: dim }),
    nfe: 2 * pairs * schedule.T,
    model: (weights) => cdmDenoiser((x) => classifier.logits(weights, x), schedule),
    logRatio: (model, x) => denoiserLogRatio(model, schedule, x, dim, { pairs, key: noise }),
    note: `the noise classifier of Wu et al. 2024: integral of denoising errors, ${isContrastive ? 'with' : 'without'} their contrastive loss`,
  };
}

/** Without the closed-form Gaussian of the data: every network starts as N(0, I) for every class. */
function classifierOf({ dim, network, settings }: RatioProblem): { schedule: Schedule; classifier: RatioNetwork } {
  const schedule = scheduleFromSpec(settings.schedule);
  if ('gaussian' in network) return { schedule, classifier: gaussianClassifier(dim, schedule, settings.cosines) };
  const standard = { mean: new Float64Array(dim), variance: 1 };
  const head = smoothHead(schedule, standard, settings.cosines);
  return { schedule, classifier: mlpClassifier({ ...network, dim }, head) };
}

/** The log ratio as the difference of the logits of the two ends, f[0] - f[T+1]. */
function endLogits(classifier: RatioNetwork, { T }: Schedule): Pick<RatioMethod, 'nfe' | 'model' | 'logRatio'> {
  return {
    nfe: 1,
    model: (weights) => (x) => {
      const logits = classifier.logits(weights, x);
      return tf.squeeze(tf.sub(tf.slice(logits, [0, 0], [-1, 1]), tf.slice(logits, [0, T + 1], [-1, 1])), [1]);
    },
    logRatio: (model, x) => model(x, 0),
  };
}
