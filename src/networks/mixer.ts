// A mixer (Tolstikhin et al., 2021) with two ends, for images whose details span many scales: the CDM's, which makes logits of
// the noise level of inner products with the image, and the DDM's, which is given t and predicts the noise. Of matrix products
// alone, which is what a processor is fastest at.
//
//     patches - sines and cosines - linear + position - [+ tokens mixed - + channels mixed] x blocks - end
//                      \_________________ shifted and scaled by what is known of the noise ______/
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { patchesOf, tokenMixer, type EncoderShape } from './encoder.ts';
import type { Head } from './heads.ts';
import { get, linear, silu, type Layer } from './layers.ts';
import type { ClassifierNetwork, Conditions, DenoiserNetwork } from './network.ts';

/** An encoder's tokens; no energies are made of their channels, of which each token has `width`. */
export interface MixerShape extends EncoderShape {
  /**
   * A pixel x is also seen as sin and cos of 2^n pi x for each n here: details much smaller than the range of pixels, as in
   * variational diffusion models (Kingma et al., 2021).
   */
  readonly octaves: readonly number[];
  /** How many inner products a classifier's head sees; default 16. A denoiser has none. */
  readonly energies?: number;
  /** What images can be of, for conditional models; default none. */
  readonly labels?: number;
}

/** Units of what is known of the noise, and of the label: a vector [batch, UNITS]. */
const UNITS = 64;
/** Filters of a patch whose energies tell the noise level. */
const FILTERS = 32;

/**
 * A gradient of logits that looks like a denoiser's output: the energies are e_k(x) = <x, U_k(x)> with U_k images that the
 * tokens make, as in Guth et al. (2025). Nobody tells the network the noise level, so it looks: the energies of filters, whose
 * gradients stay small, give an estimate of sigma. It fades the sines that would see nothing but noise, exp(-(2^n pi
 * sigma)^2 / 2) being what is left of them on average: their derivative is 2^n pi times that of x, and would otherwise pass
 * the noise on into the gradient, that much larger.
 */
export function mixerClassifier(shape: MixerShape, head: Head): ClassifierNetwork {
  const { inChannels, patchSize, width, octaves, energies = 16, labels } = shape;
  const values = patchSize ** 2 * inChannels;
  const trunk = mixerTrunk(shape);
  const noise = noiseEstimate(values * (1 + 2 * octaves.length), octaves.length > 0);
  const label = labels === undefined ? undefined : labelTable(labels);
  const images = linear('energies', width, energies * values, 'fan-in');
  const perceptron = linear('perceptron', energies + UNITS, energies, 'fan-in');
  const units = linear('units', energies, head.features, 'zeros');
  const parts = [trunk, noise, ...(label ? [label] : []), images, perceptron, units, head];
  return {
    parameters: parts.flatMap(({ parameters }) => parameters),
    labels,
    logits(weights, x, given) {
      const patches = patchesOf(x, patchSize);
      const { estimate, logSigma } = noise.apply(weights, trunk.tokens, patches, fourierFeatures(patches, octaves));
      const perToken = logSigma && tf.tile(logSigma, [trunk.tokens, 1]);
      const known = silu(label ? tf.add(estimate, label.apply(weights, given)) : estimate);
      const h = trunk.apply(weights, fourierFeatures(patches, octaves, perToken), known);
      const products = tf.mul(
        tf.reshape(images.apply(weights, h), [-1, energies, values]),
        tf.reshape(patches, [-1, 1, values]),
      );
      const energy = tf.sum(tf.reshape(tf.sum(products, 2), [trunk.tokens, -1, energies]), 0);
      const mixed = tf.add(energy, silu(perceptron.apply(weights, tf.concat([energy, known], 1))));
      return head.logits(weights, units.apply(weights, mixed) as tf.Tensor2D, tf.reshape(x, [x.shape[0]!, -1]));
    },
  };
}

