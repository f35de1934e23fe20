import { expect, test } from 'vitest';
import { distillationLoss } from '../../src/diffusion/distillation.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { tf } from '../../src/tensor/tf.ts';

const schedule = uniformLogSnr({ T: 6 });
const density = densityFromSpec(toySpec('two'));
const teacher = exactLogits(density, schedule.alpha, schedule.sigma);
const count = 8;
const batch = {
  x0: tf.tensor2d(density.sample(count, { seed: 1, purpose: 'x0' }), [count, 2]),
  epsilon: tf.randomNormal([count, 2], 0, 1, 'float32', 3),
  t: tf.tensor1d([0, 1, 2, 3, 4, 5, 6, 7], 'int32'),
};
const lossOf = (student: typeof teacher) => {
  const { loss, kl, mse } = distillationLoss(student, teacher, schedule, batch, { ce: 2, mse: 3 });
  return [loss, kl!, mse].map((value) => value.dataSync()[0]!) as [number, number, number];
};

test('nothing is left to learn of a teacher that one agrees with, up to what is the same for all classes', () => {
  const [loss, kl, mse] = lossOf((x) => tf.add(teacher(x), tf.sum(tf.square(x), 1, true)));
  expect(Math.abs(kl)).toBeLessThan(1e-5);
  expect(mse).toBeLessThan(1e-8);
  expect(Math.abs(loss)).toBeLessThan(1e-4);
});

test('a class that is too likely costs its divergence, and nothing of the denoiser', () => {
  const shift = tf.tensor1d([0.5, 0, 0, 0, 0, 0, 0, 0]);
  const [loss, kl, mse] = lossOf((x) => tf.add(teacher(x), shift));
  expect(kl).toBeGreaterThan(1e-3);
  expect(mse).toBeLessThan(1e-8);
  expect(loss).toBeCloseTo(2 * kl, 5);
});

test('a gradient that is wrong by v costs sigma^2 |v|^2 / 2 in the plane', () => {
  // Class t has the logit 3 x_1 more: its denoiser is wrong by 3 sigma_t along the first axis, all others not.
  const [, , mse] = lossOf((x) => {
    const first = tf.slice(x, [0, 0], [count, 1]);
    return tf.add(teacher(x), tf.matMul(first, tf.tensor2d([[0, 0, 0, 3, 0, 0, 0, 0]])));
  });
  expect(mse).toBeCloseTo((9 * schedule.sigma[3]! ** 2) / (2 * count), 5);
});
