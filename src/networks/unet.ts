// The U-Net of DDPM (Ho et al., 2020), with two ends: the CDM's, which turns an image into logits of the noise level and is
// given no t (Yadin et al., 2024, C.1), and the DDM's, which is given t and predicts the noise.
//
//     conv - blocks - down - blocks - down - … - 2 blocks - … - up - blocks - up - blocks - end
//              \________\_______\__ concatenated with __/______/________/
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { attention, conv2d, get, groupNorm, linear, silu, upsample2, type Layer } from './layers.ts';
import type { ClassifierNetwork, Conditions, DenoiserNetwork, Dropout } from './network.ts';

export interface UnetShape {
  /** Height and width; divisible by 2 once for every step down. */
  readonly imageSize: number;
  readonly inChannels: number;
  /** Channels at full resolution, times `mult[0]`. */
  readonly channels: number;
  /** For each resolution, its channels as a multiple of `channels`. */
  readonly mult: readonly number[];
  /** Residual blocks at each resolution on the way down; one more on the way up. */
  readonly blocks: number;
  /** Groups of the group norms; divides every number of channels. */
  readonly groups: number;
  /** Heights at which every block is followed by self-attention, as the middle then is; default none, DDPM's [16]. */
  readonly attention?: readonly number[];
  /** Share of the units that training drops in every block; default 0. */
  readonly dropout?: number;
  /** What images can be of, for conditional models; default none. */
  readonly labels?: number;
}

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

/**
 * Norm, SiLU, conv3x3 to twice the channels, mean over the image, linear to what `head` (the paper's: cumsum) takes. The
 * mean is multiplied by the square root of the number of pixels: a log density grows with the image, a mean does not, and
 * short trainings are spent on making up for it.
 */
export function unetClassifier(shape: UnetShape, head: Head): ClassifierNetwork {
  const label = shape.labels === undefined ? undefined : labelEmbedding(shape.labels, 4 * shape.channels);
  const trunk = unetTrunk(shape, label === undefined ? 0 : 4 * shape.channels);
  const norm = groupNorm('end/norm', trunk.channels, shape.groups);
  const conv = conv2d('end/conv', trunk.channels, 2 * trunk.channels);
  const units = linear('end/linear', 2 * trunk.channels, head.features, 'zeros');
  return {
    parameters: [
      ...trunk.parameters,
      ...parametersOf([...(label ? [label] : []), norm, conv, units]),
      ...head.parameters,
    ],
    labels: shape.labels,
    dropout: trunk.dropout,
    logits(weights, x, given) {
      const embedding = label && silu(label.apply(weights, given));
      const features = conv.apply(weights, silu(norm.apply(weights, trunk.apply(weights, x, embedding, given?.masks))));
      const flat = tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
      return head.logits(
        weights,
        units.apply(weights, tf.mul(tf.mean(features, [1, 2]), shape.imageSize)) as tf.Tensor2D,
        flat,
      );
    },
  };
}

/** Norm, SiLU, conv3x3 to the channels of x; sinusoids of t through two linear layers reach every residual block. */
export function unetDenoiser(shape: UnetShape): DenoiserNetwork {
  const units = 4 * shape.channels;
  const trunk = unetTrunk(shape, units);
  const time = [linear('time/0', shape.channels, units), linear('time/1', units, units)] as const;
  const label = shape.labels === undefined ? undefined : labelEmbedding(shape.labels, units);
  const norm = groupNorm('end/norm', trunk.channels, shape.groups);
  const conv = conv2d('end/conv', trunk.channels, shape.inChannels, { init: 'zeros' });
  return {
    parameters: [...trunk.parameters, ...parametersOf([...time, ...(label ? [label] : []), norm, conv])],
    labels: shape.labels,
    dropout: trunk.dropout,
    epsilon(weights, x, t, given) {
      const ofTime = time[1].apply(weights, silu(time[0].apply(weights, sinusoids(t, shape.channels))));
      const embedding = label ? tf.add(ofTime, label.apply(weights, given)) : ofTime;
      return conv.apply(weights, silu(norm.apply(weights, trunk.apply(weights, x, silu(embedding), given?.masks))));
    },
  };
}

/** A vector [batch, units] for each label, the last one for "not known". */
function labelEmbedding(
  labels: number,
  units: number,
): {
  parameters: Layer['parameters'];
  apply(weights: Tensors, given?: Conditions): tf.Tensor;
} {
  const table: Parameter = { name: 'label', shape: [labels + 1, units], init: { kind: 'normal', std: 1 } };
  return {
    parameters: [table],
    apply(weights, given) {
      if (given?.label === undefined) throw new Error('A conditional U-Net needs the label of each image');
      const rows = tf.oneHot(given.label, labels + 1, 1, 0, 'float32') as tf.Tensor2D;
      return tf.matMul(rows, get(weights, table) as tf.Tensor2D);
    },
  };
}

/** A function of an image, of an embedding [batch, units] of t or of the label where there is one, and of dropout masks. */
interface UnetLayer extends Layer {
  apply(weights: Tensors, x: tf.Tensor, embedding?: tf.Tensor, masks?: tf.Tensor2D): tf.Tensor;
}

