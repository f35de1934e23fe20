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

/**
 * The optimizer's vectors, all [size]. The moments are kept as sums of what decays, sum beta^k g_k and sum beta^k g_k^2, of
 * which the published ones are 1 - beta times: a pass over the parameters less each. Both start at zero.
 */
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
  const firstMoment = tf.add(tf.mul(state.firstMoment, beta1), gradient) as tf.Tensor1D;
  const secondMoment = tf.add(tf.mul(state.secondMoment, beta2), tf.square(gradient)) as tf.Tensor1D;
  // Bias corrections and learning rate stay scalars: lr mHat / (sqrt(vHat) + eps), both times sqrt(secondMoment / vHat).
  const root = tf.sqrt(tf.div(tf.sub(1, tf.pow(beta2, step)), 1 - beta2));
  const rate = tf.mul(tf.div(tf.mul(learningRate, root), tf.sub(1, tf.pow(beta1, step))), 1 - beta1);
  const denominator = tf.add(tf.sqrt(secondMoment), tf.mul(root, epsilon));
  const parameters = tf.sub(state.parameters, tf.mul(rate, tf.div(firstMoment, denominator))) as tf.Tensor1D;
  return { parameters, firstMoment, secondMoment };
}
