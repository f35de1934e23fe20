// The laws that the benchmark's tasks start from: normal and Student vectors, and a uniform number with additive noise.
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import { digamma, logGamma } from '../statistics/gamma.ts';
import { normals, uniforms } from '../tensor/random.ts';
import type { PairLaw } from './pair.ts';

/** The covariance of (x, y), [dimX + dimY, dimX + dimY]. */
export interface SplitCovariance {
  readonly dimX: number;
  readonly dimY: number;
  readonly covariance: readonly (readonly number[])[];
}

/** All correlations between different coordinates of (x, y) the same. */
export function denseCorrelation(dim: number, correlation = 0.5): SplitCovariance {
  const covariance = square(2 * dim, (i, j) => (i === j ? 1 : correlation));
  return { dimX: dim, dimY: dim, covariance };
}

/** x_i and y_i of the first `pairs` coordinates are correlated; everything else is independent. */
export function pairedCorrelation(dim: number, pairs: number, correlation: number): SplitCovariance {
  const covariance = square(2 * dim, (i, j) =>
    i === j ? 1 : Math.abs(i - j) === dim && Math.min(i, j) < pairs ? correlation : 0,
  );
  return { dimX: dim, dimY: dim, covariance };
}

/** (x, y) ~ N(0, covariance): I = (log det S_x + log det S_y - log det S) / 2. */
export function normalLaw(split: SplitCovariance): PairLaw {
  const { dimX, dimY } = split;
  const sample = normalSampler(split);
  return {
    dimX,
    dimY,
    mutualInformation: gaussianInformation(split),
    sample: (count, key) => separate(sample(count, key), dimX, dimY),
  };
}

/**
 * (x, y) = z / sqrt(chi^2_df / df), z ~ N(0, dispersion): Student's distribution with an integer number of degrees of
 * freedom. Even where the dispersion is the identity x and y depend on each other, by the common denominator:
 *
 *     I = normal part + h(dimX) + h(dimY) - h(dimX + dimY),
 *     h(k) = s (psi(s) - psi(df/2)) - log Gamma(s) + log Gamma(df/2) + k/2 log(df pi),   s = (df + k) / 2
 *
 * the entropies of Student vectors with identity dispersion (Arellano-Valle et al. 2013; Czyz et al. 2023, appendix A).
 */
export function studentLaw(split: SplitCovariance, df: number): PairLaw {
  if (!Number.isInteger(df) || df < 1) throw new RangeError(`studentLaw: df must be a positive integer, got ${df}`);
  const { dimX, dimY } = split;
  const dim = dimX + dimY;
  const sample = normalSampler(split);
  const entropy = (k: number): number => studentEntropy(k, df);
  return {
    dimX,
    dimY,
    mutualInformation: gaussianInformation(split) + entropy(dimX) + entropy(dimY) - entropy(dim),
    sample(count, key) {
      const z = sample(count, key);
      const chi = normals({ ...key, purpose: `${key.purpose}/chi` }, count * df);
      for (let i = 0; i < count; i++) {
        let squares = 0;
        for (let k = 0; k < df; k++) squares += chi[i * df + k]! ** 2;
        const scale = Math.sqrt(df / squares);
        for (let k = 0; k < dim; k++) z[i * dim + k]! *= scale;
      }
      return separate(z, dimX, dimY);
    },
  };
}

/** h(k) above: the entropy of a Student vector in R^k with identity dispersion, nats. */
export function studentEntropy(k: number, df: number): number {
  const s = (df + k) / 2;
  return s * (digamma(s) - digamma(df / 2)) - logGamma(s) + logGamma(df / 2) + (k / 2) * Math.log(df * Math.PI);
}

/** x ~ U(0, 1), y = x + U(-epsilon, epsilon): I = epsilon - log(2 epsilon) up to epsilon = 1/2, 1 / (4 epsilon) above. */
export function additiveNoiseLaw(epsilon: number): PairLaw {
  return {
    dimX: 1,
    dimY: 1,
    mutualInformation: epsilon <= 0.5 ? epsilon - Math.log(2 * epsilon) : 1 / (4 * epsilon),
    sample(count, key) {
      const x = Float64Array.from(uniforms(key, count));
      const noise = uniforms({ ...key, purpose: `${key.purpose}/additive` }, count);
      return { x, y: x.map((value, i) => value + epsilon * (2 * noise[i]! - 1)) };
    },
  };
}

function gaussianInformation({ dimX, dimY, covariance }: SplitCovariance): number {
  const block = (from: number, size: number): number =>
    logDeterminant(covariance.slice(from, from + size).map((row) => row.slice(from, from + size)));
  return (block(0, dimX) + block(dimX, dimY) - block(0, dimX + dimY)) / 2;
}

function logDeterminant(covariance: readonly (readonly number[])[]): number {
  return lowerTriangle(covariance).reduce((sum, row, i) => sum + 2 * Math.log(row[i]!), 0);
}

/** Draws [count, dim] of N(0, covariance). */
function normalSampler({
  covariance,
}: SplitCovariance): (count: number, key: Parameters<PairLaw['sample']>[1]) => Float64Array {
  const dim = covariance.length;
  // Most of it is zeros where few coordinates are correlated.
  const rows = lowerTriangle(covariance).map((row) =>
    row.flatMap((factor, k) => (factor === 0 ? [] : [{ factor, k }])),
  );
  return (count, key) => {
    const z = normals(key, count * dim);
    const result = new Float64Array(count * dim);
    for (let i = 0; i < count; i++) {
      for (const [d, row] of rows.entries()) {
        let sum = 0;
        for (const { factor, k } of row) sum += factor * z[i * dim + k]!;
        result[i * dim + d] = sum;
      }
    }
    return result;
  };
}

/** L with L L^T = covariance. A RangeError where there is none. */
function lowerTriangle(covariance: readonly (readonly number[])[]): number[][] {
  const decomposition = new CholeskyDecomposition(new Matrix(covariance as number[][]));
  if (!decomposition.isPositiveDefinite()) throw new RangeError('A covariance must be positive definite');
  return decomposition.lowerTriangularMatrix.to2DArray();
}

function separate(both: Float64Array, dimX: number, dimY: number): { x: Float64Array; y: Float64Array } {
  const dim = dimX + dimY;
  const count = both.length / dim;
  const x = new Float64Array(count * dimX);
  const y = new Float64Array(count * dimY);
  for (let i = 0; i < count; i++) {
    x.set(both.subarray(i * dim, i * dim + dimX), i * dimX);
    y.set(both.subarray(i * dim + dimX, (i + 1) * dim), i * dimY);
  }
  return { x, y };
}

function square(size: number, entry: (i: number, j: number) => number): number[][] {
  return Array.from({ length: size }, (_, i) => Array.from({ length: size }, (_unused, j) => entry(i, j)));
}
