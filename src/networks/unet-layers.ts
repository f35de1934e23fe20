// What U-Nets, whole and half, are built of: layers with the norm and the start that their shape chooses, residual blocks
// that are told an embedding, the way down from the image, and the end that makes logits.
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { attention, conv2d, get, groupNorm, linear, silu, type Init, type Layer } from './layers.ts';
import type { Conditions, Dropout } from './network.ts';

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
  /** What the group norms add to the variance of a group; default 1e-5. */
  readonly normEpsilon?: number;
  /**
   * How weights start: as DDPM's (the default), the last layer of each branch and the end at zero, or as PyTorch starts every
   * layer, weights and biases uniform within 1 / sqrt(fan in).
   */
  readonly init?: 'ddpm' | 'pytorch';
  /** Heights at which every block is followed by self-attention, as the middle then is; default none, DDPM's [16]. */
  readonly attention?: readonly number[];
  /** Share of the units that training drops in every block; default 0. */
  readonly dropout?: number;
  /** What images can be of, for conditional models; default none. */
  readonly labels?: number;
  /** How a label becomes a vector: a `table` of them (the default), or `mlp`, a table of short ones, linear, SiLU, linear. */
  readonly labelEmbedding?: 'table' | 'mlp';
}

/** A function of an image, of an embedding [batch, units] of t or of the label where there is one, and of dropout masks. */
export interface UnetLayer extends Layer {
  apply(weights: Tensors, x: tf.Tensor, embedding?: tf.Tensor, masks?: tf.Tensor2D): tf.Tensor;
}

/** The layers of layers.ts as this shape has them. */
export interface UnetLayers {
  linear(name: string, inputs: number, outputs: number, init?: Init): Layer;
  conv2d(name: string, inputs: number, outputs: number, options?: Parameters<typeof conv2d>[3]): Layer;
  groupNorm(name: string, channels: number): Layer;
  attention(name: string, channels: number): Layer;
}

export function unetLayers({ groups, normEpsilon = 1e-5, init }: UnetShape): UnetLayers {
  const all: Init | undefined = init === 'pytorch' ? 'fan-in' : undefined;
  return {
    linear: (name, inputs, outputs, own) => linear(name, inputs, outputs, all ?? own),
    conv2d: (name, inputs, outputs, options) =>
      conv2d(name, inputs, outputs, { ...options, ...(all && { init: all }) }),
    groupNorm: (name, channels) => groupNorm(name, channels, groups, normEpsilon),
    attention: (name, channels) => attention(name, channels, groups, { epsilon: normEpsilon, init: all }),
  };
}

/** Residual blocks of one network, each with attention where its height has it, and what they drop in training. */
export interface UnetBlocks {
  /** What is dropped, as all blocks made so far need it; undefined without dropout. */
  readonly dropout: Dropout | undefined;
  /** The block `name` at a level of `mult`, with attention where its height has it. */
  block(name: string, level: number, from: number, to: number): UnetLayer;
  /** The same without attention. */
  residual(name: string, level: number, from: number, to: number): UnetLayer;
}

/** Blocks that are told an embedding [batch, units], or none where `units` is 0. A RangeError for an impossible shape. */
export function unetBlocks(shape: UnetShape, units: number): UnetBlocks {
  const { imageSize, mult, dropout: rate = 0 } = shape;
  const last = mult.length - 1;
  if (imageSize % 2 ** last !== 0) {
    throw new RangeError(`An image of size ${imageSize} cannot be halved ${last} times: change its size or mult`);
  }
  const attends = shape.attention ?? [];
  const strange = attends.find((size) => !mult.some((_, level) => imageSize / 2 ** level === size));
  if (strange !== undefined) throw new RangeError(`No level of the U-Net has the height ${strange} of its attention`);

  const layers = unetLayers(shape);
  const dropout = { rate, size: 0 };
  const residual: UnetBlocks['residual'] = (name, level, from, to) => {
    const drop = rate === 0 ? undefined : dropLayer(dropout.size, imageSize / 2 ** level, to);
    dropout.size += drop?.size ?? 0;
    return residualBlock(layers, name, from, to, units, drop);
  };
  return {
    dropout: rate === 0 ? undefined : dropout,
    residual,
    block(name, level, from, to) {
      const made = residual(name, level, from, to);
      return attends.includes(imageSize / 2 ** level) ? chain(made, layers.attention(`${name}/attention`, to)) : made;
    },
  };
}

