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
  // Four samples at a time, as most of the time goes into fetching sums from memory. They are added in the order of the samples.
  const centered = Array.from({ length: 4 }, () => new Float64Array(dim));
  const [p, q, r, s] = centered as [Float64Array, Float64Array, Float64Array, Float64Array];
  for (let first = 0; first < count; first += 4) {
    for (const [k, vector] of centered.entries()) {
      const isThere = first + k < count;
      for (let d = 0; d < dim; d++) vector[d] = isThere ? samples[(first + k) * dim + d]! - mean[d]! : 0;
    }
    for (let i = 0; i < dim; i++) {
      const [pi, qi, ri, si] = [p[i]!, q[i]!, r[i]!, s[i]!];
      for (let j = 0, at = i * dim; j <= i; j++, at++) {
        covariance[at] = covariance[at]! + pi * p[j]! + qi * q[j]! + ri * r[j]! + si * s[j]!;
      }
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
