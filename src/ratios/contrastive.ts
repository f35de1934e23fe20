// The contrastive training of Wu et al. (2024): a denoiser holds a log density at every noise level, as an integral of its
// errors over log-SNR (Kong et al., 2023), and so tells data from data with noise. Their loss is that of this classifier.
import { denoiseAt } from '../diffusion/cdm.ts';
import { diffuse } from '../diffusion/forward.ts';
import { interpolationAt } from '../diffusion/interpolation.ts';
import { cdmLoss, type NoisedBatch } from '../diffusion/loss.ts';
import { classGrid } from '../diffusion/sampler.ts';
import { at, logSnr, type Schedule } from '../diffusion/schedule.ts';
import type { TrainingTask } from '../diffusion/training-step.ts';
import { tf } from '../tensor/tf.ts';
import type { RatioNetwork } from './network.ts';

/** What the integrals of p and of p_zeta need at the classes u of the log-SNRs l that they are taken over. */
interface Nodes {
  /** The classes u, [n]. */
  readonly classes: Int32Array;
  /** Of the trapezoidal rule over log-SNR, [n]. */
  readonly weights: Float32Array;
  /** For each zeta = 0..T and u, the weights of the classes whose logits make that of p_zeta at u, [T+1, n, T+2]. */
  readonly noised: Float32Array;
}

/**
 * log p(z) - log p_zeta(z), nats, [count], of z [count, dim] and classes zeta [count], p_zeta being the law of data at the
 * noise level zeta. With z_l = alpha z + sigma eps at log-SNR l it is
 *
 *     1/2 integral dl E_eps [ |eps - epsHat_zeta(z_l)|^2 - |eps - epsHat(z_l)|^2 ],
 *
 * whose denoiser for p_zeta is the same network's: noise on top of noise is the level of alpha_l alpha_zeta. One draw of
 * `epsilon` [count * n, dim] for each of the n nodes, in both errors. The schedule preserves variance.
 */
export function levelLogRatio(
  f: (x: tf.Tensor) => tf.Tensor2D,
  schedule: Schedule,
  nodes: Nodes,
  { z, zeta, epsilon }: { readonly z: tf.Tensor2D; readonly zeta: tf.Tensor1D; readonly epsilon: tf.Tensor },
): tf.Tensor1D {
  const [count, dim] = z.shape;
  const n = nodes.classes.length;
  const levels = tf.tile(tf.tensor1d(nodes.classes, 'int32'), [count]);
  const repeated = tf.reshape(tf.tile(tf.expandDims(z, 1), [1, n, 1]), [count * n, dim]);
  const zl = diffuse(schedule, repeated, epsilon, levels);
  const noised = tf.reshape(tf.gather(tf.tensor2d(nodes.noised, [schedule.T + 1, n * (schedule.T + 2)]), zeta), [-1, schedule.T + 2]); // prettier-ignore
  const clean = tf.oneHot(levels, schedule.T + 2, 1, 0, 'float32') as tf.Tensor2D;
  const sigma = tf.gather(tf.tensor1d(Float32Array.from(schedule.sigma)), levels);
  // The noise estimate is -sigma_l times the score, which for p_zeta is that of the noisier level.
  const { epsilonHat } = denoiseAt(f, tf.concat([zl, zl]), tf.concat([clean, noised as tf.Tensor2D]), tf.concat([sigma, sigma])); // prettier-ignore
  const errors = tf.sum(tf.square(tf.sub(epsilonHat, tf.concat([epsilon, epsilon]))), 1);
  const [own, other] = tf.split(errors, 2);
  const gaps = tf.reshape(tf.sub(other!, own!), [count, n]);
  return tf.sum(tf.mul(gaps, tf.tensor2d(nodes.weights.map((weight) => weight / 2), [1, n])), 1) as tf.Tensor1D; // prettier-ignore
}

