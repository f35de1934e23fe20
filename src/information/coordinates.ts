// Coordinates that make a dependence easy to learn and leave its mutual information as it is: every coordinate of x and of y
// mapped by itself to N(0, 1), then x and y each mapped linearly so that only pairs of coordinates are correlated. All of it
// is found on training data.
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { covarianceOfSamples } from '../statistics/moments.ts';
import { normalQuantile } from '../tensor/random.ts';
import type { Pairs } from './pair.ts';

/** Pairs in these coordinates, row-major: x [count, dimX] and y [count, dimY]. */
export interface CanonicalPairs {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface CanonicalCoordinates {
  /** Of x_i and y_i on the training data, decreasing, [min(dimX, dimY)]. Other coordinates are uncorrelated. */
  readonly correlations: Float64Array;
  readonly map: (pairs: Pairs) => CanonicalPairs;
}

/** The coordinates of training pairs of these dimensions (Hotelling's canonical correlations, of normal scores). */
export function canonicalCoordinates(training: Pairs, dimX: number, dimY: number): CanonicalCoordinates {
  const scoresX = normalScores(training.x, dimX);
  const scoresY = normalScores(training.y, dimY);
  const [x, y] = [scoresX(training.x), scoresY(training.y)];
  const covariance = covarianceOfSamples(interleave(x, dimX, y, dimY), dimX + dimY);
  const all = Matrix.from1DArray(dimX + dimY, dimX + dimY, covariance);
  const block = (row: number, rows: number, column: number, columns: number): Matrix =>
    all.subMatrix(row, row + rows - 1, column, column + columns - 1);
  const whiteX = inverseRoot(block(0, dimX, 0, dimX));
  const whiteY = inverseRoot(block(dimX, dimY, dimX, dimY));
  const cross = whiteX.mmul(block(0, dimX, dimX, dimY)).mmul(whiteY.transpose());
  // Filled up with zeros to a square, whose singular vectors are two whole bases.
  const size = Math.max(dimX, dimY);
  const padded = Matrix.zeros(size, size).setSubMatrix(cross, 0, 0);
  const svd = new SingularValueDecomposition(padded);
  const rotate = (vectors: Matrix, dim: number, white: Matrix): Matrix =>
    vectors
      .subMatrix(0, dim - 1, 0, dim - 1)
      .transpose()
      .mmul(white);
  const [mapX, mapY] = [rotate(svd.leftSingularVectors, dimX, whiteX), rotate(svd.rightSingularVectors, dimY, whiteY)];
  return {
    correlations: Float64Array.from(svd.diagonal.slice(0, Math.min(dimX, dimY))),
    map: (pairs) => ({ x: linear(mapX, scoresX(pairs.x)), y: linear(mapY, scoresY(pairs.y)) }),
  };
}

/**
 * The mean log of p(x, y) / (p(x) p(y)) of Gaussian pairs with the first `count` of these correlations, over pairs in their
 * coordinates, at each: [pairs], nats. With the copula of a normal law it is the mutual information.
 */
export function gaussianPairLogRatios(
  { x, y }: CanonicalPairs,
  correlations: ArrayLike<number>,
  dimX: number,
  dimY: number,
): Float64Array {
  return Float64Array.from({ length: x.length / dimX }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < correlations.length; k++) {
      const [rho, a, b] = [correlations[k]!, x[i * dimX + k]!, y[i * dimY + k]!];
      const left = 1 - rho ** 2;
      sum += b ** 2 / 2 - (b - rho * a) ** 2 / (2 * left) - Math.log(left) / 2;
    }
    return sum;
  });
}

/**
 * Each coordinate of rows [count, dim] to the normal quantile of its rank among the training values, linear between those
 * of neighbours and constant beyond the last. Equal training values have their middle rank.
 */
export function normalScores(training: Float64Array, dim: number): (rows: Float64Array) => Float64Array {
  const count = training.length / dim;
  const sorted = Array.from({ length: dim }, (_, d) =>
    Float64Array.from({ length: count }, (_unused, i) => training[i * dim + d]!).sort(),
  );
  const scores = Float64Array.from({ length: count }, (_, i) => normalQuantile((i + 0.5) / count - 0.5));
  return (rows) => rows.map((value, k) => interpolate(sorted[k % dim]!, scores, value));
}

/** The piecewise linear function through (knots, values) at a point; knots are not decreasing. */
function interpolate(knots: Float64Array, values: Float64Array, point: number): number {
  const [first, last] = [below(knots, (knot) => knot < point), below(knots, (knot) => knot <= point)];
  // Knots first .. last-1 equal the point.
  if (first < last) return (values[first]! + values[last - 1]!) / 2;
  if (first === 0) return values[0]!;
  if (first === knots.length) return values[first - 1]!;
  const share = (point - knots[first - 1]!) / (knots[first]! - knots[first - 1]!);
  return values[first - 1]! + share * (values[first]! - values[first - 1]!);
}

/** How many knots, from the first on, are such. */
function below(knots: Float64Array, isSuch: (knot: number) => boolean): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSuch(knots[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** W with W S W^T = I. */
function inverseRoot(covariance: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  return Matrix.diag(realEigenvalues.map((value) => 1 / Math.sqrt(value))).mmul(eigenvectorMatrix.transpose());
}

function linear(matrix: Matrix, rows: Float64Array): Float32Array {
  const { rows: images, columns: dim } = matrix;
  const flat = Float64Array.from(matrix.to1DArray());
  const result = new Float32Array((rows.length / dim) * images);
  for (let i = 0; i * dim < rows.length; i++) {
    for (let d = 0; d < images; d++) {
      let sum = 0;
      for (let k = 0; k < dim; k++) sum += flat[d * dim + k]! * rows[i * dim + k]!;
      result[i * images + d] = sum;
    }
  }
  return result;
}

/** Rows of [a, b]. */
export function interleave<T extends Float32Array | Float64Array>(a: T, dimA: number, b: T, dimB: number): T {
  const dim = dimA + dimB;
  const rows = new (a.constructor as new (length: number) => T)((a.length / dimA) * dim);
  for (let i = 0; i * dimA < a.length; i++) {
    rows.set(a.subarray(i * dimA, (i + 1) * dimA), i * dim);
    rows.set(b.subarray(i * dimB, (i + 1) * dimB), i * dim + dimA);
  }
  return rows;
}
