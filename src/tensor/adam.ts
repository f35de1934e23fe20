// Adam (Kingma & Ba, ICLR 2015, Algorithm 1 in the more efficient order given at the end of its section 2) on one
// flat parameter vector.
import { tf } from './tf.ts';

export interface AdamOptions {
  /** Decay of the mean of the gradient; default 0.9. */
  readonly beta1?: number;
  /** Decay of the mean of its square; default 0.99. */
  readonly beta2?: number;
  /** Added to the root of the second moment; default 1e-8. */
  readonly epsilon?: number;
}

/** The optimizer's vectors, all [size]; both moments start at zero. */
export interface AdamState {
  readonly parameters: tf.Tensor1D;
  readonly firstMoment: tf.Tensor1D;
  readonly secondMoment: tf.Tensor1D;
}

/** One step against `gradient` [size]; `step` is the number of this step, a float32 scalar that starts at 1. */
export function adamStep(
  state: AdamState,
  gradient: tf.Tensor1D,
  learningRate: tf.Scalar,
  step: tf.Scalar,
  { beta1 = 0.9, beta2 = 0.99, epsilon = 1e-8 }: AdamOptions = {},
): AdamState {
  const firstMoment = tf.add(tf.mul(state.firstMoment, beta1), tf.mul(gradient, 1 - beta1)) as tf.Tensor1D;
  const secondMoment = tf.add(tf.mul(state.secondMoment, beta2), tf.mul(tf.square(gradient), 1 - beta2)) as tf.Tensor1D;
  // The bias corrections stay scalars: lr mHat / (sqrt(vHat) + eps), numerator and denominator times sqrt(1 - beta2^t).
  const secondCorrection = tf.sqrt(tf.sub(1, tf.pow(beta2, step)));
  const rate = tf.div(tf.mul(learningRate, secondCorrection), tf.sub(1, tf.pow(beta1, step)));
  const denominator = tf.add(tf.sqrt(secondMoment), tf.mul(secondCorrection, epsilon));
  const parameters = tf.sub(state.parameters, tf.mul(rate, tf.div(firstMoment, denominator))) as tf.Tensor1D;
  return { parameters, firstMoment, secondMoment };
}
