// Heads: from the features a network makes of x to the logits of the classes 0..T+1.
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { get, zeros } from './layers.ts';
import type { NoiseLevels } from './network.ts';

export interface Head {
  /** How many features it takes. */
  readonly features: number;
  readonly parameters: readonly Parameter[];
  /** Logits [batch, T+2] of the features [batch, features] of x [batch, dim]. */
  logits(weights: Tensors, features: tf.Tensor2D, x: tf.Tensor2D): tf.Tensor2D;
}

/** What is known of the data before training: its mean [dim], and its variance around it, averaged over dimensions. */
export interface DataMoments {
  readonly mean: ArrayLike<number>;
  readonly variance: number;
}

/** The paper's head (C.1): T+2 units, of which the logits are the cumulative sum over the classes. */
export function cumsumHead(levels: NoiseLevels, baseline?: DataMoments): Head {
  return {
    features: levels.alpha.length,
    parameters: [],
    logits(_weights, units, x) {
      const logits: tf.Tensor2D = tf.cumsum(units, 1);
      return baseline === undefined ? logits : tf.add(logits, gaussianLogRatios(baseline, levels, x));
    },
  };
}

/**
 * A head that is smooth in t by construction, which is what controls the class t = 0 that no squared error sees:
 *
 *     f(x)[t] = log N(x; alpha_t m, (alpha_t^2 v + sigma_t^2) I) / N(x; 0, I) + alpha_t <features, psi(t)> + <b, psi(t)>
 *
 * with psi_k(t) = cos(pi k t / (T+1)). It starts as the right answer for isotropic Gaussian data of mean m and variance v,
 * and ends, at t = T+1, where data and noise are the same. (Damping by alpha_t gave smaller errors than none or alpha_t^2
 * on two modes in the plane and on ten in R^16.) A bias that is smooth too learns from the samples of all classes
 * together, where one number for each class would keep the noise of its own few.
 */
export function smoothHead(levels: NoiseLevels, moments: DataMoments, cosines: number): Head {
  const classes = levels.alpha.length;
  const bias = zeros('head/bias', cosines);
  const psi = Float32Array.from({ length: cosines * classes }, (_, i) =>
    Math.cos((Math.PI * Math.floor(i / classes) * (i % classes)) / (classes - 1)),
  );
  const damped = psi.map((value, i) => value * levels.alpha[i % classes]!);
  return {
    features: cosines,
    parameters: [bias],
    logits(weights, features, x) {
      const learned = tf.matMul(features, tf.tensor2d(damped, [cosines, classes]));
      const offset = tf.matMul(tf.reshape(get(weights, bias), [1, cosines]), tf.tensor2d(psi, [cosines, classes]));
      return tf.add(tf.add(gaussianLogRatios(moments, levels, x), learned), offset);
    },
  };
}

/**
 * log N(x; alpha_t m, v_t I) - log N(x; 0, I), v_t = alpha_t^2 v + sigma_t^2, for every class t: [batch, T+2] from x
 * [batch, dim]. As a polynomial in x it is |x|^2 (1 - 1/v_t) / 2 + <x, m> alpha_t / v_t - alpha_t^2 |m|^2 / (2 v_t) -
 * dim/2 log v_t.
 */
export function gaussianLogRatios(moments: DataMoments, { alpha, sigma }: NoiseLevels, x: tf.Tensor2D): tf.Tensor2D {
  const mean = Float32Array.from(moments.mean);
  const meanSquare = mean.reduce((sum, value) => sum + value ** 2, 0);
  const dim = mean.length;
  const row = (value: (alpha: number, variance: number) => number): tf.Tensor2D => {
    const values = Float32Array.from(alpha, (a, t) => value(a, a ** 2 * moments.variance + sigma[t]! ** 2));
    return tf.tensor2d(values, [1, values.length]);
  };
  const squares = tf.sum(tf.square(x), 1, true);
  const products = tf.matMul(x, tf.tensor2d(mean, [dim, 1]));
  const quadratic = tf.mul(
    squares,
    row((_, v) => 0.5 * (1 - 1 / v)),
  );
  const linear = tf.mul(
    products,
    row((a, v) => a / v),
  );
  const constant = row((a, v) => -(a ** 2 * meanSquare) / (2 * v) - 0.5 * dim * Math.log(v));
  return tf.add(tf.add(quadratic, linear), constant);
}