/** Each token ends in its patch of the noise; zero at first. t reaches every block as cosines, cos(pi k t / (T+1)). */
export function mixerDenoiser(shape: MixerShape, T: number): DenoiserNetwork {
  const { imageSize, inChannels, patchSize, width, octaves, labels } = shape;
  const trunk = mixerTrunk(shape);
  const time = [linear('time/0', FILTERS, UNITS), linear('time/1', UNITS, UNITS)] as const;
  const label = labels === undefined ? undefined : labelTable(labels);
  const out = linear('out', width, patchSize ** 2 * inChannels, 'zeros');
  return {
    parameters: [trunk, ...time, ...(label ? [label] : []), out].flatMap(({ parameters }) => parameters),
    labels,
    epsilon(weights, x, t, given) {
      const phase = tf.mul(tf.reshape(tf.cast(t, 'float32'), [-1, 1]), Math.PI / (T + 1));
      const cosines = tf.cos(tf.mul(phase, tf.range(0, FILTERS)));
      const ofTime = time[1].apply(weights, silu(time[0].apply(weights, cosines)));
      const known = silu(label ? tf.add(ofTime, label.apply(weights, given)) : ofTime);
      const h = trunk.apply(weights, fourierFeatures(patchesOf(x, patchSize), octaves), known);
      const side = imageSize / patchSize;
      const patches = tf.reshape(out.apply(weights, h), [side, side, -1, patchSize, patchSize, inChannels]);
      return tf.reshape(tf.transpose(patches, [2, 0, 3, 1, 4, 5]), [-1, imageSize, imageSize, inChannels]);
    },
  };
}

/**
 * x and, for each n, sin and cos of 2^n pi x: rows [n, values] to [n, values (1 + 2 octaves)]. With a noise level, log sigma
 * [n, 1], those of x plus that noise, on average.
 */
function fourierFeatures(x: tf.Tensor2D, octaves: readonly number[], logSigma?: tf.Tensor): tf.Tensor2D {
  const variance = logSigma && tf.exp(tf.mul(2, logSigma));
  const waves = octaves.flatMap((n) => {
    const frequency = 2 ** n * Math.PI;
    const phase = tf.mul(x, frequency);
    const both = [tf.sin(phase), tf.cos(phase)];
    if (variance === undefined) return both;
    const fading = tf.exp(tf.mul(variance, -(frequency ** 2) / 2));
    return both.map((wave) => tf.mul(wave, fading));
  });
  return tf.concat([x, ...waves], 1) as tf.Tensor2D;
}

interface NoiseEstimate {
  readonly parameters: readonly Parameter[];
  /** Of patches [tokens * batch, values] and their features: a vector [batch, UNITS], and log sigma [batch, 1] where it is asked for. */
  apply(
    weights: Tensors,
    tokens: number,
    patches: tf.Tensor2D,
    features: tf.Tensor2D,
  ): { readonly estimate: tf.Tensor; readonly logSigma: tf.Tensor | undefined };
}

/**
 * What patches tell of the noise: the log energies of filters, of their mean over the image and on average over its patches.
 * sigma starts as a power of the geometric mean of the patches' deviations, as flat patches deviate by noise alone.
 */
function noiseEstimate(features: number, withSigma: boolean): NoiseEstimate {
  const filters = linear('noise/filters', features, FILTERS, 'fan-in');
  const layers = [linear('noise/0', 2 * FILTERS, UNITS, 'fan-in'), linear('noise/1', UNITS, UNITS, 'fan-in')] as const;
  const shift = linear('noise/sigma', UNITS, 1, 'zeros');
  const power: Parameter = { name: 'noise/power', shape: [1], init: { kind: 'ones' } };
  const flat = 1e-4;
  return {
    parameters: [
      ...[filters, ...layers].flatMap(({ parameters }) => parameters),
      ...(withSigma ? [...shift.parameters, power] : []),
    ],
    apply(weights, tokens, patches, input) {
      const perToken = (rows: tf.Tensor): tf.Tensor => tf.reshape(rows, [tokens, -1, rows.shape[1] ?? 1]);
      const energies = perToken(tf.square(filters.apply(weights, input)));
      const logs = [tf.log(tf.add(tf.mean(energies, 0), 1e-5)), tf.mean(tf.log(tf.add(energies, flat)), 0)];
      const estimate = layers[1].apply(weights, silu(layers[0].apply(weights, tf.concat(logs, 1))));
      if (!withSigma) return { estimate, logSigma: undefined };
      const centered = tf.sub(patches, tf.mean(patches, 1, true));
      const variances = perToken(tf.add(tf.mean(tf.square(centered), 1, true), flat));
      const logDeviation = tf.mul(0.5, tf.mean(tf.log(variances), 0));
      const exponent = tf.add(get(weights, power), 0.4);
      return { estimate, logSigma: tf.add(tf.mul(exponent, logDeviation), shift.apply(weights, silu(estimate))) };
    },
  };
}

