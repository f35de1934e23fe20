// Gaussians of any covariance, such as that of a data set (Yadin et al., 2024, appendix D).
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import { matrixBasis } from './basis.ts';
import { GaussianMixture } from './mixture.ts';

/**
 * N(mean, covariance), with a symmetric positive definite covariance [dim, dim], row-major. A RangeError where it is not.
 * The basis is that of its eigenvectors.
 */
export function gaussianWithCovariance(covariance: Float64Array, mean?: ArrayLike<number>): GaussianMixture {
  const dim = Math.sqrt(covariance.length);
  if (!Number.isInteger(dim)) throw new RangeError(`A covariance of ${covariance.length} numbers is not square`);
  const matrix = Matrix.from1DArray(dim, dim, covariance);
  if (!matrix.isSymmetric()) throw new RangeError('A covariance must be symmetric');
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  const basis = matrixBasis(Float64Array.from(eigenvectorMatrix.to1DArray()));
  return new GaussianMixture(basis, [
    {
      weight: 1,
      mean: basis.coordinates(mean ?? new Float64Array(dim)),
      variance: Float64Array.from(realEigenvalues),
    },
  ]);
}

/** The covariance sqrt(1 - gamma) S + sqrt(gamma) I of appendix D, [dim, dim]: S of the data, made invertible. */
export function blendWithIdentity(covariance: Float64Array, gamma: number): Float64Array {
  if (!(gamma >= 0 && gamma <= 1)) throw new RangeError(`gamma must be in [0, 1], got ${gamma}`);
  const dim = Math.sqrt(covariance.length);
  return covariance.map((value, i) => Math.sqrt(1 - gamma) * value + (i % (dim + 1) === 0 ? Math.sqrt(gamma) : 0));
}
