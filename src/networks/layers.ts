// Layers: named parameters and a function of (weights, x). Images are [batch, height, width, channels]. All of them can be
// differentiated twice, and their derivatives take few passes over the activations (SiLU, group norm).
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';

export interface Layer {
  readonly parameters: readonly Parameter[];
  apply(weights: Tensors, x: tf.Tensor): tf.Tensor;
}

/**
 * How a linear map starts: at zero; weights uniform with variance 2 / (fan in + fan out) and no bias, as in DDPM; or
 * weights and biases uniform within 1 / sqrt(fan in), as in PyTorch, so that units on few inputs bend in different places.
 */
export type Init = 'zeros' | 'fan-average' | 'fan-in';

/** x W + b: [batch, inputs] to [batch, outputs]. */
export function linear(name: string, inputs: number, outputs: number, init: Init = 'fan-average'): Layer {
  const [weight, bias] = affine(name, [inputs, outputs], inputs, outputs, init);
  return {
    parameters: [weight, bias],
    apply: (weights, x) => tf.add(tf.matMul(x as tf.Tensor2D, get(weights, weight) as tf.Tensor2D), get(weights, bias)),
  };
}

/** Convolution with padding "same" and bias: [batch, h, w, inputs] to [batch, h/stride, w/stride, outputs]. */
export function conv2d(
  name: string,
  inputs: number,
  outputs: number,
  { size = 3, stride = 1, init = 'fan-average' }: { size?: number; stride?: number; init?: Init } = {},
): Layer {
  const area = size * size;
  const [weight, bias] = affine(name, [size, size, inputs, outputs], area * inputs, area * outputs, init);
  return {
    parameters: [weight, bias],
    apply(weights, x) {
      const y = tf.conv2d(x as tf.Tensor4D, get(weights, weight) as tf.Tensor4D, stride, 'same');
      return tf.add(y, get(weights, bias));
    },
  };
}

/**
 * Group normalization (Wu & He, 2018) of [batch, h, w, channels]. The activations are never reshaped into groups: means
 * over the image, [batch, channels], are averaged within groups by a [channels, channels] matrix, so that only
 * reductions and broadcasts touch the large tensor. `epsilon` is added to the variance of a group.
 */
export function groupNorm(name: string, channels: number, groups: number, epsilon = 1e-5): Layer {
  if (channels % groups !== 0) throw new RangeError(`groupNorm: ${channels} channels are not ${groups} equal groups`);
  const scale: Parameter = { name: `${name}/scale`, shape: [channels], init: { kind: 'ones' } };
  const shift = zeros(`${name}/shift`, channels);
  return {
    parameters: [scale, shift],
    apply(weights, x) {
      const averaging = groupAveraging(channels, groups);
      const groupMean = (values: tf.Tensor): tf.Tensor =>
        tf.reshape(tf.matMul(tf.mean(values, [1, 2]) as tf.Tensor2D, averaging), [-1, 1, 1, channels]);
      const centered = tf.sub(x, groupMean(x));
      const variance = groupMean(tf.square(centered));
      const factor = tf.mul(tf.rsqrt(tf.add(variance, epsilon)), get(weights, scale));
      return tf.add(tf.mul(centered, factor), get(weights, shift));
    },
  };
}

/** [channels, channels]: 1 / (channels per group) between channels of one group, otherwise 0. */
function groupAveraging(channels: number, groups: number): tf.Tensor2D {
  const size = channels / groups;
  const group = (channel: number): number => Math.floor(channel / size);
  const values = Float32Array.from({ length: channels * channels }, (_, k) =>
    group(Math.floor(k / channels)) === group(k % channels) ? 1 / size : 0,
  );
  return tf.tensor2d(values, [channels, channels]);
}

/**
 * Self-attention among the pixels of [batch, h, w, channels], one head, as in DDPM: x + out(softmax(q k / sqrt(channels))
 * v) with q, k, v of group-normalized x; x at first. The tokens stay in the last axis, [batch, channels, h w], which is
 * where convolutions leave them. With an `init` of their own all convolutions start so, the last one too.
 */
