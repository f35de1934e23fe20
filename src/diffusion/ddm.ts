// Denoising diffusion models (Ho et al., 2020), the baseline: a network that is given t and predicts the noise.
import { tf } from '../tensor/tf.ts';

/** E[eps | x_t = x] of x [batch, ...] at the classes t (int32 [batch], 1..T), shaped like x. */
export type Denoiser = (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor;

/**
 * Classifier-free guidance (Ho and Salimans, 2022): (1 + w) epsilonHat(x, t | class) - w epsilonHat(x, t), which is
 * -sigma_t times the score of p_t(x | class) (p_t(x | class) / p_t(x))^w. At w = 0 the conditional model alone.
 */
export function guided(conditional: Denoiser, unconditional: Denoiser, w: number): Denoiser {
  return (x, t) => tf.sub(tf.mul(1 + w, conditional(x, t)), tf.mul(w, unconditional(x, t)));
}

/** The lowest and the highest value of clean samples. */
export type ValueRange = readonly [low: number, high: number];

/**
 * The noise estimate whose image, x_0 = (x - sigma epsilonHat) / alpha, is held within the range of clean samples ("clip_denoised"
 * in the code of Ho et al., 2020). The mean of clean samples lies there, so none of its values gets farther from the truth. x is
 * [batch, ...], alpha and sigma [batch].
 */
export function withinRange(
  [low, high]: ValueRange,
  epsilonHat: tf.Tensor,
  x: tf.Tensor,
  alpha: tf.Tensor1D,
  sigma: tf.Tensor1D,
): tf.Tensor {
  const perSample = (values: tf.Tensor1D): tf.Tensor =>
    tf.reshape(values, [-1, ...new Array<number>(x.rank - 1).fill(1)]);
  const image = tf.div(tf.sub(x, tf.mul(perSample(sigma), epsilonHat)), perSample(alpha));
  // What sticks out, in units of the noise: where nothing does, the estimate stays what it is, bit for bit.
  const excess = tf.sub(image, tf.clipByValue(image, low, high));
  return tf.add(epsilonHat, tf.mul(perSample(tf.div(alpha, sigma)), excess));
}
