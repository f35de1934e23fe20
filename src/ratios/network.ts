// The network that the methods share, so that they differ in nothing but what they are trained for.
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import type { tf } from '../tensor/tf.ts';

/** Energies of the classes 0..T+1: logits [batch, T+2] of x [batch, dim]. */
export interface RatioNetwork {
  readonly parameters: readonly Parameter[];
  logits(weights: Tensors, x: tf.Tensor): tf.Tensor2D;
}

/** The features [batch, features] that a head combines, of x [batch, dim]. */
export interface FeatureNetwork {
  readonly parameters: readonly Parameter[];
  apply(weights: Tensors, x: tf.Tensor): tf.Tensor;
}
