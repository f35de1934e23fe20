// One Gaussian with a diagonal covariance, in the coordinates of some orthonormal basis (mixture.ts).

export interface DiagonalGaussian {
  /** [dim] */
  readonly mean: Float64Array;
  /** [dim], all > 0 */
  readonly variance: Float64Array;
}

/** The law of alpha x0 + sigma eps. */
export function diffuse({ mean, variance }: DiagonalGaussian, alpha: number, sigma: number): DiagonalGaussian {
  return {
    mean: mean.map((m) => alpha * m),
    variance: variance.map((v) => alpha * alpha * v + sigma * sigma),
  };
}

/** The part of the log density that does not depend on x: -1/2 sum log(2 pi variance). */
export function logNormalizer({ variance }: DiagonalGaussian): number {
  let sum = 0;
  for (const v of variance) sum += Math.log(2 * Math.PI * v);
  return -sum / 2;
}

/** -1/2 sum (x - mean)^2 / variance for the vector that begins at `offset`. */
export function logKernel({ mean, variance }: DiagonalGaussian, coordinates: Float64Array, offset: number): number {
  let sum = 0;
  for (let d = 0; d < mean.length; d++) sum += (coordinates[offset + d]! - mean[d]!) ** 2 / variance[d]!;
  return -sum / 2;
}

/** |x_i|^2, [count], of x [count, dim]. */
export function squaredNorms(x: Float32Array, dim: number): Float64Array {
  const sums = new Float64Array(x.length / dim);
  for (let i = 0; i < x.length; i++) sums[Math.floor(i / dim)]! += x[i]! ** 2;
  return sums;
}

/** KL(this || N(0, I)) in nats: for pairs of correlated numbers the mutual information of their halves. */
export function klFromStandardNormal({ mean, variance }: DiagonalGaussian): number {
  let sum = 0;
  for (const [d, v] of variance.entries()) sum += v + mean[d]! ** 2 - 1 - Math.log(v);
  return sum / 2;
}
