// Denoising diffusion models (Ho et al., 2020), the baseline: a network that is given t and predicts the noise.
import type { tf } from '../tensor/tf.ts';

/** E[eps | x_t = x] of x [batch, ...] at the classes t (int32 [batch], 1..T), shaped like x. */
export type Denoiser = (x: tf.Tensor, t: tf.Tensor1D) => tf.Tensor;
