// Energies of the gradient-step kind, e(x) = |x - g(x)|^2 / 2 with g a network (Cohen et al., 2021; Hurault et al., 2022):
// the way in which denoisers that are gradients are usually made, as a trunk of a noise-level classifier.
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { Head } from './heads.ts';
import { linear, silu } from './layers.ts';
import type { ClassifierNetwork } from './network.ts';

export interface EnergyShape {
  readonly dim: number;
  /** Units of every hidden layer of g. */
  readonly width: number;
  /** Residual layers h + silu(h W + b), after the first. */
  readonly depth: number;
  /** How many g's share the hidden layers, each with an energy of its own. */
  readonly energies: number;
}

/** Logits from the energies of g_1 … g_n by a linear map to what `head` takes. x is flattened to [batch, dim]. */
export function energyClassifier({ dim, width, depth, energies }: EnergyShape, head: Head): ClassifierNetwork {
  const first = linear('energy/0', dim, width, 'fan-in');
  const residual = Array.from({ length: depth }, (_, i) => linear(`energy/${i + 1}`, width, width, 'fan-in'));
  // Not zeros: the energies would stay copies of each other.
  const g = linear('energy/g', width, energies * dim, 'fan-in');
  const units = linear('energy/units', energies, head.features, 'zeros');
  return {
    parameters: [...[first, ...residual, g, units].flatMap(({ parameters }) => parameters), ...head.parameters],
    logits(weights: Tensors, x: tf.Tensor) {
      const flat = tf.reshape(x, [-1, dim]) as tf.Tensor2D;
      let h = silu(first.apply(weights, flat));
      for (const layer of residual) h = tf.add(h, silu(layer.apply(weights, h)));
      const distances = tf.sub(tf.reshape(flat, [-1, 1, dim]), tf.reshape(g.apply(weights, h), [-1, energies, dim]));
      const values = tf.mul(0.5, tf.sum(tf.square(distances), 2));
      return head.logits(weights, units.apply(weights, values) as tf.Tensor2D, flat);
    },
  };
}
