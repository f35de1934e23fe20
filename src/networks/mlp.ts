// Residual multilayer perceptrons for vectors: a noise-level classifier, and the noise predictor it is compared with.
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { get, linear, silu, type Layer } from './layers.ts';
import type { ClassifierNetwork, DenoiserNetwork } from './network.ts';

export interface MlpShape {
  readonly dim: number;
  /** Units of every hidden layer; 0 for none, when the squares are all there is. */
  readonly width: number;
  /** Residual layers h + silu(h W + b), after the first, x to h. */
  readonly depth: number;
  /** x is multiplied by it. The finer the details of the data, the larger: 4 for modes of standard deviation 0.2. */
  readonly inputScale: number;
  /**
   * How many features (<w, x> + c)^2 the head also gets, and with them |x|^2: Gaussian data is then within reach, and as many
   * as differ from isotropic noise are enough. Default 0.
   */
  readonly squares?: number;
}

/** The residual MLP with a head for its logits. */
export function mlpClassifier(shape: MlpShape, head: Head): ClassifierNetwork {
  const trunk = mlpFeatures(shape, shape.dim, head.features);
  return {
    parameters: [...trunk.parameters, ...head.parameters],
    logits(weights, x) {
      return head.logits(weights, trunk.apply(weights, x) as tf.Tensor2D, x as tf.Tensor2D);
    },
  };
}

/** The residual MLP given x and cosines of t, cos(pi k t / (T+1)) for k < `timeFeatures`. */
export function mlpDenoiser(shape: MlpShape, T: number, timeFeatures: number): DenoiserNetwork {
  const trunk = mlpFeatures(shape, shape.dim + timeFeatures, shape.dim);
  return {
    parameters: trunk.parameters,
    epsilon(weights, x, t) {
      const phase = tf.mul(tf.cast(t, 'float32'), Math.PI / (T + 1));
      const cosines = tf.cos(tf.mul(tf.reshape(phase, [-1, 1]), tf.range(0, timeFeatures)));
      // The trunk scales its input: undo that for the cosines.
      return trunk.apply(weights, tf.concat([x, tf.div(cosines, shape.inputScale)], 1));
    },
  };
}

/** Outputs [batch, outputs] of inputs [batch, inputs], zero at first: the trunk of both. */
export function mlpFeatures(shape: MlpShape, inputs: number, outputs: number): Layer {
  const { width, depth, inputScale, squares = 0 } = shape;
  const first = linear('mlp/0', inputs, width, 'fan-in');
  const residual = Array.from({ length: depth }, (_, i) => linear(`mlp/${i + 1}`, width, width, 'fan-in'));
  const square = linear('squares', inputs, squares, 'fan-in');
  const last = linear('mlp/out', width + (squares > 0 ? squares + 1 : 0), outputs, 'zeros');
  return {
    parameters: [...(width > 0 ? [first, ...residual] : []), ...(squares > 0 ? [square] : []), last].flatMap(
      ({ parameters }) => parameters,
    ),
    apply(weights, x) {
      const features: tf.Tensor[] = [];
      if (width > 0) {
        let h = silu(first.apply(weights, tf.mul(x, inputScale)));
        for (const layer of residual) h = tf.add(h, silu(layer.apply(weights, h)));
        features.push(h);
      }
      if (squares > 0) {
        // Minus what they are on average over N(0, I): their sum then does not move the constants of all logits.
        const norms = tf.sum(tf.square(get(weights, square.parameters[0]!)), 0, true);
        features.push(
          tf.sub(tf.square(square.apply(weights, x)), norms),
          tf.sub(tf.sum(tf.square(x), 1, true), inputs),
        );
      }
      return last.apply(weights, features.length === 1 ? features[0]! : tf.concat(features, 1));
    },
  };
}
