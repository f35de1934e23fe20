// DRE-infinity's own model of correlated pairs (Choi et al., 2022, their code): one matrix Theta, the covariance of the data less
// that of the noise, of which the scores at every time are closed forms.
import type { Losses, NoisedBatch } from '../diffusion/loss.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import type { Parameter } from '../tensor/flat.ts';
import type { Tensors } from '../tensor/program.ts';
import { tf } from '../tensor/tf.ts';
import { TIMES } from './time-score.ts';

/** What a batch is divided into: every time needs an inverse, so that a batch has a few, as evenly spread as can be. */
const GROUPS = 4;

/** Scores of N(0, I + time^2 Theta), the law of time x0 + sqrt(1 - time^2) eps, at x [groups, count, dim] and times [groups]. */
export interface PathScores {
  /** s = d/dtime log p, [groups, count], and by dimension [groups, count, dim]: a sum of which s is. */
  readonly time: tf.Tensor2D;
  readonly timeByDimension: tf.Tensor3D;
  /** ds/dtime, [groups, count]. */
  readonly slope: tf.Tensor2D;
  /** grad_x log p, [groups, count, dim], and its divergence, [groups, 1]. */
  readonly data: tf.Tensor3D;
  readonly divergence: tf.Tensor2D;
}

const matrix = (dim: number): Parameter => ({ name: 'theta', shape: [dim, dim], init: { kind: 'zeros' } });

/** The scores as a function of Theta, of which the symmetric part counts. */
export function pathScores(theta: tf.Tensor2D, x: tf.Tensor3D, time: tf.Tensor1D): PathScores {
  const [groups, , dim] = x.shape;
  const t = tf.reshape(time, [groups, 1, 1]);
  const symmetric = tf.tile(tf.expandDims(tf.mul(0.5, tf.add(theta, tf.transpose(theta))), 0), [groups, 1, 1]);
  const identity = tf.reshape(tf.eye(dim), [1, dim, dim]);
  const precision = inverse(tf.add(identity, tf.mul(tf.square(t), symmetric)) as tf.Tensor3D);
  const product = tf.matMul(precision, symmetric);
  const diagonal = (a: tf.Tensor): tf.Tensor => tf.sum(tf.mul(a, identity), 2);
  const y = tf.matMul(x, precision);
  const z = tf.matMul(y, symmetric);
  // s = t y' Theta y - t tr(S Theta), y = S x, and y' = -2 t S Theta y.
  const byDimension = tf.mul(t, tf.sub(tf.mul(y, z), tf.expandDims(diagonal(product), 1)));
  const energy = tf.sum(tf.mul(y, z), 2);
  const trace = tf.sum(diagonal(product), 1, true);
  const turned = tf.sum(tf.mul(tf.matMul(z, precision), z), 2);
  const traceOfSquare = tf.sum(tf.mul(product, tf.transpose(product, [0, 2, 1])), [1, 2]);
  const square = tf.square(tf.squeeze(t, [2]));
  const slope = tf.sub(
    tf.sub(energy, trace),
    tf.mul(square, tf.sub(tf.mul(4, turned), tf.mul(2, tf.reshape(traceOfSquare, [groups, 1])))),
  );
  return {
    time: tf.sum(byDimension, 2),
    timeByDimension: byDimension as tf.Tensor3D,
    slope: slope as tf.Tensor2D,
    data: tf.neg(y) as tf.Tensor3D,
    divergence: tf.neg(tf.sum(diagonal(precision), 1, true)),
  };
}

/** Doublings of the correct digits, which begin at 1 - 1/condition. */
const ITERATIONS = 11;

/**
 * Inverses of symmetric positive definite matrices [groups, dim, dim] by Newton's iteration X (2 I - A X) from I / |A|, which
 * needs products alone. Its gradient is that of the inverse, -S G S, not of the iteration.
 */
export const inverse = (a: tf.Tensor3D): tf.Tensor3D =>
  tf.customGrad((value: tf.Tensor | tf.GradSaveFunc, save: tf.Tensor | tf.GradSaveFunc) => {
    const matrices = value as tf.Tensor3D;
    const dim = matrices.shape[1];
    const twice = tf.mul(2, tf.reshape(tf.eye(dim), [1, dim, dim]));
    const bound = tf.max(tf.sum(tf.abs(matrices), 2, true), 1, true);
    let x = tf.div(tf.reshape(tf.eye(dim), [1, dim, dim]), bound) as tf.Tensor3D;
    for (let i = 0; i < ITERATIONS; i++) x = tf.matMul(x, tf.sub(twice, tf.matMul(matrices, x)));
    (save as tf.GradSaveFunc)([x]);
    const gradFunc = (dy: tf.Tensor, [s]: tf.Tensor[]) =>
      tf.neg(tf.matMul(tf.matMul(s as tf.Tensor3D, dy as tf.Tensor3D), s as tf.Tensor3D));
    return { value: x, gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor };
  })(a) as tf.Tensor3D;

