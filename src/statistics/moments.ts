// Mean and variance of vectors.

/** Mean [dim] of samples [n, dim], and their variance around it averaged over dimensions. */
export function momentsOfSamples(samples: ArrayLike<number>, dim: number): { mean: number[]; variance: number } {
  const count = samples.length / dim;
  const sum = new Float64Array(dim);
  const squares = new Float64Array(dim);
  for (let i = 0; i < samples.length; i++) {
    sum[i % dim]! += samples[i]!;
    squares[i % dim]! += samples[i]! ** 2;
  }
  const mean = Array.from(sum, (value) => value / count);
  return { mean, variance: mean.reduce((total, value, d) => total + squares[d]! / count - value ** 2, 0) / dim };
}

/** Covariance [dim, dim] of samples [n, dim] around their mean, row-major, symmetric to the last bit. */
export function covarianceOfSamples(samples: ArrayLike<number>, dim: number): Float64Array {
  const count = samples.length / dim;
  const { mean } = momentsOfSamples(samples, dim);
  const covariance = new Float64Array(dim * dim);
  const centered = new Float64Array(dim);
  for (let begin = 0; begin < samples.length; begin += dim) {
    for (let d = 0; d < dim; d++) centered[d] = samples[begin + d]! - mean[d]!;
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j <= i; j++) covariance[i * dim + j]! += centered[i]! * centered[j]!;
    }
  }
  for (let i = 0; i < dim; i++) {
    for (let j = 0; j <= i; j++) {
      covariance[i * dim + j]! /= count;
      covariance[j * dim + i] = covariance[i * dim + j]!;
    }
  }
  return covariance;
}
