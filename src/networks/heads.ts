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
export function smoothHead(
  levels: NoiseLevels,
  moments: DataMoments,
  cosines: number,
  /** t / (T+1) of each level; elsewhere where the levels are not those that it was trained at. */
  positions: ArrayLike<number> = Array.from(levels.alpha, (_, t) => t / (levels.alpha.length - 1)),
): Head {
  const classes = levels.alpha.length;
  const bias = zeros('head/bias', cosines);
  const psi = Float32Array.from({ length: cosines * classes }, (_, i) =>
    Math.cos(Math.PI * Math.floor(i / classes) * positions[i % classes]!),
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

/** A Gaussian whose variance is `rest` but along the orthonormal columns of `basis` [dim, count], where it is `variances`. */
export interface PrincipalGaussian {
  readonly mean: ArrayLike<number>;
  /** Row-major. */
  readonly basis: Float32Array;
  readonly variances: Float32Array;
  readonly rest: number;
}

/**
 * A head for data with correlations, its units in the unit of a score:
 *
 *     f(x)[t] = log N(x; alpha_t m, alpha_t^2 C + sigma_t^2 I) / N(x; 0, I) + b_t + units_t / sigma_t,   t <= T,
 *
 * and f[T+1] = b_{T+1}. It starts as the best linear denoiser. A noise estimate is sigma_t times the gradient of a logit: with
 * units divided by sigma_t their gradients are as large as noise at every level, where they would have to differ a
 * hundredfold. b is a cumulative sum, as in the paper's head; sigma_0 counts as sigma_1.
 */
export function scaledHead(levels: NoiseLevels, baseline: PrincipalGaussian): Head {
  const classes = levels.alpha.length;
  const bias = zeros('head/bias', classes);
  const scales = Float32Array.from(levels.sigma, (sigma, t) =>
    t === classes - 1 ? 0 : 1 / Math.max(sigma, levels.sigma[1]!),
  );
  return {
    features: classes,
    parameters: [bias],
    logits(weights, units, x) {
      const offset = tf.cumsum(tf.reshape(get(weights, bias), [1, classes]), 1);
      const learned = tf.add(tf.mul(units, tf.tensor2d(scales, [1, classes])), offset);
      return tf.add(principalLogRatios(baseline, levels, x), learned);
    },
  };
}

/**
 * log N(x; alpha_t m, C_t) - log N(x; 0, I), C_t = alpha_t^2 C + sigma_t^2 I, for every class t: [batch, T+2] from x [batch,
 * dim]. That of the isotropic Gaussian of variance `rest`, and for each principal direction the difference of its own.
 */
export function principalLogRatios(
  { mean, basis, variances, rest }: PrincipalGaussian,
  levels: NoiseLevels,
  x: tf.Tensor2D,
): tf.Tensor2D {
  const { alpha, sigma } = levels;
  const [dim, count, classes] = [mean.length, variances.length, alpha.length];
  const means = Float64Array.from({ length: count }, (_, k) => {
    let sum = 0;
    for (let d = 0; d < dim; d++) sum += basis[d * count + k]! * mean[d]!;
    return sum;
  });
  const quadratic = new Float32Array(count * classes);
  const linear = new Float32Array(count * classes);
  const constant = new Float32Array(classes);
  for (let t = 0; t < classes; t++) {
    const [a, noise] = [alpha[t]!, sigma[t]! ** 2];
    const isotropic = a ** 2 * rest + noise;
    let sum = 0;
    for (let k = 0; k < count; k++) {
      const own = a ** 2 * variances[k]! + noise;
      const difference = 1 / isotropic - 1 / own;
      quadratic[k * classes + t] = difference / 2;
      linear[k * classes + t] = -a * means[k]! * difference;
      sum += ((a * means[k]!) ** 2 * difference - Math.log(own / isotropic)) / 2;
    }
    constant[t] = sum;
  }
  const y = tf.matMul(x, tf.tensor2d(basis, [dim, count]));
  const principal = tf.add(
    tf.add(
      tf.matMul(tf.square(y), tf.tensor2d(quadratic, [count, classes])),
      tf.matMul(y, tf.tensor2d(linear, [count, classes])),
    ),
    tf.tensor2d(constant, [1, classes]),
  );
  return tf.add(gaussianLogRatios({ mean, variance: rest }, levels, x), principal);
}
