// Exponential moving average of the parameters: the weights that are evaluated and sampled from.
import { tf } from './tf.ts';

/**
 * decay * average + (1 - decay) * value, both [size]; `decay` is a float32 scalar in [0, 1]. At 0 the result is the
 * value to the bit (as during a warm-up); an average that equals the value stays put.
 */
export function emaStep(average: tf.Tensor1D, value: tf.Tensor1D, decay: tf.Scalar): tf.Tensor1D {
  return tf.add(value, tf.mul(decay, tf.sub(average, value))) as tf.Tensor1D;
}