/** The way down from an image to the middle, and what it passes on the way. */
export interface WayDown {
  readonly parameters: Layer['parameters'];
  /** Channels of the middle. */
  readonly channels: number;
  /** Channels of each image that is kept for a way up. */
  readonly skips: readonly number[];
  apply(
    weights: Tensors,
    x: tf.Tensor,
    embedding?: tf.Tensor,
    masks?: tf.Tensor2D,
  ): { readonly middle: tf.Tensor; readonly kept: readonly tf.Tensor[] };
}

export function wayDown(shape: UnetShape, { block, residual }: UnetBlocks): WayDown {
  const { inChannels, channels, mult, blocks } = shape;
  const { conv2d, attention } = unetLayers(shape);
  const last = mult.length - 1;
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
    ...((shape.attention ?? []).length > 0 ? [attention('middle/attention', current)] : []),
    residual('middle/1', last, current, current),
  ];
  return {
    parameters: parametersOf([first, ...down, ...middle]),
    channels: current,
    skips,
    apply(weights, x, embedding, masks) {
      let h = first.apply(weights, x);
      const kept = [h];
      for (const layer of down) kept.push((h = layer.apply(weights, h, embedding, masks)));
      for (const layer of middle) h = layer.apply(weights, h, embedding, masks);
      return { middle: h, kept };
    },
  };
}

/**
 * The end of a classifier: norm, SiLU, conv3x3 from `channels` to `features`, mean over the image, linear to what `head`
 * takes. The mean is multiplied by the square root of the number of pixels of the input: a log density grows with the image,
 * a mean does not, and short trainings are spent on making up for it.
 */
export function logitsEnd(
  shape: UnetShape,
  channels: number,
  features: number,
  head: Head,
): {
  readonly parameters: Layer['parameters'];
  logits(weights: Tensors, h: tf.Tensor, x: tf.Tensor): tf.Tensor2D;
} {
  const { groupNorm, conv2d, linear } = unetLayers(shape);
  const norm = groupNorm('end/norm', channels);
  const conv = conv2d('end/conv', channels, features);
  const units = linear('end/linear', features, head.features, 'zeros');
  return {
    parameters: [...parametersOf([norm, conv, units]), ...head.parameters],
    logits(weights, h, x) {
      const pooled = tf.mean(conv.apply(weights, silu(norm.apply(weights, h))), [1, 2]);
      const flat = tf.reshape(x, [x.shape[0]!, -1]) as tf.Tensor2D;
      return head.logits(weights, units.apply(weights, tf.mul(pooled, shape.imageSize)) as tf.Tensor2D, flat);
    },
  };
}

/** A vector [batch, units] for each label, the last one for "not known"; of a shape with labels. */
export interface LabelEmbedding {
  readonly parameters: Layer['parameters'];
  apply(weights: Tensors, given?: Conditions): tf.Tensor;
}

export function labelEmbedding(shape: UnetShape & { readonly labels: number }, units: number): LabelEmbedding {
  const { labels } = shape;
  const isTable = shape.labelEmbedding !== 'mlp';
  const { linear } = unetLayers(shape);
  const size = isTable ? units : shape.channels;
  const table: Parameter = { name: 'label', shape: [labels + 1, size], init: { kind: 'normal', std: 1 } };
  const dense = isTable ? null : ([linear('label/0', size, units), linear('label/1', units, units)] as const);
  return {
    parameters: [table, ...parametersOf(dense ?? [])],
    apply(weights, given) {
      if (given?.label === undefined) throw new Error('A conditional U-Net needs the label of each image');
      const rows = tf.oneHot(given.label, labels + 1, 1, 0, 'float32') as tf.Tensor2D;
      const vectors = tf.matMul(rows, get(weights, table) as tf.Tensor2D);
      return dense === null ? vectors : dense[1].apply(weights, silu(dense[0].apply(weights, vectors)));
    },
  };
}

/** x + conv(drop(silu(norm(conv(silu(norm(x))))))), with a 1x1 convolution on x where the channels change. */
function residualBlock(
  { groupNorm, conv2d, linear }: UnetLayers,
  name: string,
  from: number,
  to: number,
  units: number,
  drop: DropLayer | undefined,
): UnetLayer {
  const norm1 = groupNorm(`${name}/norm1`, from);
  const conv1 = conv2d(`${name}/conv1`, from, to);
  const shift = units > 0 ? [linear(`${name}/time`, units, to)] : [];
  const norm2 = groupNorm(`${name}/norm2`, to);
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

export function parametersOf(layers: readonly Pick<Layer, 'parameters'>[]): Layer['parameters'] {
  return layers.flatMap(({ parameters }) => parameters);
}
