// Features that need no trained weights: a small convolutional network of random weights, averaged over the image. What
// a fixed random network tells apart is coarse, but it is the same for everybody and can be had without a download.
import { conv2d } from '../networks/layers.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';

/** Channels of the two layers; each gives its mean over the image and the mean of its squares. */
const CHANNELS = [16, 32] as const;

export interface FeatureNetwork {
  readonly parameters: readonly Parameter[];
  /** Features [batch, dim] of images [batch, h, w, c]. */
  features(weights: Tensors, x: tf.Tensor): tf.Tensor;
}

/** Two convolutions with ReLU, the second at half the resolution; `initialize` draws the weights. */
export function randomFeatureNetwork(inChannels: number): FeatureNetwork {
  const first = conv2d('features/0', inChannels, CHANNELS[0], { init: 'fan-in' });
  const second = conv2d('features/1', CHANNELS[0], CHANNELS[1], { stride: 2, init: 'fan-in' });
  return {
    parameters: [...first.parameters, ...second.parameters],
    features(weights, x) {
      const h = tf.relu(first.apply(weights, x));
      const g = tf.relu(second.apply(weights, h));
      return tf.concat(
        [h, g].flatMap((maps) => [tf.mean(maps, [1, 2]), tf.mean(tf.square(maps), [1, 2])]),
        1,
      );
    },
  };
}
