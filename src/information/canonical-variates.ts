// Hotelling's canonical variates: linear functions of x and of y, of which only pairs are correlated.
import { EigenvalueDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { covarianceOfSamples } from '../statistics/moments.ts';
import { interleave } from './pair.ts';

export interface CanonicalVariates {
  /** Of the k-th variates of x and of y on the training data, decreasing, [min(dimX, dimY)]. Others are uncorrelated. */
  readonly correlations: Float64Array;
  /** Rows x [count, dimX] to their first `variates` [count, variates]; all of them, if no number is given. */
  readonly ofX: (x: Float64Array, variates?: number) => Float32Array;
  readonly ofY: (y: Float64Array, variates?: number) => Float32Array;
}

/** Of rows x [count, dimX] and y [count, dimY]: on them each variate has variance 1. */
export function canonicalVariates(x: Float64Array, dimX: number, y: Float64Array, dimY: number): CanonicalVariates {
  const covariance = covarianceOfSamples(interleave(x, dimX, y, dimY), dimX + dimY);
  const all = Matrix.from1DArray(dimX + dimY, dimX + dimY, covariance);
  const block = (row: number, rows: number, column: number, columns: number): Matrix =>
    all.subMatrix(row, row + rows - 1, column, column + columns - 1);
  const whiteX = inverseRoot(block(0, dimX, 0, dimX));
  const whiteY = inverseRoot(block(dimX, dimY, dimX, dimY));
  const cross = whiteX.mmul(block(0, dimX, dimX, dimY)).mmul(whiteY.transpose());
  // Filled up with zeros to a square, whose singular vectors are two whole bases.
  const size = Math.max(dimX, dimY);
  const svd = new SingularValueDecomposition(Matrix.zeros(size, size).setSubMatrix(cross, 0, 0));
  const variates = (vectors: Matrix, dim: number, white: Matrix): CanonicalVariates['ofX'] => {
    const map = vectors
      .subMatrix(0, dim - 1, 0, dim - 1)
      .transpose()
      .mmul(white);
    return (rows, count = dim) => linear(map.subMatrix(0, count - 1, 0, dim - 1), rows);
  };
  return {
    correlations: Float64Array.from(svd.diagonal.slice(0, Math.min(dimX, dimY))),
    ofX: variates(svd.leftSingularVectors, dimX, whiteX),
    ofY: variates(svd.rightSingularVectors, dimY, whiteY),
  };
}

/** W with W S W^T = I; where S is singular, directions in which nothing varies stay next to nothing. */
function inverseRoot(covariance: Matrix): Matrix {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  return Matrix.diag(realEigenvalues.map((value) => 1 / Math.sqrt(Math.max(value, 1e-9)))).mmul(
    eigenvectorMatrix.transpose(),
  );
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
