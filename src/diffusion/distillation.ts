// One classifier learns what another says, such as the average of several: its logits are targets without noise, where a class
// that was drawn and the noise itself are targets with much of it.
import { tf } from '../tensor/tf.ts';
import { denoise, type Classifier } from './cdm.ts';
import { diffuse } from './forward.ts';
import type { DenoisingLosses, LossWeights, NoisedBatch } from './loss.ts';
import type { Schedule } from './schedule.ts';

/**
 * weights.ce * KL(softmax of the teacher's logits || that of the student's), nats, and weights.mse * the mean squared
 * difference of their denoisers (Theorem 3.1), both at x_t for t among 0..T+1: Algorithm 1 with expectations for targets, zero
 * when the two agree. A difference that is the same for all classes is in neither, and in no density.
 */
export function distillationLoss(
  student: Classifier,
  teacher: Classifier,
  schedule: Schedule,
  { x0, epsilon, t }: NoisedBatch,
  weights: LossWeights,
): DenoisingLosses {
  const xt = diffuse(schedule, x0, epsilon, t);
  const taught = denoise(teacher, schedule, xt, t);
  const own = denoise(student, schedule, xt, t);
  const target = tf.logSoftmax(taught.logits);
  const ratios = tf.mul(tf.exp(target), tf.sub(target, tf.logSoftmax(own.logits)));
  const kl: tf.Scalar = tf.mean(tf.sum(ratios, 1));
  const mse: tf.Scalar = tf.mean(tf.square(tf.sub(taught.epsilonHat, own.epsilonHat)));
  return { loss: tf.add(tf.mul(weights.ce, kl), tf.mul(weights.mse, mse)) as tf.Scalar, kl, mse };
}
