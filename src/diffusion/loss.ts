// Training losses: Algorithm 1 of the CDM paper, and DDPM's simple loss for the baseline. Both return scalars.
import { tf } from '../tensor/tf.ts';
import { denoise, type Classifier } from './cdm.ts';
import type { Denoiser } from './ddm.ts';
import { diffuse } from './forward.ts';
import type { Schedule } from './schedule.ts';

/** Clean data x0 and standard normal noise epsilon, both [batch, ...], and classes t (int32 [batch]). */
export interface NoisedBatch {
  readonly x0: tf.Tensor;
  readonly epsilon: tf.Tensor;
  readonly t: tf.Tensor1D;
  /** What a conditional network is told of each image, int32 [batch]. */
  readonly label?: tf.Tensor1D;
  /** Dropout masks [batch, …] of a network that drops units. */
  readonly masks?: tf.Tensor2D;
}

/** Weights of the cross-entropy (nats) and of the mean squared error per dimension. */
export interface LossWeights {
  readonly ce: number;
  readonly mse: number;
}

/** What is minimized, `loss`, and what is watched beside it. */
export type Losses = { readonly loss: tf.Scalar } & Readonly<Record<string, tf.Scalar>>;
/** Those of a model that denoises. */
export type DenoisingLosses = Losses & { readonly mse: tf.Scalar };

/**
 * In nats per sample the cross-entropy and the *sum* of squares over `dim` dimensions are commensurable. The paper's
 * 0.001 * CE + MSE at dim = 3072 is, up to a factor, CE + dim/3 * MSE; on small data 0.001 loses the weights of modes.
 */
export function balancedWeights(dim: number): LossWeights {
  return { ce: 1, mse: dim };
}

/**
 * Algorithm 1: x_t = alpha_t x0 + sigma_t eps for t among 0..T+1, and weights.ce * CE(f(x_t), t) + weights.mse *
 * MSE(eps, epsilonHat). Also the two terms by themselves and the accuracy of t. At t = 0 the MSE is constant and at T+1
 * it is zero: only the cross-entropy trains logit 0.
 */
export function cdmLoss(
  classifier: Classifier,
  schedule: Schedule,
  batch: NoisedBatch,
  weights: LossWeights,
): DenoisingLosses {
  const { x0, epsilon, t } = batch;
  const xt = diffuse(schedule, x0, epsilon, t);
  const { logits, epsilonHat } = denoise(classifier, schedule, xt, t);
  const ce = crossEntropy(logits, t);
  const mse = meanSquaredError(epsilon, epsilonHat);
  const loss = tf.add(tf.mul(weights.ce, ce), tf.mul(weights.mse, mse));
  return { loss: loss as tf.Scalar, ce, mse, accuracy: accuracyOf(logits, t) };
}

/** DDPM's simple loss, MSE(eps, epsilonHat(x_t, t)), for t among 1..T. */
export function ddmLoss(denoiser: Denoiser, schedule: Schedule, { x0, epsilon, t }: NoisedBatch): DenoisingLosses {
  const mse = meanSquaredError(epsilon, denoiser(diffuse(schedule, x0, epsilon, t), t));
  return { loss: mse, mse };
}

/** Cross-entropy of the labels of clean images, and the accuracy: what a classifier of images is trained with. */
export function labelLoss(classifier: Classifier, { x0, label }: NoisedBatch): Losses {
  if (label === undefined) throw new Error('A classifier of images needs the label of each');
  const logits = classifier(x0);
  const ce = crossEntropy(logits, label);
  return { loss: ce, ce, accuracy: accuracyOf(logits, label) };
}

function accuracyOf(logits: tf.Tensor2D, classes: tf.Tensor1D): tf.Scalar {
  return tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), classes), 'float32'));
}

/** Mean over the batch of -log softmax(logits)[t], nats. Logits reach hundreds of nats: log-softmax, never log of softmax. */
function crossEntropy(logits: tf.Tensor2D, t: tf.Tensor1D): tf.Scalar {
  const target = tf.oneHot(t, logits.shape[1], 1, 0, 'float32');
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), target), 1)));
}

/** Mean over batch and dimensions. */
function meanSquaredError(a: tf.Tensor, b: tf.Tensor): tf.Scalar {
  return tf.mean(tf.square(tf.sub(a, b)));
}
