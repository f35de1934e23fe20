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
