// What a network is to the rest: named parameters and a pure function of (weights, input).
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import type { tf } from '../tensor/tf.ts';

/** What a network is given besides the image and its noise level. */
export interface Conditions {
  /** What each image is of, int32 [batch], for a network with `labels`; its number of labels stands for "not known". */
  readonly label?: tf.Tensor1D;
  /** [batch, dropout.size], in training only: 0 where a unit is dropped, else 1 / (1 - rate). */
  readonly masks?: tf.Tensor2D;
}

/** How many units of a sample are dropped in training, and how often. */
export interface Dropout {
  readonly size: number;
  readonly rate: number;
}

interface Network {
  readonly parameters: readonly Parameter[];
  /** How many labels a conditional network knows; absent without. */
  readonly labels?: number | undefined;
  /** Absent where nothing is ever dropped. */
  readonly dropout?: Dropout | undefined;
}

/** Tells the noise level: logits [batch, T+2] of x [batch, dim] or [batch, height, width, channels]. */
export interface ClassifierNetwork extends Network {
  logits(weights: Tensors, x: tf.Tensor, given?: Conditions): tf.Tensor2D;
}

/** Predicts the noise in x at the classes t (int32 [batch]), shaped like x. */
export interface DenoiserNetwork extends Network {
  epsilon(weights: Tensors, x: tf.Tensor, t: tf.Tensor1D, given?: Conditions): tf.Tensor;
}

/** alpha and sigma of the classes 0..T+1 (a Schedule, of which networks need no more). */
export interface NoiseLevels {
  readonly alpha: Float64Array;
  readonly sigma: Float64Array;
}
