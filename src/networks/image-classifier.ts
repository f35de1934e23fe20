// A classifier of images as they are, without noise: what they are of.
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { conv2d, groupNorm, linear, silu } from './layers.ts';

export interface ImageClassifier {
  readonly parameters: readonly Parameter[];
  readonly labels: number;
  /** How many features there are. */
  readonly width: number;
  /** What the last layer sees of images [batch, h, w, c]: [batch, width]. */
  features(weights: Tensors, x: tf.Tensor): tf.Tensor2D;
  /** [batch, labels] of features [batch, width]. */
  logitsOf(weights: Tensors, features: tf.Tensor2D): tf.Tensor2D;
  /** [batch, labels] of images [batch, h, w, c]. */
  logits(weights: Tensors, x: tf.Tensor): tf.Tensor2D;
}

/** Three times conv3x3, norm and SiLU, each from the second on at half the resolution and twice the channels; mean, linear. */
export function imageClassifier(inChannels: number, channels: number, labels: number): ImageClassifier {
  const blocks = [1, 2, 4].map((multiple, i) => {
    const [from, to] = [i === 0 ? inChannels : (channels * multiple) / 2, channels * multiple];
    const stride = i === 0 ? 1 : 2;
    return [conv2d(`${i}/conv`, from, to, { stride }), groupNorm(`${i}/norm`, to, channels / 4)] as const;
  });
  const end = linear('end', 4 * channels, labels, 'zeros');
  const features = (weights: Tensors, x: tf.Tensor): tf.Tensor2D => {
    const h = blocks.reduce((value, [conv, norm]) => silu(norm.apply(weights, conv.apply(weights, value))), x);
    return tf.mean(h, [1, 2]);
  };
  const logitsOf = (weights: Tensors, seen: tf.Tensor2D): tf.Tensor2D => end.apply(weights, seen) as tf.Tensor2D;
  return {
    labels,
    width: 4 * channels,
    parameters: [...blocks.flat(), end].flatMap(({ parameters }) => parameters),
    features,
    logitsOf,
    logits: (weights, x) => logitsOf(weights, features(weights, x)),
  };
}