/** `count` classes of 1..T, evenly spread, for the integral over log-SNR, with the levels of all p_zeta at them. */
export function contrastiveNodes(schedule: Schedule, count: number): Nodes {
  const { T, alpha, sigma } = schedule;
  const classes = Int32Array.from(classGrid(T, count));
  const lambda = (i: number): number => logSnr(schedule, classes[Math.min(count - 1, Math.max(0, i))]!);
  const noised = new Float32Array((T + 1) * count * (T + 2));
  for (let zeta = 0; zeta <= T; zeta++) {
    for (const [i, u] of classes.entries()) {
      const signal = (at(alpha, zeta) * at(alpha, u)) ** 2;
      const noise = at(sigma, u) ** 2 + (at(alpha, u) * at(sigma, zeta)) ** 2;
      const { weights } = interpolationAt(T, classAt(schedule, Math.log(signal / noise)));
      for (const [k, weight] of weights) noised[(zeta * count + i) * (T + 2) + k] = weight;
    }
  }
  const weights = Float32Array.from(classes, (_, i) => Math.abs(lambda(i - 1) - lambda(i + 1)) / 2);
  return { classes, weights, noised };
}

/** The real t in [1, T] whose log-SNR is lambda, by straight lines between classes; T below the last. */
function classAt(schedule: Schedule, lambda: number): number {
  const { T } = schedule;
  let t = 1;
  while (t < T && logSnr(schedule, t + 1) > lambda) t++;
  if (t === T) return T;
  const [above, below] = [logSnr(schedule, t), logSnr(schedule, t + 1)];
  return t + Math.min(1, Math.max(0, (above - lambda) / (above - below)));
}

/**
 * The denoising loss and the contrastive one, both in nats and of weight 1 as in the published code: half the integral of the
 * squared errors over log-SNR, and the logistic loss of telling z ~ p from z ~ p_zeta. A batch of B gives the first, and B / n
 * samples of it, with n nodes each, the second; every other of them is noised.
 */
export function contrastiveTask(network: RatioNetwork, schedule: Schedule, nodeCount: number): TrainingTask {
  const nodes = contrastiveNodes(schedule, nodeCount);
  const range = logSnr(schedule, 1) - logSnr(schedule, schedule.T);
  return {
    name: 'contrastive noise classifier',
    parameters: network.parameters,
    classes: { first: 1, count: schedule.T },
    loss(weights, batch) {
      const f = (x: tf.Tensor): tf.Tensor2D => network.logits(weights, x);
      const dim = batch.x0.shape[1]!;
      const denoising = cdmLoss(f, schedule, batch, { ce: 0, mse: (dim * range) / 2 });
      const contrastive = contrastiveLoss(f, schedule, nodes, batch);
      return { ...denoising, contrastive, loss: tf.add(denoising.loss, contrastive) as tf.Scalar };
    },
  };
}

function contrastiveLoss(
  f: (x: tf.Tensor) => tf.Tensor2D,
  schedule: Schedule,
  nodes: Nodes,
  { x0, epsilon, t }: NoisedBatch,
): tf.Scalar {
  const n = nodes.classes.length;
  const count = Math.floor(x0.shape[0]! / n);
  if (count < 2) throw new RangeError(`A batch of ${x0.shape[0]} has no two samples of ${n} nodes each`);
  // Classes are stratified over the batch: one of each stretch of n is spread as evenly.
  const strided = (shift: number): tf.Tensor1D =>
    tf.tensor1d(Int32Array.from({ length: count }, (_, k) => ((k + shift) % count) * n), 'int32'); // prettier-ignore
  const clean = tf.gather(x0, strided(0)) as tf.Tensor2D;
  const zeta = tf.gather(t, strided(0)) as tf.Tensor1D;
  // Its own noise, and not that of its nodes.
  const noisy = diffuse(schedule, clean, tf.gather(epsilon, strided(1)), zeta);
  const isClean = tf.tensor2d(
    Float32Array.from({ length: count }, (_, k) => 1 - (k % 2)),
    [count, 1],
  );
  const z = tf.add(tf.mul(isClean, clean), tf.mul(tf.sub(1, isClean), noisy)) as tf.Tensor2D;
  const own = tf.slice(epsilon, [0, 0], [count * n, -1]);
  const ratio = levelLogRatio(f, schedule, nodes, { z, zeta, epsilon: own });
  const sign = tf.sub(1, tf.mul(2, tf.reshape(isClean, [count])));
  return tf.mean(tf.softplus(tf.mul(sign, ratio)));
}
