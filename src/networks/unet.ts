// The U-Net of DDPM (Ho et al., 2020), with two ends: the CDM's, which turns an image into logits of the noise level and is
// given no t (Yadin et al., 2024, C.1), and the DDM's, which is given t and predicts the noise. And the CDM's on half of it,
// the "encoder part of the U-Net" that its authors leave to future work.
//
//     conv - blocks - down - blocks - down - … - 2 blocks - … - up - blocks - up - blocks - end
//              \________\_______\__ concatenated with __/______/________/
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { silu, upsample2 } from './layers.ts';
import type { ClassifierNetwork, DenoiserNetwork, Dropout } from './network.ts';
import {
  labelEmbedding,
  logitsEnd,
  parametersOf,
  unetBlocks,
  unetLayers,
  wayDown,
  type LabelEmbedding,
  type UnetLayer,
  type UnetShape,
} from './unet-layers.ts';

export type { UnetShape } from './unet-layers.ts';

/** CIFAR-10's U-Net of DDPM and of the CDM paper: 35 million parameters. */
export const cifarUnet: UnetShape = {
  imageSize: 32,
  inChannels: 3,
  channels: 128,
  mult: [1, 2, 2, 2],
  blocks: 2,
  groups: 32,
  attention: [16],
  dropout: 0.1,
};

/** From x [batch, size, size, inChannels] to an image of `channels` channels, and what of it is dropped in training. */
interface Trunk extends UnetLayer {
  readonly channels: number;
  readonly dropout: Dropout | undefined;
}

/** Norm, SiLU, conv3x3 to twice the channels, mean over the image, linear to what `head` (the paper's: cumsum) takes. */
export function unetClassifier(shape: UnetShape, head: Head): ClassifierNetwork {
  const units = shape.labels === undefined ? 0 : 4 * shape.channels;
  return classifier(shape, unetTrunk(shape, units), head);
}

/** The same end on the way down and the middle alone: an image is never returned to its resolution. */
export function halfUnetClassifier(shape: UnetShape, head: Head): ClassifierNetwork {
  const units = shape.labels === undefined ? 0 : 4 * shape.channels;
  return classifier(shape, halfTrunk(shape, units), head);
}

function classifier(shape: UnetShape, trunk: Trunk, head: Head): ClassifierNetwork {
  const label = labelsOf(shape);
  const end = logitsEnd(shape, trunk.channels, 2 * trunk.channels, head);
  return {
    parameters: parametersOf([trunk, ...(label ? [label] : []), end]),
    labels: shape.labels,
    dropout: trunk.dropout,
    logits(weights, x, given) {
      const embedding = label && silu(label.apply(weights, given));
      return end.logits(weights, trunk.apply(weights, x, embedding, given?.masks), x);
    },
  };
}

/** Norm, SiLU, conv3x3 to the channels of x; sinusoids of t through two linear layers reach every residual block. */
export function unetDenoiser(shape: UnetShape): DenoiserNetwork {
  const units = 4 * shape.channels;
  const { linear, groupNorm, conv2d } = unetLayers(shape);
  const trunk = unetTrunk(shape, units);
  const time = [linear('time/0', shape.channels, units), linear('time/1', units, units)] as const;
  const label = labelsOf(shape);
  const norm = groupNorm('end/norm', trunk.channels);
  const conv = conv2d('end/conv', trunk.channels, shape.inChannels, { init: 'zeros' });
  return {
    parameters: parametersOf([trunk, ...time, ...(label ? [label] : []), norm, conv]),
    labels: shape.labels,
    dropout: trunk.dropout,
    epsilon(weights, x, t, given) {
      const ofTime = time[1].apply(weights, silu(time[0].apply(weights, sinusoids(t, shape.channels))));
      const embedding = label ? tf.add(ofTime, label.apply(weights, given)) : ofTime;
      return conv.apply(weights, silu(norm.apply(weights, trunk.apply(weights, x, silu(embedding), given?.masks))));
    },
  };
}

function labelsOf(shape: UnetShape): LabelEmbedding | undefined {
  const { labels } = shape;
  return labels === undefined ? undefined : labelEmbedding({ ...shape, labels }, 4 * shape.channels);
}

function halfTrunk(shape: UnetShape, units: number): Trunk {
  const blocks = unetBlocks(shape, units);
  const down = wayDown(shape, blocks);
  return {
    channels: down.channels,
    dropout: blocks.dropout,
    parameters: down.parameters,
    apply: (...given) => down.apply(...given).middle,
  };
}

/** To [batch, size, size, channels]. Without an embedding where `units` is 0. */
function unetTrunk(shape: UnetShape, units: number): Trunk {
  const { channels, mult, blocks: count } = shape;
  const blocks = unetBlocks(shape, units);
  const { conv2d } = unetLayers(shape);
  const down = wayDown(shape, blocks);
  const skips = [...down.skips];
  let current = down.channels;
  const up = mult.toReversed().map((multiple, i) => {
    const level = mult.length - 1 - i;
    const layers = Array.from({ length: count + 1 }, (_, k) => {
      const from = current + skips.pop()!;
      current = channels * multiple;
      return blocks.block(`up/${level}/${k}`, level, from, current);
    });
    return { layers, double: level > 0 ? [conv2d(`up/${level}/double`, current, current)] : [] };
  });
  return {
    channels: current,
    dropout: blocks.dropout,
    parameters: parametersOf([down, ...up.flatMap(({ layers, double }) => [...layers, ...double])]),
    apply(weights, x, embedding, masks) {
      const { middle, kept } = down.apply(weights, x, embedding, masks);
      const skipped = [...kept];
      let h = middle;
      for (const { layers, double } of up) {
        for (const layer of layers) h = layer.apply(weights, tf.concat([h, skipped.pop()!], 3), embedding, masks);
        for (const layer of double) h = layer.apply(weights, upsample2(h));
      }
      return h;
    },
  };
}

/** [batch, size]: sines and cosines of t at frequencies from 1 down to 1e-4, as in transformers. */
function sinusoids(t: tf.Tensor1D, size: number): tf.Tensor {
  const half = size / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => Math.exp((-Math.log(1e4) * i) / (half - 1)));
  const phase = tf.mul(tf.reshape(tf.cast(t, 'float32'), [-1, 1]), tf.tensor2d(frequencies, [1, half]));
  return tf.concat([tf.sin(phase), tf.cos(phase)], 1);
}
