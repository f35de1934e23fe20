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

/** At which a classifier stops to halve its images, if it has halved them twice: what an image is of, all of its parts say. */
const LAST_SIDE = 4;

/**
 * Conv3x3, norm and SiLU, at least three times, each from the second on at half the resolution and twice the channels, until
 * images are of 4x4; mean, linear. The images are squares of `size`.
 */
export function imageClassifier(size: number, inChannels: number, channels: number, labels: number): ImageClassifier {
  const halvings = Math.max(2, Math.ceil(Math.log2(size / LAST_SIDE)));
  const blocks = Array.from({ length: halvings + 1 }, (_, i) => {
    const to = channels * 2 ** i;
    const [from, stride] = i === 0 ? [inChannels, 1] : [to / 2, 2];
    return [conv2d(`${i}/conv`, from, to, { stride }), groupNorm(`${i}/norm`, to, channels / 4)] as const;
  });
  const width = channels * 2 ** halvings;
  const end = linear('end', width, labels, 'zeros');
  const features = (weights: Tensors, x: tf.Tensor): tf.Tensor2D => {
    const h = blocks.reduce((value, [conv, norm]) => silu(norm.apply(weights, conv.apply(weights, value))), x);
    return tf.mean(h, [1, 2]);
  };
  const logitsOf = (weights: Tensors, seen: tf.Tensor2D): tf.Tensor2D => end.apply(weights, seen) as tf.Tensor2D;
  return {
    labels,
    width,
    parameters: [...blocks.flat(), end].flatMap(({ parameters }) => parameters),
    features,
    logitsOf,
    logits: (weights, x) => logitsOf(weights, features(weights, x)),
  };
}
