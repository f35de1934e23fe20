// What a network is to the rest: named parameters and a pure function of (weights, input).
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import type { tf } from '../tensor/tf.ts';

/** Tells the noise level: logits [batch, T+2] of x [batch, dim] or [batch, height, width, channels]. */
export interface ClassifierNetwork {
  readonly parameters: readonly Parameter[];
  logits(weights: Tensors, x: tf.Tensor): tf.Tensor2D;
}

/** Predicts the noise in x at the classes t (int32 [batch]), shaped like x. */
export interface DenoiserNetwork {
  readonly parameters: readonly Parameter[];
  epsilon(weights: Tensors, x: tf.Tensor, t: tf.Tensor1D): tf.Tensor;
}

/** alpha and sigma of the classes 0..T+1 (a Schedule, of which networks need no more). */
export interface NoiseLevels {
  readonly alpha: Float64Array;
  readonly sigma: Float64Array;
}
