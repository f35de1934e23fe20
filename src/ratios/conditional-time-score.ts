// Conditional time score matching (Yu, Klami, Hyvarinen, Korba and Chehab, 2025): the time score fitted to that of the path given
// its end x0, which is a closed form, dimension by dimension (their CTSM-v), weighted by the inverse of its variance.
import type { Losses, NoisedBatch } from '../diffusion/loss.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { FeatureNetwork } from './network.ts';
import { arc, TIMES } from './time-score.ts';

/** d/dtime log p_time as a sum over the values [batch, dim] at x [batch, dim] and time [batch]. */
export interface VectorTimeScore {
  readonly parameters: readonly Parameter[];
  vector(weights: Tensors, x: tf.Tensor, time: tf.Tensor1D): tf.Tensor2D;
}

/** <phi_i(x) + b_i, psi(time)> for each dimension i, psi_k(time) = cos(pi k time), of a trunk with dim * cosines outputs. */
export function featureTimeScore(trunk: FeatureNetwork, dim: number, cosines: number): VectorTimeScore {
  const bias: Parameter = { name: 'time/bias', shape: [dim * cosines], init: { kind: 'zeros' } };
  return {
    parameters: [...trunk.parameters, bias],
    vector(weights, x, at) {
      const psi = tf.cos(tf.mul(tf.reshape(at, [-1, 1, 1]), tf.mul(Math.PI, tf.range(0, cosines))));
      const features = tf.reshape(tf.add(trunk.apply(weights, x), weights[bias.name]!), [-1, dim, cosines]);
      return tf.sum(tf.mul(features, psi), 2);
    },
  };
}

/** Trains along the arc (time-score.ts) of the given stretch. */
export function conditionalTimeScoreTask(network: VectorTimeScore, stretch: number): TrainingTask {
  return {
    name: 'ctsm',
    parameters: network.parameters,
    loss: (weights, batch) => conditionalTimeLoss((x, at) => network.vector(weights, x, at), batch, stretch),
    classes: { first: 0, count: TIMES },
  };
}

/**
 * With x = cos(angle) x0 + sin(angle) eps, the conditional score in dimension i is angle' (cot(angle) (eps_i^2 - 1) - x0_i eps_i);
 * both sides are multiplied by sin(angle) / angle', and the square is divided by its variance 2 cos^2 + sin^2 for x0 of variance 1
 * (their Eq. 21). `t` of the batch counts times.
 */
export function conditionalTimeLoss(
  vector: (x: tf.Tensor, time: tf.Tensor1D) => tf.Tensor2D,
  { x0, epsilon, t }: NoisedBatch,
  stretch: number,
): Losses {
  const at = tf.div(tf.add(tf.cast(t, 'float32'), 0.5), TIMES) as tf.Tensor1D;
  const { angle, speed } = arc(at, stretch);
  const [alpha, sigma] = [tf.cos(angle), tf.sin(angle)];
  const x = tf.add(tf.mul(alpha, x0), tf.mul(sigma, epsilon));
  const target = tf.sub(tf.mul(alpha, tf.sub(tf.square(epsilon), 1)), tf.mul(sigma, tf.mul(x0, epsilon)));
  const gap = tf.sub(tf.mul(tf.div(sigma, speed), vector(x, at)), target);
  const variance = tf.add(1, tf.square(alpha));
  return { loss: tf.mean(tf.sum(tf.div(tf.square(gap), variance), 1)) };
}
