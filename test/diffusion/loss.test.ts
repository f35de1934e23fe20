import { expect, test } from 'vitest';
import type { Classifier } from '../../src/diffusion/cdm.ts';
import { balancedWeights, cdmLoss, ddmLoss } from '../../src/diffusion/loss.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { tf } from '../../src/tensor/tf.ts';

// A linear classifier, f(x) = x W, has the gradient of F everywhere: column T+1 of W minus column t.
const schedule = uniformLogSnr({ T: 3 });
const { T, alpha, sigma } = schedule;
const W = [
  [0.5, -1, 0.25, 2, -0.75],
  [1.5, 0.3, -0.6, 0.1, 0.9],
];
const x0 = [
  [0.2, -0.4],
  [1.1, 0.6],
  [-0.3, 0.8],
  [0.05, -1.2],
];
const epsilon = [
  [0.7, 0.1],
  [-1.3, 0.4],
  [0.2, -0.9],
  [1.6, -0.5],
];
const t = [0, 1, 3, 4];
const batch = () => ({ x0: tf.tensor2d(x0), epsilon: tf.tensor2d(epsilon), t: tf.tensor1d(t, 'int32') });
const linear =
  (weights: tf.Tensor2D): Classifier =>
  (x) =>
    tf.matMul(x as tf.Tensor2D, weights);

test('cdmLoss() is the loss of Algorithm 1 computed by hand in float64', () => {
  let [ce, mse, hits] = [0, 0, 0];
  for (const [i, c] of t.entries()) {
    const x = x0[i]!.map((value, d) => alpha[c]! * value + sigma[c]! * epsilon[i]![d]!);
    const logits = W[0]!.map((w, k) => x[0]! * w + x[1]! * W[1]![k]!);
    ce += (Math.log(logits.reduce((sum, logit) => sum + Math.exp(logit), 0)) - logits[c]!) / 4;
    if (logits.indexOf(Math.max(...logits)) === c) hits += 1 / 4;
    for (const d of [0, 1]) {
      const epsilonHat = sigma[c]! * (W[d]![T + 1]! - W[d]![c]! + x[d]!);
      mse += (epsilon[i]![d]! - epsilonHat) ** 2 / 8;
    }
  }
  const losses = tf.tidy(() => {
    const result = cdmLoss(linear(tf.tensor2d(W)), schedule, batch(), { ce: 0.3, mse: 2 });
    return Object.fromEntries(Object.entries(result).map(([name, value]) => [name, value.dataSync()[0]!]));
  });
  expect(losses['ce']).toBeCloseTo(ce, 5);
  expect(losses['mse']).toBeCloseTo(mse, 5);
  expect(losses['loss']).toBeCloseTo(0.3 * ce + 2 * mse, 5);
  expect(losses['accuracy']).toBe(hits);
});

test('the squared error gives no gradient at t = 0 and T+1, where the cross-entropy does', () => {
  const gradient = (classes: number[], weights: { ce: number; mse: number }) =>
    tf.tidy(() => {
      const noised = { ...batch(), t: tf.tensor1d(classes, 'int32') };
      const loss = (w: tf.Tensor): tf.Scalar => cdmLoss(linear(w as tf.Tensor2D), schedule, noised, weights).loss;
      return Math.max(...tf.grad(loss)(tf.tensor2d(W)).dataSync().map(Math.abs));
    });
  const ends = [0, T + 1, 0, T + 1];
  expect(gradient(ends, { ce: 0, mse: 1 })).toBe(0);
  expect(gradient(ends, { ce: 1, mse: 0 })).toBeGreaterThan(0.01);
  expect(gradient([1, 2, 3, 1], { ce: 0, mse: 1 })).toBeGreaterThan(0.01);
});

test('a constant of each class changes the cross-entropy and not the squared error', () => {
  const losses = (offset: number[]) =>
    tf.tidy(() => {
      const classifier = (x: tf.Tensor): tf.Tensor2D => tf.add(linear(tf.tensor2d(W))(x), tf.tensor1d(offset));
      const { ce, mse } = cdmLoss(classifier, schedule, batch(), balancedWeights(2));
      return { ce: ce!.dataSync()[0]!, mse: mse.dataSync()[0]! };
    });
  const [plain, shifted] = [losses([0, 0, 0, 0, 0]), losses([3, -1, 2, 0, 1])];
  expect(shifted.mse).toBe(plain.mse);
  expect(Math.abs(shifted.ce - plain.ce)).toBeGreaterThan(0.1);
});

test('ddmLoss() is the mean squared error of the predicted noise', () => {
  const denoiser = (x: tf.Tensor, classes: tf.Tensor1D) => tf.mul(x, tf.reshape(tf.cast(classes, 'float32'), [-1, 1]));
  let expected = 0;
  for (const [i, c] of t.entries()) {
    for (const d of [0, 1]) {
      expected += (epsilon[i]![d]! - c * (alpha[c]! * x0[i]![d]! + sigma[c]! * epsilon[i]![d]!)) ** 2 / 8;
    }
  }
  expect(tf.tidy(() => ddmLoss(denoiser, schedule, batch()).loss.dataSync()[0])).toBeCloseTo(expected, 4);
});

test('balancedWeights() weighs the mean of squares by the dimension', () => {
  expect(balancedWeights(64)).toEqual({ ce: 1, mse: 64 });
});
