// The U-Net of DDPM (Ho et al., 2020) without attention, with two ends: the CDM's, which turns an image into logits of the
// noise level and is given no t (Yadin et al., 2024, C.1), and the DDM's, which is given t and predicts the noise.
//
//     conv - blocks - down - blocks - down - … - 2 blocks - … - up - blocks - up - blocks - end
//              \________\_______\__ concatenated with __/______/________/
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { conv2d, groupNorm, linear, silu, upsample2, type Layer } from './layers.ts';
import type { ClassifierNetwork, DenoiserNetwork } from './network.ts';

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
}

/**
 * Norm, SiLU, conv3x3 to twice the channels, mean over the image, linear to what `head` (the paper's: cumsum) takes. The
 * mean is multiplied by the square root of the number of pixels: a log density grows with the image, a mean does not, and
 * short trainings are spent on making up for it.
 */
export function unetClassifier(shape: UnetShape, head: Head): ClassifierNetwork {
  const trunk = unetTrunk(shape, 0);
  const norm = groupNorm('end/norm', trunk.channels, shape.groups);
  const conv = conv2d('end/conv', trunk.channels, 2 * trunk.channels);
  const units = linear('end/linear', 2 * trunk.channels, head.features, 'zeros');
  return {
    parameters: [...trunk.parameters, ...parametersOf([norm, conv, units]), ...head.parameters],
    logits(weights, x) {
      const features = conv.apply(weights, silu(norm.apply(weights, trunk.apply(weights, x))));
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
  const norm = groupNorm('end/norm', trunk.channels, shape.groups);
  const conv = conv2d('end/conv', trunk.channels, shape.inChannels, { init: 'zeros' });
  return {
    parameters: [...trunk.parameters, ...parametersOf([...time, norm, conv])],
    epsilon(weights, x, t) {
      const embedding = time[1].apply(weights, silu(time[0].apply(weights, sinusoids(t, shape.channels))));
      return conv.apply(weights, silu(norm.apply(weights, trunk.apply(weights, x, silu(embedding)))));
    },
  };
}

/** A function of an image and, in the DDM, of an embedding [batch, units] of t. */
interface TimedLayer extends Layer {
  apply(weights: Tensors, x: tf.Tensor, time?: tf.Tensor): tf.Tensor;
}

/** From x [batch, size, size, inChannels] to [batch, size, size, channels]. Without t where `timeUnits` is 0. */
function unetTrunk(shape: UnetShape, timeUnits: number): TimedLayer & { channels: number } {
  const { imageSize, inChannels, channels, mult, blocks, groups } = shape;
  const last = mult.length - 1;
  if (imageSize % 2 ** last !== 0) {
    throw new RangeError(`An image of size ${imageSize} cannot be halved ${last} times: change its size or mult`);
  }
  const block = (name: string, from: number, to: number): TimedLayer =>
    residualBlock(name, from, to, groups, timeUnits);

  const first = conv2d('in', inChannels, channels);
  let current = channels;
  const skips = [channels];
  const down = mult.flatMap((multiple, level) => {
    const layers = Array.from({ length: blocks }, (_, i): TimedLayer => {
      const from = current;
      current = channels * multiple;
      skips.push(current);
      return block(`down/${level}/${i}`, from, current);
    });
    if (level < last) {
      skips.push(current);
      layers.push(conv2d(`down/${level}/half`, current, current, { stride: 2 }));
    }
    return layers;
  });
  const middle = [block('middle/0', current, current), block('middle/1', current, current)];
  const up = mult.toReversed().map((multiple, i) => {
    const level = last - i;
    const layers = Array.from({ length: blocks + 1 }, (_, k) => {
      const from = current + skips.pop()!;
      current = channels * multiple;
      return block(`up/${level}/${k}`, from, current);
    });
    return { layers, double: level > 0 ? [conv2d(`up/${level}/double`, current, current)] : [] };
  });

  return {
    channels: current,
    parameters: parametersOf([
      first,
      ...down,
      ...middle,
      ...up.flatMap(({ layers, double }) => [...layers, ...double]),
    ]),
    apply(weights, x, time) {
      let h = first.apply(weights, x);
      const kept = [h];
      for (const layer of down) kept.push((h = layer.apply(weights, h, time)));
      for (const layer of middle) h = layer.apply(weights, h, time);
      for (const { layers, double } of up) {
        for (const layer of layers) h = layer.apply(weights, tf.concat([h, kept.pop()!], 3), time);
        for (const layer of double) h = layer.apply(weights, upsample2(h));
      }
      return h;
    },
  };
}

/** x + conv(silu(norm(conv(silu(norm(x)))))), with a 1x1 convolution on x where the channels change; x at first. */
function residualBlock(name: string, from: number, to: number, groups: number, timeUnits: number): TimedLayer {
  const norm1 = groupNorm(`${name}/norm1`, from, groups);
  const conv1 = conv2d(`${name}/conv1`, from, to);
  const shift = timeUnits > 0 ? [linear(`${name}/time`, timeUnits, to)] : [];
  const norm2 = groupNorm(`${name}/norm2`, to, groups);
  const conv2 = conv2d(`${name}/conv2`, to, to, { init: 'zeros' });
  const skip = from === to ? [] : [conv2d(`${name}/skip`, from, to, { size: 1 })];
  return {
    parameters: parametersOf([norm1, conv1, ...shift, norm2, conv2, ...skip]),
    apply(weights, x, time) {
      let h = conv1.apply(weights, silu(norm1.apply(weights, x)));
      for (const layer of shift) h = tf.add(h, tf.reshape(layer.apply(weights, time!), [-1, 1, 1, to]));
      h = conv2.apply(weights, silu(norm2.apply(weights, h)));
      return tf.add(
        h,
        skip.reduce((value, layer) => layer.apply(weights, value), x),
      );
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

function parametersOf(layers: readonly Layer[]): Layer['parameters'] {
  return layers.flatMap(({ parameters }) => parameters);
}
