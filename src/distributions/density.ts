// What every law with a closed form offers: the ground truth that learned densities and denoisers are compared with.
import type { StreamKey } from '../tensor/random.ts';

/** The law of a vector in R^dim. Batches are row-major, [count, dim]; logarithms are natural. */
export interface Density {
  readonly dim: number;
  /** `count` independent vectors [count, dim]; vector k depends only on (key, k). */
  sample(count: number, key: StreamKey): Float32Array;
  /** Log density at each vector, [count], in nats. */
  logProb(x: ArrayLike<number>): Float64Array;
  /** The law of alpha x0 + sigma eps, for x0 from this law and eps ~ N(0, I). */
  at(alpha: number, sigma: number): Density;
  /** E[eps | alpha x0 + sigma eps = x], [count, dim]: the denoiser that no network can beat. */
  posteriorNoise(x: ArrayLike<number>, alpha: number, sigma: number): Float64Array;
}