interface Trunk {
  readonly tokens: number;
  readonly parameters: readonly Parameter[];
  /** Tokens [tokens * batch, width] from the features of patches, and from what is `known` of each image [batch, UNITS]. */
  apply(weights: Tensors, features: tf.Tensor2D, known: tf.Tensor): tf.Tensor;
}

function mixerTrunk({ imageSize, inChannels, patchSize, width, blocks, groups, octaves }: MixerShape): Trunk {
  if (imageSize % patchSize !== 0) {
    throw new RangeError(`An image of size ${imageSize} cannot be cut into patches of size ${patchSize}`);
  }
  if (width % groups !== 0) throw new RangeError(`mixer: ${width} channels are not ${groups} equal groups`);
  const tokens = (imageSize / patchSize) ** 2;
  const embed = linear('embed', patchSize ** 2 * inChannels * (1 + 2 * octaves.length), width, 'fan-in');
  const position: Parameter = { name: 'position', shape: [tokens, 1, width], init: { kind: 'normal', std: 0.02 } };
  const layers = Array.from({ length: blocks }, (_, i) => ({
    mixTokens: tokenMixer(`block/${i}/tokens`, tokens, width, groups, 0.2),
    mixChannels: knowingChannelMixer(`block/${i}/channels`, tokens, width),
  }));
  return {
    tokens,
    parameters: [
      ...embed.parameters,
      position,
      ...layers.flatMap(({ mixTokens, mixChannels }) => [...mixTokens.parameters, ...mixChannels.parameters]),
    ],
    apply(weights, features, known) {
      const placed = tf.reshape(embed.apply(weights, features), [tokens, -1, width]);
      let h: tf.Tensor = tf.reshape(tf.add(placed, get(weights, position)), [-1, width]);
      for (const { mixTokens, mixChannels } of layers) {
        h = tf.add(h, mixTokens.apply(weights, h));
        h = tf.add(h, mixChannels.apply(weights, h, known));
      }
      return h;
    },
  };
}

/** A perceptron on each token's channels, its hidden units scaled and shifted by what is known (Perez et al., 2018: FiLM). */
function knowingChannelMixer(
  name: string,
  tokens: number,
  width: number,
): {
  readonly parameters: readonly Parameter[];
  apply(weights: Tensors, h: tf.Tensor, known: tf.Tensor): tf.Tensor;
} {
  const hidden = linear(`${name}/0`, width, 2 * width, 'fan-in');
  const output = linear(`${name}/1`, 2 * width, width, 'zeros');
  const film = linear(`${name}/film`, UNITS, 4 * width, 'zeros');
  return {
    parameters: [hidden, output, film].flatMap(({ parameters }) => parameters),
    apply(weights, h, known) {
      const [scale, shift] = tf.split(film.apply(weights, known), 2, 1) as [tf.Tensor, tf.Tensor];
      const units = tf.reshape(hidden.apply(weights, h), [tokens, -1, 2 * width]);
      const told = tf.add(tf.mul(units, tf.add(1, scale)), shift);
      return output.apply(weights, silu(tf.reshape(told, [-1, 2 * width])));
    },
  };
}

/** A vector [batch, UNITS] for each label, the last one for "not known"; zero at first. */
function labelTable(labels: number): Pick<Layer, 'parameters'> & {
  apply(weights: Tensors, given?: Conditions): tf.Tensor;
} {
  const table: Parameter = { name: 'label', shape: [labels + 1, UNITS], init: { kind: 'zeros' } };
  return {
    parameters: [table],
    apply(weights, given) {
      if (given?.label === undefined) throw new Error('A conditional mixer needs the label of each image');
      const rows = tf.oneHot(given.label, labels + 1, 1, 0, 'float32') as tf.Tensor2D;
      return tf.matMul(rows, get(weights, table) as tf.Tensor2D);
    },
  };
}
