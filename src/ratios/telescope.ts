// Density ratios by logistic classifiers: between data and noise (NCE, Gutmann and Hyvarinen, 2010), or between neighbours
// on a chain of waymarks, whose log ratios add up (TRE, Rhodes, Xu and Gutmann, 2020). NCE is the chain without waymarks.
import { diffuse } from '../diffusion/forward.ts';
import type { NoisedBatch } from '../diffusion/loss.ts';
import type { Schedule } from '../diffusion/schedule.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import { tf } from '../tensor/tf.ts';
import type { RatioNetwork } from './network.ts';

/**
 * Classes 0 = w_0 < w_1 < … < w_K = T+1 as evenly spaced as integers can be, K = `bridges`. A RangeError unless
 * 1 <= bridges <= T + 1.
 */
export function waymarks(T: number, bridges: number): number[] {
  if (!Number.isInteger(bridges) || bridges < 1 || bridges > T + 1) {
    throw new RangeError(`bridges must be an integer in 1..${T + 1}, got ${bridges}`);
  }
  return Array.from({ length: bridges + 1 }, (_, k) => Math.round((k * (T + 1)) / bridges));
}

/**
 * Trains r_k(x) = f(x)[w_k] - f(x)[w_k+1] to be log p_{w_k} / p_{w_k+1}: a sample of bridge k is a pair of neighbours made
 * of one x0 and one epsilon (the coupled waymarks of TRE), and its loss is log(1 + e^-r) at the first and log(1 + e^r) at
 * the second. By the sum, f(x)[0] - f(x)[T+1] = log p_0 / N(0, I).
 */
export function telescopeTask(network: RatioNetwork, schedule: Schedule, marks: readonly number[]): TrainingTask {
  const bridges = marks.length - 1;
  const pick = (offset: number) => Int32Array.from({ length: bridges }, (_, k) => marks[k + offset]!);
  return {
    name: bridges === 1 ? 'nce' : 'tre',
    parameters: network.parameters,
    loss: (weights, batch) => ({
      loss: telescopeLoss((x) => network.logits(weights, x), schedule, [pick(0), pick(1)], batch),
    }),
    classes: { first: 0, count: bridges },
  };
}

/** `t` of the batch counts bridges; `from` and `to` are the classes at their ends. */
function telescopeLoss(
  f: (x: tf.Tensor) => tf.Tensor2D,
  schedule: Schedule,
  [from, to]: readonly [Int32Array, Int32Array],
  { x0, epsilon, t }: NoisedBatch,
): tf.Scalar {
  const classOf = (ends: Int32Array) => tf.gather(tf.tensor1d(ends, 'int32'), t) as tf.Tensor1D;
  const ends = [classOf(from), classOf(to)] as const;
  const x = tf.concat(ends.map((each) => diffuse(schedule, x0, epsilon, each)));
  const logits = f(x);
  const sign = (each: tf.Tensor1D) => tf.oneHot(tf.concat([each, each]), schedule.T + 2, 1, 0, 'float32');
  const ratio = tf.sum(tf.mul(logits, tf.sub(sign(ends[0]), sign(ends[1]))), 1);
  const [near, far] = tf.split(ratio, 2);
  const loss = tf.add(tf.mean(tf.softplus(tf.neg(near!))), tf.mean(tf.softplus(far!)));
  return tf.mul(0.5, loss) as tf.Scalar;
}