/** A batch at its few times: x, x0 and eps [groups, share, dim], times [groups]; what is left of the division is not used. */
export function groupsOf({ x0, epsilon, t }: NoisedBatch): {
  x: tf.Tensor3D;
  x0: tf.Tensor3D;
  epsilon: tf.Tensor3D;
  time: tf.Tensor1D;
} {
  const [batch, dim] = x0.shape as [number, number];
  const groups = Math.min(GROUPS, batch);
  const share = Math.floor(batch / groups);
  const split = (values: tf.Tensor) =>
    tf.reshape(tf.slice(values, 0, groups * share), [groups, share, dim]) as tf.Tensor3D;
  const first = tf.slice(tf.reshape(tf.slice(t, 0, groups * share), [groups, share]), [0, 0], [groups, 1]);
  const time = tf.div(tf.add(tf.cast(first, 'float32'), 0.5), TIMES);
  const column = tf.reshape(time, [groups, 1, 1]);
  const noise = tf.sqrt(tf.sub(1, tf.square(column)));
  const [data, eps] = [split(x0), split(epsilon)];
  return {
    x: tf.add(tf.mul(column, data), tf.mul(noise, eps)),
    x0: data,
    epsilon: eps,
    time: tf.reshape(time, [groups]),
  };
}

/**
 * Joint score matching with their weight lambda = 1 - time^2, integrated by parts in place and time,
 *
 *     E lambda (|data|^2 / 2 + divergence + s^2 / 2 + ds/dtime) + lambda' s,
 *
 * whose boundary terms vanish: lambda at the data, s at the noise. The divergence is exact, where theirs is sliced.
 */
export function covariancePathTask(dim: number): TrainingTask {
  const theta = matrix(dim);
  return {
    name: 'dre-infinity',
    parameters: [theta],
    loss: (weights, batch) => {
      const { x, time: t } = groupsOf(batch);
      return jointLoss(pathScores(weights[theta.name] as tf.Tensor2D, x, t), t);
    },
    classes: { first: 0, count: TIMES },
  };
}

/** The loss of any scores, such as the exact ones. */
export function jointLoss({ time, slope, data, divergence }: PathScores, times: tf.Tensor1D): Losses {
  const t = tf.reshape(times, [-1, 1]);
  const weight = tf.sub(1, tf.square(t));
  const half = (values: tf.Tensor): tf.Tensor => tf.mul(0.5, values);
  const space = tf.mean(tf.mul(weight, tf.add(half(tf.sum(tf.square(data), 2)), divergence)));
  const inside = tf.mul(weight, tf.add(half(tf.square(time)), slope));
  const timeLoss = tf.mean(tf.sub(inside, tf.mul(tf.mul(2, t), time)));
  return { loss: tf.add(space, timeLoss) as tf.Scalar, space: space as tf.Scalar, time: timeLoss as tf.Scalar };
}

/**
 * CTSM-v (conditional-time-score.ts) of the same model, along the same path: the conditional score in dimension i is
 * x0_i eps_i / sigma - (eps_i^2 - 1) time / sigma^2, and its variance for x0 of variance 1, (1 + time^2) / sigma^4.
 */
export function conditionalPathTask(dim: number): TrainingTask {
  const theta = matrix(dim);
  return {
    name: 'ctsm',
    parameters: [theta],
    loss: (weights, batch) => {
      const { x, x0, epsilon, time } = groupsOf(batch);
      const { timeByDimension } = pathScores(weights[theta.name] as tf.Tensor2D, x, time);
      const t = tf.reshape(time, [-1, 1, 1]);
      const square = tf.sub(1, tf.square(t));
      const product = tf.mul(tf.sqrt(square), tf.mul(x0, epsilon));
      const target = tf.sub(product, tf.mul(t, tf.sub(tf.square(epsilon), 1)));
      const gap = tf.sub(tf.mul(square, timeByDimension), target);
      return { loss: tf.mean(tf.sum(tf.div(tf.square(gap), tf.add(1, tf.square(t))), 2)) };
    },
    classes: { first: 0, count: TIMES },
  };
}

/** The time score s [batch] at x [batch, dim], all at one time; its integral over time is log p / N(0, I). */
export function timeScoreAt(weights: Tensors, x: tf.Tensor2D, time: tf.Scalar): tf.Tensor1D {
  const scores = pathScores(weights['theta'] as tf.Tensor2D, tf.expandDims(x, 0) as tf.Tensor3D, tf.reshape(time, [1]));
  return tf.squeeze(scores.time, [0]);
}
