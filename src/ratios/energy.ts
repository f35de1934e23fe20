// One energy of all noise levels, log p_time(x) / N(x; 0, I), and what trains it: dual score matching, which fits both of its
// derivatives to denoising targets (Guth, Kadkhodaie and Simoncelli, 2025).
import type { Losses, NoisedBatch } from '../diffusion/loss.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { gaussianAlongArc } from './gaussian-family.ts';
import type { FeatureNetwork } from './network.ts';
import { arc, TIMES } from './time-score.ts';

/** log p_time(x) / N(x; 0, I), nats, [batch], of x [batch, dim] and time [batch]; 0 at time 1, where both are N(0, I). */
export interface EnergyNetwork {
  readonly parameters: readonly Parameter[];
  energy(weights: Tensors, x: tf.Tensor, time: tf.Tensor1D): tf.Tensor1D;
}

/**
 * cos(angle) <phi(x), psi(time)> + dim <b, psi(time) - psi(1)>, psi_k(time) = cos(pi k time): a CDM's smooth head at any time,
 * without its Gaussian, which is that of N(0, I) and vanishes. The constants are in nats per dimension, as they grow with it:
 * unscaled, they were still on their way after thousands of steps.
 */
export function featureEnergy(trunk: FeatureNetwork, dim: number, cosines: number, stretch: number): EnergyNetwork {
  const bias: Parameter = { name: 'energy/bias', shape: [cosines], init: { kind: 'zeros' } };
  return {
    parameters: [...trunk.parameters, bias],
    energy(weights, x, at) {
      const { psi, atEnd } = cosinesOf(at, cosines);
      const alpha = tf.squeeze(tf.cos(arc(at, stretch).angle), [1]);
      const learned = tf.sum(tf.mul(trunk.apply(weights, x), psi), 1);
      const offset = tf.sum(tf.mul(weights[bias.name]!, tf.sub(psi, atEnd)), 1);
      return tf.add(tf.mul(alpha, learned), tf.mul(dim, offset));
    },
  };
}

/** The energy of one Gaussian and free constants (gaussian-family.ts), which start at 0. */
export function gaussianEnergy(dim: number, cosines: number, stretch: number): EnergyNetwork {
  const { parameters, ratio } = gaussianAlongArc(dim);
  const bias: Parameter = { name: 'constants', shape: [cosines], init: { kind: 'zeros' } };
  return {
    parameters: [...parameters, bias],
    energy(weights, x, at) {
      const { psi, atEnd } = cosinesOf(at, cosines);
      return tf.add(
        ratio(weights, x, arc(at, stretch).angle),
        tf.sum(tf.mul(weights[bias.name]!, tf.sub(psi, atEnd)), 1),
      );
    },
  };
}

/** psi_k(time) = cos(pi k time), [batch, cosines], and psi(1), [1, cosines]. */
function cosinesOf(time: tf.Tensor1D, cosines: number): { psi: tf.Tensor; atEnd: tf.Tensor } {
  const frequency = tf.reshape(tf.mul(Math.PI, tf.range(0, cosines)), [1, cosines]);
  const signs = Array.from({ length: cosines }, (_, k) => (k % 2 === 0 ? 1 : -1));
  return { psi: tf.cos(tf.mul(tf.reshape(time, [-1, 1]), frequency)), atEnd: tf.tensor2d(signs, [1, cosines]) };
}

/**
 * Both losses, sums over dimensions: E |eps + sigma grad log p|^2, and `timeWeight` times the squared error of the derivative by
 * half the log-SNR, whose conditional target is, with x = cos(angle) x0 + sin(angle) eps,
 *
 *     d/dl log p(x | x0) = sin(angle) cos(angle) <x0, eps> - cos(angle)^2 (|eps|^2 - dim),    l = log cot(angle).
 *
 * The authors' weight (their code: mean squares over dimensions for both) is 1 / (4 dim).
 */
export function dualScoreTask(network: EnergyNetwork, stretch: number, timeWeight: number): TrainingTask {
  return {
    name: 'dual-score',
    parameters: network.parameters,
    loss: (weights, batch) => dualScoreLoss((x, at) => network.energy(weights, x, at), batch, stretch, timeWeight),
    classes: { first: 0, count: TIMES },
  };
}

/** The loss of any energy, such as the exact one. `t` of the batch counts times. */
export function dualScoreLoss(
  energy: (x: tf.Tensor, time: tf.Tensor1D) => tf.Tensor1D,
  { x0, epsilon, t }: NoisedBatch,
  stretch: number,
  timeWeight: number,
): Losses {
  const times = (): tf.Tensor1D => tf.div(tf.add(tf.cast(t, 'float32'), 0.5), TIMES);
  const { angle, speed } = arc(times(), stretch);
  const [alpha, sigma] = [tf.cos(angle), tf.sin(angle)];
  const x = tf.add(tf.mul(alpha, x0), tf.mul(sigma, epsilon));
  // Of a time that x was not made of, or its derivative would be the total one.
  const [byPlace, byTime] = tf.grads((y: tf.Tensor, at: tf.Tensor) => energy(y, at as tf.Tensor1D))([x, times()]);
  const residual = tf.add(epsilon, tf.mul(sigma, tf.sub(byPlace!, x)));
  const space = tf.mean(tf.sum(tf.square(residual), 1)) as tf.Scalar;
  const dim = x0.shape[1]!;
  const product = tf.mul(tf.mul(sigma, alpha), tf.sum(tf.mul(x0, epsilon), 1, true));
  const target = tf.sub(product, tf.mul(tf.square(alpha), tf.sub(tf.sum(tf.square(epsilon), 1, true), dim)));
  // dl/dtime = -speed / (sin cos).
  const rate = tf.neg(tf.div(tf.mul(tf.mul(sigma, alpha), tf.reshape(byTime!, [-1, 1])), speed));
  const time = tf.mean(tf.square(tf.sub(rate, target))) as tf.Scalar;
  return { loss: tf.add(space, tf.mul(timeWeight, time)), space, time };
}
