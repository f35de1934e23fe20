// The forward process x_t = alpha_t x_0 + sigma_t eps, with a class t for each sample.
import { tf } from '../tensor/tf.ts';
import type { Schedule } from './schedule.ts';

/** Noises `x0` and `epsilon` [batch, ...] to the classes `t` (int32 [batch]). */
export function diffuse(schedule: Schedule, x0: tf.Tensor, epsilon: tf.Tensor, t: tf.Tensor1D): tf.Tensor {
  const alpha = levelsOf(schedule.alpha, t, x0.rank);
  const sigma = levelsOf(schedule.sigma, t, x0.rank);
  return tf.add(tf.mul(alpha, x0), tf.mul(sigma, epsilon));
}

/** The values of the classes `t` as [batch, 1, ...], to be broadcast over samples of `rank`. */
export function levelsOf(values: Float64Array, t: tf.Tensor1D, rank: number): tf.Tensor {
  const shape = [t.shape[0], ...new Array<number>(rank - 1).fill(1)];
  return tf.reshape(tf.gather(tf.tensor1d(Float32Array.from(values)), t), shape);
}
