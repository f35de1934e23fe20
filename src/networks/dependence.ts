// The network of a conditional CDM that tells the noise of y, with and without knowing x: what it adds when it knows x is the
// logarithm of p_t(y | x) / p_t(y), and at t = 0 the mean of that is the mutual information.
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { smoothHead } from './heads.ts';
import { get } from './layers.ts';
import { mlpFeatures } from './mlp.ts';
import type { NoiseLevels } from './network.ts';

export interface DependenceShape {
  readonly dimX: number;
  readonly dimY: number;
  /** Units and residual layers of the two MLPs. */
  readonly width: number;
  readonly depth: number;
  /** Their inputs are multiplied by it, over the square root of dimY: the fewer they are, the finer what they tell apart. */
  readonly inputScale: number;
  /** Squares of linear functions of the inputs, as features beside them (mlp.ts). */
  readonly squares: number;
  /** Cosines in t that the logits are combined of (heads.ts). */
  readonly cosines: number;
}

/** Logits [batch, T+2] of the classes of y [batch, dimY], in two parts that add up. */
export interface DependenceNetwork {
  readonly parameters: readonly Parameter[];
  /** Of y alone; null on the line, where y is standard normal at every level and the logits are zero. */
  readonly marginal: ((weights: Tensors, y: tf.Tensor2D) => tf.Tensor2D) | null;
  /** What knowing x [batch, dimX] adds. */
  readonly dependence: (weights: Tensors, y: tf.Tensor2D, x: tf.Tensor2D) => tf.Tensor2D;
}

/**
 * For x and y in canonical coordinates (information/coordinates.ts), and noise of alpha^2 + sigma^2 = 1. The dependence
 * starts as that of Gaussian pairs with the given correlations, for which
 *
 *     log p_t(y | x) / p_t(y) = sum over i of log N(y_i; alpha rho_i x_i, 1 - alpha^2 rho_i^2) / N(y_i; 0, 1).
 *
 * The MLPs are also given |x|^2 and |y|^2, of which the density of anything elliptical is a function.
 */
export function dependenceNetwork(
  shape: DependenceShape,
  levels: NoiseLevels,
  correlations: ArrayLike<number>,
): DependenceNetwork {
  const { dimX, dimY } = shape;
  const marginal = part('marginal', shape, 2 * dimY + 1, levels);
  const dependence = part('dependence', shape, 2 * dimX + 2 * dimY + 2, levels);
  const isMarginalKnown = dimY === 1;
  return {
    parameters: [...(isMarginalKnown ? [] : marginal.parameters), ...dependence.parameters],
    marginal: isMarginalKnown ? null : (weights, y) => marginal.logits(weights, withNorm(y), y),
    dependence(weights, y, x) {
      const learned = dependence.logits(weights, tf.concat([withNorm(y), withNorm(x)], 1), y);
      return correlations.length === 0 ? learned : tf.add(learned, gaussianDependence(correlations, levels, x, y));
    },
  };
}

interface Part {
  readonly parameters: readonly Parameter[];
  logits(weights: Tensors, inputs: tf.Tensor, y: tf.Tensor2D): tf.Tensor2D;
}

/** An MLP and its head, which is zero at first, with parameters of its own name. */
function part(
  name: string,
  { dimY, width, depth, inputScale, squares, cosines }: DependenceShape,
  inputs: number,
  levels: NoiseLevels,
): Part {
  const head = smoothHead(levels, { mean: new Float32Array(dimY), variance: 1 }, cosines);
  const trunk = mlpFeatures(
    { dim: inputs, width, depth, inputScale: inputScale / Math.sqrt(dimY), squares },
    inputs,
    head.features,
  );
  const parameters = [...trunk.parameters, ...head.parameters];
  const named = (parameter: Parameter): Parameter => ({ ...parameter, name: `${name}/${parameter.name}` });
  return {
    parameters: parameters.map(named),
    logits(weights, values, y) {
      const own = Object.fromEntries(parameters.map((parameter) => [parameter.name, get(weights, named(parameter))]));
      return head.logits(own, trunk.apply(own, values) as tf.Tensor2D, y);
    },
  };
}

/** v, s and s v with s = (|v|^2 - dim) / sqrt(2 dim), of mean 0 and variance 1 where v is standard normal. */
function withNorm(v: tf.Tensor2D): tf.Tensor2D {
  const dim = v.shape[1];
  const s = tf.div(tf.sub(tf.sum(tf.square(v), 1, true), dim), Math.sqrt(2 * dim));
  return tf.concat([v, s, tf.mul(s, v)], 1) as tf.Tensor2D;
}

/** The Gaussian log ratios above [batch, T+2]: a polynomial in y_i^2, x_i y_i and x_i^2, with v = 1 - alpha^2 rho_i^2. */
function gaussianDependence(
  correlations: ArrayLike<number>,
  { alpha }: NoiseLevels,
  x: tf.Tensor2D,
  y: tf.Tensor2D,
): tf.Tensor2D {
  const count = correlations.length;
  const coefficients = (of: (slope: number, variance: number) => number): number[][] =>
    Array.from(correlations, (rho) => Array.from(alpha, (a) => of(a * rho, 1 - (a * rho) ** 2)));
  const first = (v: tf.Tensor2D): tf.Tensor2D => tf.slice(v, [0, 0], [-1, count]);
  const monomials = tf.concat([tf.square(first(y)), tf.mul(first(x), first(y)), tf.square(first(x))], 1) as tf.Tensor2D;
  const matrix = [
    ...coefficients((_, v) => 0.5 * (1 - 1 / v)),
    ...coefficients((slope, v) => slope / v),
    ...coefficients((slope, v) => -(slope ** 2) / (2 * v)),
  ];
  const constants = coefficients((_, v) => -0.5 * Math.log(v));
  const constant = Array.from(alpha, (_, t) => constants.reduce((sum, row) => sum + row[t]!, 0));
  return tf.add(tf.matMul(monomials, tf.tensor2d(matrix)), tf.tensor2d([constant]));
}
