// How far a vector is from where vectors of one law lie, in units of their own spread.
import { covarianceOfSamples, momentsOfSamples } from './moments.ts';

/**
 * The squared Mahalanobis distance (x - m)' (S + r I)^-1 (x - m) of vectors x [count, dim] to the mean m and covariance S of
 * `samples` [n, dim]. `ridge` = r / mean variance keeps directions in which samples hardly differ, where S is rounding, from
 * deciding; with 0 the mean distance of the samples themselves is `dim`. A RangeError where S + r I is not positive definite.
 */
export function mahalanobis(
  samples: ArrayLike<number>,
  dim: number,
  ridge: number,
): (x: ArrayLike<number>) => Float64Array {
  const { mean } = momentsOfSamples(samples, dim);
  const covariance = covarianceOfSamples(samples, dim);
  const trace = mean.reduce((sum, _, i) => sum + covariance[i * (dim + 1)]!, 0);
  for (let i = 0; i < dim; i++) covariance[i * (dim + 1)]! += (ridge * trace) / dim;
  const factor = choleskyFactor(covariance, dim);
  return (x) =>
    Float64Array.from({ length: x.length / dim }, (_, k) => {
      // |L^-1 (x - m)|^2 by forward substitution.
      const y = new Float64Array(dim);
      let distance = 0;
      for (let i = 0; i < dim; i++) {
        let value = x[k * dim + i]! - mean[i]!;
        for (let j = 0; j < i; j++) value -= factor[i * dim + j]! * y[j]!;
        y[i] = value / factor[i * (dim + 1)]!;
        distance += y[i]! ** 2;
      }
      return distance;
    });
}

/** L [dim, dim], lower triangular, with L L' the symmetric `matrix`. */
function choleskyFactor(matrix: Float64Array, dim: number): Float64Array {
  const factor = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i * dim + j]!;
      for (let k = 0; k < j; k++) value -= factor[i * dim + k]! * factor[j * dim + k]!;
      if (i !== j) factor[i * dim + j] = value / factor[j * (dim + 1)]!;
      else if (value > 0) factor[i * dim + i] = Math.sqrt(value);
      else throw new RangeError(`The covariance of ${dim} dimensions is not positive definite: give it a larger ridge`);
    }
  }
  return factor;
}
