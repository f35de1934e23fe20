// DRE-infinity (Choi, Meng, Song and Ermon, 2022): TRE with infinitely many waymarks. Between them the log ratio is an
// integral of scores: of the time score d/dtau log p_tau alone, at x; or, pathwise, of time and data score along a path.
import type { Losses, NoisedBatch } from '../diffusion/loss.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import type { FeatureNetwork } from './network.ts';

/** What scores are at x [batch, dim] and time [batch]. */
export interface Scores {
  /** s = d/dtime log p_time(x), [batch]. */
  readonly time: tf.Tensor1D;
  /** ds/dtime, [batch]. */
  readonly slope: tf.Tensor1D;
  /** grad_x log p_time(x), [batch, dim]; undefined of a model of the time score alone. */
  readonly data?: tf.Tensor;
}

/** Scores as a function of weights; `scores` can be differentiated with respect to them. */
export interface ScoreNetwork {
  readonly parameters: readonly Parameter[];
  scores(weights: Tensors, x: tf.Tensor, time: tf.Tensor1D): Scores;
}

/** The angle of the path x = cos(angle) x0 + sin(angle) eps, and its first two derivatives by time, each [batch, 1]. */
export interface Arc {
  readonly angle: tf.Tensor;
  readonly speed: tf.Tensor;
  readonly acceleration: tf.Tensor;
}

/**
 * The path from data (time 0) to noise (1), smooth at both ends: its angle is pi/2 (e^{c time} - 1) / (e^c - 1), c being the
 * `stretch`, or pi/2 time where that is 0. Stretched, noise grows by equal factors from about e^-c on: time is spent
 * where a density of that width changes.
 */
export function arc(time: tf.Tensor1D, stretch: number): Arc {
  const column = tf.reshape(time, [-1, 1]);
  const quarter = Math.PI / 2;
  if (stretch === 0) {
    const speed = tf.fill(column.shape, quarter);
    return { angle: tf.mul(quarter, column), speed, acceleration: tf.zerosLike(column) };
  }
  const grown = tf.mul(quarter / Math.expm1(stretch), tf.exp(tf.mul(stretch, column)));
  const speed = tf.mul(stretch, grown);
  return { angle: tf.sub(grown, quarter / Math.expm1(stretch)), speed, acceleration: tf.mul(stretch, speed) };
}

/**
 * Scores from features of x combined by cosines of time, psi_k(time) = cos(pi k time):
 *
 *     time = <phi(x) + b, psi(time)>,    data = -x + grad_x <chi(x), psi(time)>  (where `pathwise`),
 *
 * phi and chi being halves of one trunk's features. For Gaussian data and quadratic features the truth is in the family.
 */
export function scoreNetwork(trunk: FeatureNetwork, cosines: number, pathwise: boolean): ScoreNetwork {
  const bias: Parameter = { name: 'time/bias', shape: [cosines], init: { kind: 'zeros' } };
  return {
    parameters: [...trunk.parameters, bias],
    scores(weights, x, at) {
      const frequency = tf.reshape(tf.mul(Math.PI, tf.range(0, cosines)), [1, cosines]);
      const phase = tf.mul(tf.reshape(at, [-1, 1]), frequency);
      const psi = tf.cos(phase);
      const part = (features: tf.Tensor, first: number) => tf.slice(features, [0, first], [-1, cosines]);
      const features = trunk.apply(weights, x);
      const phi = tf.add(part(features, 0), weights[bias.name]!);
      const along = (values: tf.Tensor) => tf.sum(tf.mul(phi, values), 1) as tf.Tensor1D;
      const time = { time: along(psi), slope: along(tf.neg(tf.mul(frequency, tf.sin(phase)))) };
      if (!pathwise) return time;
      const potential = (y: tf.Tensor) => tf.sum(tf.mul(part(trunk.apply(weights, y), cosines), psi), 1);
      return { ...time, data: tf.sub(tf.grad(potential)(x), x) };
    },
  };
}

/** Times of a step, (t + 1/2) / TIMES: training draws them as it draws classes, evenly spread. */
export const TIMES = 4096;

/**
 * Time score matching (their Eq. 8, weight 1): E_time E_{p_time} (s - d/dtime log p_time)^2 up to a constant, integrated by
 * parts so that only samples are needed,
 *
 *     E_time E_{p_time} [s^2 + 2 ds/dtime] + 2 E_{p_0} s(x, 0) - 2 E_{p_1} s(x, 1),
 *
 * and, for a network with a data score, denoising score matching beside it: E |eps + sigma data|^2, sum over dimensions.
 */
export function scoreTask(network: ScoreNetwork, stretch: number): TrainingTask {
  return {
    name: 'dre-infinity',
    parameters: network.parameters,
    loss: (weights, batch) => scoreLoss((x, time) => network.scores(weights, x, time), batch, stretch),
    classes: { first: 0, count: TIMES },
  };
}

/** The loss of any scores, such as the exact ones. `t` of the batch counts times. */
export function scoreLoss(
  scores: (x: tf.Tensor, time: tf.Tensor1D) => Scores,
  { x0, epsilon, t }: NoisedBatch,
  stretch: number,
): Losses {
  const [batch] = t.shape;
  const at = tf.div(tf.add(tf.cast(t, 'float32'), 0.5), TIMES) as tf.Tensor1D;
  const { angle } = arc(at, stretch);
  const x = tf.add(tf.mul(tf.cos(angle), x0), tf.mul(tf.sin(angle), epsilon));
  // One pass of the network over the three places.
  const { time, slope, data } = scores(
    tf.concat([x, x0, epsilon]),
    tf.concat([at, tf.zeros([batch]), tf.ones([batch])]) as tf.Tensor1D,
  );
  const [within, atData, atNoise] = tf.split(time, 3);
  const inside = tf.mean(tf.add(tf.square(within!), tf.mul(2, tf.slice(slope, 0, batch))));
  const ends = tf.sub(tf.mean(atData!), tf.mean(atNoise!));
  const timeLoss = tf.add(inside, tf.mul(2, ends)) as tf.Scalar;
  if (data === undefined) return { loss: timeLoss };
  const residual = tf.add(epsilon, tf.mul(tf.sin(angle), tf.slice(data, 0, batch)));
  const dataLoss = tf.mean(tf.sum(tf.square(residual), 1)) as tf.Scalar;
  return { loss: tf.add(timeLoss, dataLoss) as tf.Scalar, time: timeLoss, data: dataLoss };
}

/**
 * Minus d/dtime log p_time(x(time)), [batch], whose integral over time is log p_0(x(0)) - log p_1(x(1)), where x(0) = x. The
 * path stays at x and needs the time score alone; or, `toOrigin`, it is x(time) = (1 - time) x and needs both.
 */
export function descent(
  scores: ScoreNetwork['scores'],
  weights: Tensors,
  x: tf.Tensor,
  at: tf.Tensor1D,
  toOrigin: boolean,
): tf.Tensor1D {
  if (!toOrigin) return tf.neg(scores(weights, x, at).time);
  const { time, data } = scores(weights, tf.mul(tf.sub(1, tf.reshape(at, [-1, 1])), x), at);
  if (data === undefined) throw new TypeError('descent: the path to the origin needs a data score');
  return tf.sub(tf.sum(tf.mul(data, x), 1), time) as tf.Tensor1D;
}
