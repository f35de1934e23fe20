// Classification diffusion models (Yadin et al., 2024): a network f that tells the noise level t of x is a denoiser
// (Theorem 3.1) and a density (Theorem 3.2). Nothing here assumes alpha^2 + sigma^2 = 1.
import { tf } from '../tensor/tf.ts';
import type { Denoiser } from './ddm.ts';
import type { Schedule } from './schedule.ts';

/** f: x [batch, ...] to logits [batch, T+2], the log-probabilities of the classes 0..T+1 up to a function of x. */
export type Classifier = (x: tf.Tensor) => tf.Tensor2D;

/**
 * Theorem 3.1 (Eq. 8): with F(x, t) = f(x)[T+1] - f(x)[t] = log p(T+1|x) - log p(t|x),
 *
 *     E[eps | x_t = x] = sigma_t (grad_x F(x, t) + x).
 *
 * One forward and one backward pass give the logits [batch, T+2] and the noise estimate (shaped like x) for the
 * classes `t` (int32 [batch]); both can be differentiated again.
 */
export function denoise(
  classifier: Classifier,
  schedule: Schedule,
  x: tf.Tensor,
  t: tf.Tensor1D,
): { logits: tf.Tensor2D; epsilonHat: tf.Tensor } {
  return denoiseAt(classifier, x, oneHot(t, schedule.T), tf.gather(tf.tensor1d(Float32Array.from(schedule.sigma)), t));
}

/**
 * Eq. 8 at any noise level sigma [batch], whose logit is the combination `classes` [batch, T+2] of those of the classes: one
 * of them at a class, of weight 1, or several between classes.
 */
export function denoiseAt(
  classifier: Classifier,
  x: tf.Tensor,
  classes: tf.Tensor2D,
  sigma: tf.Tensor1D,
): { logits: tf.Tensor2D; epsilonHat: tf.Tensor } {
  // F is linear in the logits, so its gradient is the backward pass started from dF/df.
  const { value: logits, grad: gradF } = tf.valueAndGrad(classifier)(x, logRatioOf(classes));
  const perSample = tf.reshape(sigma, [-1, ...new Array<number>(x.rank - 1).fill(1)]);
  return { logits: logits as tf.Tensor2D, epsilonHat: tf.mul(perSample, tf.add(gradF, x)) };
}

/**
 * Theorem 3.2 (Eq. 10): the log density of the classes `t` (int32 [batch]) at x, in nats, [batch], from one forward pass:
 *
 *     log p_t(x) = log(p(T+1) / p(t)) + f(x)[t] - f(x)[T+1] + log N(x; 0, I),
 *
 * where the prior term is zero, as the classes are equally likely. At t = 0 it is the density of the data. It is an
 * estimate: no more normalized than the classifier is right.
 */
export function logDensity(classifier: Classifier, schedule: Schedule, x: tf.Tensor, t: tf.Tensor1D): tf.Tensor1D {
  const F = tf.sum(tf.mul(classifier(x), logRatioOf(oneHot(t, schedule.T))), 1);
  return tf.sub(standardNormalLogDensity(x), F);
}

/** The CDM as a denoiser, for samplers. */
export function cdmDenoiser(classifier: Classifier, schedule: Schedule): Denoiser {
  return (x, t) => denoise(classifier, schedule, x, t).epsilonHat;
}

/** log N(x; 0, I) of each sample of x [batch, ...], nats, [batch]. */
export function standardNormalLogDensity(x: tf.Tensor): tf.Tensor1D {
  const dim = x.size / (x.shape[0] ?? 1);
  const axes = x.shape.slice(1).map((_, axis) => axis + 1);
  return tf.sub(-0.5 * dim * Math.log(2 * Math.PI), tf.mul(0.5, tf.sum(tf.square(x), axes)));
}

/** dF/df [batch, T+2], e[T+1] less `classes`: with it F = f[T+1] - f[t] is a sum over classes. */
function logRatioOf(classes: tf.Tensor2D): tf.Tensor2D {
  const [batch, count] = classes.shape;
  return tf.sub(oneHot(tf.fill([batch], count - 1, 'int32'), count - 2), classes);
}

/** [batch, T+2] */
function oneHot(t: tf.Tensor1D, T: number): tf.Tensor2D {
  return tf.oneHot(t, T + 2, 1, 0, 'float32') as tf.Tensor2D;
}
