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
