// A classifier of images as they are, without noise: what they are of.
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { conv2d, groupNorm, linear, silu } from './layers.ts';

export interface ImageClassifier {
  readonly parameters: readonly Parameter[];
  readonly labels: number;
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
  return {
    labels,
    parameters: [...blocks.flat(), end].flatMap(({ parameters }) => parameters),
    logits(weights, x) {
      const h = blocks.reduce((value, [conv, norm]) => silu(norm.apply(weights, conv.apply(weights, value))), x);
      return end.apply(weights, tf.mean(h, [1, 2])) as tf.Tensor2D;
    },
  };
}
