// Diffusive classification (DiffCLF: OuYang, Grenioux and Hernandez-Lobato, 2026): the levels that a classifier tells apart are
// a few at a time, drawn anew, where a CDM tells all. The denoising loss beside it is the same.
import { denoise } from '../diffusion/cdm.ts';
import { diffuse } from '../diffusion/forward.ts';
import type { LossWeights } from '../diffusion/loss.ts';
import type { Schedule } from '../diffusion/schedule.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import { tf } from '../tensor/tf.ts';
import type { RatioNetwork } from './network.ts';

/**
 * Groups of `levels` samples whose classes are equally far apart, shifted from group to group, and the cross-entropy of which
 * class of its group each is of: logits that are right for all classes are right for these. `t` of a batch is evenly spread, so
 * that samples a fixed number of rows apart make such a group; what is left of the division is not used.
 */
export function fewLevelsTask(
  network: RatioNetwork,
  schedule: Schedule,
  levels: number,
  weights: LossWeights,
): TrainingTask {
  if (!(levels >= 2)) throw new RangeError(`A classification needs at least 2 levels, got ${levels}`);
  return {
    name: 'diffclf',
    parameters: network.parameters,
    loss: (values, batch) => {
      const share = Math.floor(batch.t.shape[0] / levels);
      const [x0, epsilon, t] = [batch.x0, batch.epsilon, batch.t].map((rows) => tf.slice(rows, 0, share * levels));
      const classes = t as tf.Tensor1D;
      const xt = diffuse(schedule, x0!, epsilon!, classes);
      const { logits, epsilonHat } = denoise((x) => network.logits(values, x), schedule, xt, classes);
      const ce = groupCrossEntropy(logits, classes, levels);
      const mse = tf.mean(tf.square(tf.sub(epsilon!, epsilonHat))) as tf.Scalar;
      return { loss: tf.add(tf.mul(weights.ce, ce), tf.mul(weights.mse, mse)) as tf.Scalar, ce, mse };
    },
    classes: { first: 0, count: schedule.T + 2 },
  };
}

/** Row m * share + j is of group j. Mean of -log softmax over the logits of the classes of its group. */
export function groupCrossEntropy(logits: tf.Tensor2D, t: tf.Tensor1D, levels: number): tf.Scalar {
  const [rows, classes] = logits.shape;
  const grouped = (values: tf.Tensor): tf.Tensor3D =>
    tf.transpose(tf.reshape(values, [levels, rows / levels, classes]), [1, 0, 2]);
  const ofGroup = tf.matMul(grouped(logits), grouped(tf.oneHot(t, classes, 1, 0, 'float32')), false, true);
  const own = tf.tile(tf.eye(levels), [rows / levels, 1]);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(tf.reshape(ofGroup, [rows, levels])), own), 1)));
}
