// A classifier of images whose pixels are independent: one perceptron for every pixel, summed over them. The log density of a
// product is such a sum, and every image is as many samples of it as it has pixels. The sum is divided by the square root of
// their number, which leaves a step of the optimizer as large as for other networks.
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { mlpFeatures, type MlpShape } from './mlp.ts';
import type { ClassifierNetwork } from './network.ts';

export interface PixelsShape extends Omit<MlpShape, 'dim'> {
  /** Height and width. */
  readonly imageSize: number;
  readonly inChannels: number;
}

/** Logits of x [batch, h, w, c] from the sum over pixels, by `imageSize`, of what the perceptron makes of their channels. */
export function pixelsClassifier(shape: PixelsShape, head: Head): ClassifierNetwork {
  const { imageSize, inChannels } = shape;
  const pixel = mlpFeatures({ ...shape, dim: inChannels }, inChannels, head.features);
  return {
    parameters: [...pixel.parameters, ...head.parameters],
    logits(weights, x) {
      const features = pixel.apply(weights, tf.reshape(x, [-1, inChannels]));
      const sums = tf.div(tf.sum(tf.reshape(features, [-1, imageSize ** 2, head.features]), 1), imageSize);
      return head.logits(weights, sums as tf.Tensor2D, tf.reshape(x, [-1, imageSize ** 2 * inChannels]) as tf.Tensor2D);
    },
  };
}
