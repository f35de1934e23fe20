// Density ratios by scores: of time, of the data, or both. The log ratio is an integral over time, or an energy.
import { squaredNorms } from '../../src/distributions/gaussian.ts';
import { mlpFeatures, type MlpShape } from '../../src/networks/mlp.ts';
import { conditionalTimeScoreTask, featureTimeScore } from '../../src/ratios/conditional-time-score.ts';
import { conditionalPathTask, covariancePathTask, timeScoreAt } from '../../src/ratios/covariance-path.ts';
import { dualScoreTask, featureEnergy, gaussianEnergy } from '../../src/ratios/energy.ts';
import { gaussianScores } from '../../src/ratios/gaussian-family.ts';
import { gaussLegendre, integrate } from '../../src/ratios/quadrature.ts';
import { descent, scoreNetwork, scoreTask } from '../../src/ratios/time-score.ts';
import type { Tensors } from '../../src/tensor/program.ts';
import { tf } from '../../src/tensor/tf.ts';
import { isQuadratic, type RatioMethod, type RatioProblem } from './ratio-method.ts';

/** Conditional time score matching (Yu et al., 2025), by dimension. */
export function ctsm(problem: RatioProblem): RatioMethod {
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
export function oneMatrix({ dim, settings: { nodes } }: RatioProblem, method: 'dre-infinity' | 'ctsm'): RatioMethod {
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
export function dualScore({ dim, network, settings }: RatioProblem): RatioMethod {
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
export function dreInfinity({ dim, network, settings }: RatioProblem, pathwise: boolean): RatioMethod {
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