/** From x [batch, size, size, inChannels] to [batch, size, size, channels]. Without an embedding where `units` is 0. */
function unetTrunk(
  shape: UnetShape,
  units: number,
): UnetLayer & { readonly channels: number; readonly dropout: Dropout | undefined } {
  const { imageSize, inChannels, channels, mult, blocks, groups, dropout: rate = 0 } = shape;
  const last = mult.length - 1;
  if (imageSize % 2 ** last !== 0) {
    throw new RangeError(`An image of size ${imageSize} cannot be halved ${last} times: change its size or mult`);
  }
  const attends = shape.attention ?? [];
  const strange = attends.find((size) => !mult.some((_, level) => imageSize / 2 ** level === size));
  if (strange !== undefined) throw new RangeError(`No level of the U-Net has the height ${strange} of its attention`);

  const dropout = { rate, size: 0 };
  const residual = (name: string, level: number, from: number, to: number): UnetLayer => {
    const drop = rate === 0 ? undefined : dropLayer(dropout.size, imageSize / 2 ** level, to);
    dropout.size += drop?.size ?? 0;
    return residualBlock(name, from, to, groups, units, drop);
  };
  const block = (name: string, level: number, from: number, to: number): UnetLayer => {
    const made = residual(name, level, from, to);
    return attends.includes(imageSize / 2 ** level) ? chain(made, attention(`${name}/attention`, to, groups)) : made;
  };

  const first = conv2d('in', inChannels, channels);
  let current = channels;
  const skips = [channels];
  const down = mult.flatMap((multiple, level) => {
    const layers = Array.from({ length: blocks }, (_, i): UnetLayer => {
      const from = current;
      current = channels * multiple;
      skips.push(current);
      return block(`down/${level}/${i}`, level, from, current);
    });
    if (level < last) {
      skips.push(current);
      layers.push(conv2d(`down/${level}/half`, current, current, { stride: 2 }));
    }
    return layers;
  });
  const middle = [
    residual('middle/0', last, current, current),
    ...(attends.length > 0 ? [attention('middle/attention', current, groups)] : []),
    residual('middle/1', last, current, current),
  ];
  const up = mult.toReversed().map((multiple, i) => {
    const level = last - i;
    const layers = Array.from({ length: blocks + 1 }, (_, k) => {
      const from = current + skips.pop()!;
      current = channels * multiple;
      return block(`up/${level}/${k}`, level, from, current);
    });
    return { layers, double: level > 0 ? [conv2d(`up/${level}/double`, current, current)] : [] };
  });

  return {
    channels: current,
    dropout: rate === 0 ? undefined : dropout,
    parameters: parametersOf([
      first,
      ...down,
      ...middle,
      ...up.flatMap(({ layers, double }) => [...layers, ...double]),
    ]),
    apply(weights, x, embedding, masks) {
      let h = first.apply(weights, x);
      const kept = [h];
      for (const layer of down) kept.push((h = layer.apply(weights, h, embedding, masks)));
      for (const layer of middle) h = layer.apply(weights, h, embedding, masks);
      for (const { layers, double } of up) {
        for (const layer of layers) h = layer.apply(weights, tf.concat([h, kept.pop()!], 3), embedding, masks);
        for (const layer of double) h = layer.apply(weights, upsample2(h));
      }
      return h;
    },
  };
}

/** x + conv(drop(silu(norm(conv(silu(norm(x))))))), with a 1x1 convolution on x where the channels change; x at first. */
function residualBlock(
  name: string,
  from: number,
  to: number,
  groups: number,
  units: number,
  drop: DropLayer | undefined,
): UnetLayer {
  const norm1 = groupNorm(`${name}/norm1`, from, groups);
  const conv1 = conv2d(`${name}/conv1`, from, to);
  const shift = units > 0 ? [linear(`${name}/time`, units, to)] : [];
  const norm2 = groupNorm(`${name}/norm2`, to, groups);
  const conv2 = conv2d(`${name}/conv2`, to, to, { init: 'zeros' });
  const skip = from === to ? [] : [conv2d(`${name}/skip`, from, to, { size: 1 })];
  return {
    parameters: parametersOf([norm1, conv1, ...shift, norm2, conv2, ...skip]),
    apply(weights, x, embedding, masks) {
      let h = conv1.apply(weights, silu(norm1.apply(weights, x)));
      for (const layer of shift) h = tf.add(h, tf.reshape(layer.apply(weights, embedding!), [-1, 1, 1, to]));
      h = silu(norm2.apply(weights, h));
      if (drop && masks) h = drop.apply(h, masks);
      h = conv2.apply(weights, h);
      return tf.add(
        h,
        skip.reduce((value, layer) => layer.apply(weights, value), x),
      );
    },
  };
}

interface DropLayer {
  /** Of its part of a sample's masks. */
  readonly size: number;
  apply(h: tf.Tensor, masks: tf.Tensor2D): tf.Tensor;
}

/** Times the part of the masks from `offset` on, laid out as convolutions leave images: channels first. */
function dropLayer(offset: number, height: number, channels: number): DropLayer {
  const size = height * height * channels;
  return {
    size,
    apply(h, masks) {
      const own = tf.reshape(tf.slice(masks, [0, offset], [-1, size]), [-1, channels, height, height]);
      return tf.mul(h, tf.transpose(own, [0, 2, 3, 1]));
    },
  };
}

function chain(first: UnetLayer, second: Layer): UnetLayer {
  return {
    parameters: parametersOf([first, second]),
    apply: (weights, x, ...given) => second.apply(weights, first.apply(weights, x, ...given)),
  };
}

/** [batch, size]: sines and cosines of t at frequencies from 1 down to 1e-4, as in transformers. */
function sinusoids(t: tf.Tensor1D, size: number): tf.Tensor {
  const half = size / 2;
  const frequencies = Float32Array.from({ length: half }, (_, i) => Math.exp((-Math.log(1e4) * i) / (half - 1)));
  const phase = tf.mul(tf.reshape(tf.cast(t, 'float32'), [-1, 1]), tf.tensor2d(frequencies, [1, half]));
  return tf.concat([tf.sin(phase), tf.cos(phase)], 1);
}

function parametersOf(layers: readonly Pick<Layer, 'parameters'>[]): Layer['parameters'] {
  return layers.flatMap(({ parameters }) => parameters);
}