export function attention(
  name: string,
  channels: number,
  groups: number,
  { epsilon, init }: { epsilon?: number; init?: Init | undefined } = {},
): Layer {
  const norm = groupNorm(`${name}/norm`, channels, groups, epsilon);
  const [query, key, value] = ['query', 'key', 'value'].map((part) =>
    conv2d(`${name}/${part}`, channels, channels, { size: 1, init: init ?? 'fan-average' }),
  ) as [Layer, Layer, Layer];
  const out = conv2d(`${name}/out`, channels, channels, { size: 1, init: init ?? 'zeros' });
  return {
    parameters: [norm, query, key, value, out].flatMap(({ parameters }) => parameters),
    apply(weights, x) {
      const [batch, height, width] = x.shape as [number, number, number];
      const normal = norm.apply(weights, x);
      const tokens = (layer: Layer): tf.Tensor =>
        tf.reshape(tf.transpose(layer.apply(weights, normal), [0, 3, 1, 2]), [batch, channels, height * width]);
      const scores = tf.mul(tf.matMul(tokens(query), tokens(key), true, false), channels ** -0.5);
      const mixed = tf.matMul(tokens(value), tf.softmax(scores), false, true);
      const image = tf.transpose(tf.reshape(mixed, [batch, channels, height, width]), [0, 2, 3, 1]);
      return tf.add(x, out.apply(weights, image));
    },
  };
}

/** SiLU, x s(x) with s the logistic function, whose first and second derivatives are closed forms. */
export function silu(x: tf.Tensor): tf.Tensor {
  return siluWithGradient(x);
}

// With y = x s and s' = s (1 - s): y' = s + y (1 - s) and y'' = (1 - s) (2 y' - y), eight passes in all, whose common
// parts are computed once. Left to the chain rule, the double backward pass of x * sigmoid(x) takes three times as many.
const siluWithGradient = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  (save as tf.GradSaveFunc)([input]);
  return {
    value: siluValue(input),
    gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, siluDerivative(saved!)),
  };
});

const siluDerivative = tf.customGrad((x, save) => {
  const input = x as tf.Tensor;
  (save as tf.GradSaveFunc)([input]);
  return {
    value: siluFirstDerivative(input),
    gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) => tf.mul(dy, siluSecondDerivative(saved!)),
  };
});

const siluValue = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(x));

function siluFirstDerivative(x: tf.Tensor): tf.Tensor {
  const s = tf.sigmoid(x);
  return tf.add(s, tf.mul(siluValue(x), tf.sub(1, s)));
}

function siluSecondDerivative(x: tf.Tensor): tf.Tensor {
  const first = siluFirstDerivative(x);
  return tf.mul(tf.sub(1, tf.sigmoid(x)), tf.add(first, tf.sub(first, siluValue(x))));
}

/** Nearest-neighbor upsampling of [batch, h, w, channels] by 2: a broadcast, as the gradient of `tile` stops at rank 4. */
export function upsample2(x: tf.Tensor): tf.Tensor {
  const [batch, height, width, channels] = x.shape as [number, number, number, number];
  const ones = tf.ones([1, 1, 2, 1, 2, 1]);
  const repeated = tf.mul(tf.reshape(x, [batch, height, 1, width, 1, channels]), ones);
  return tf.reshape(repeated, [batch, 2 * height, 2 * width, channels]);
}

/** The tensor of a parameter; an Error names the one that is missing. */
export function get(weights: Tensors, { name }: Parameter): tf.Tensor {
  const value = weights[name];
  if (value === undefined) throw new Error(`No weight "${name}" among ${Object.keys(weights).length}`);
  return value;
}

/** A vector that starts at zero. */
export function zeros(name: string, size: number): Parameter {
  return { name, shape: [size], init: { kind: 'zeros' } };
}

/** The weight and bias of a linear map. */
function affine(
  name: string,
  shape: readonly number[],
  fanIn: number,
  fanOut: number,
  init: Init,
): [Parameter, Parameter] {
  const uniform = (limit: number): Parameter['init'] => ({ kind: 'uniform', limit });
  const none: Parameter['init'] = { kind: 'zeros' };
  // Uniform on [-limit, limit) has variance limit^2 / 3.
  const [weight, bias] = {
    zeros: [none, none],
    'fan-average': [uniform(Math.sqrt(6 / (fanIn + fanOut))), none],
    'fan-in': [uniform(1 / Math.sqrt(fanIn)), uniform(1 / Math.sqrt(fanIn))],
  }[init] as [Parameter['init'], Parameter['init']];
  return [
    { name: `${name}/weight`, shape, init: weight },
    { name: `${name}/bias`, shape: shape.slice(-1), init: bias },
  ];
}
