import { expect, test } from 'vitest';
import { tf } from '../../src/tensor/tf.ts';

const logistic = (x: number) => 1 / (1 + Math.exp(-x));
/** Softmax of (x, 0) is (s(x), 1 - s(x)). */
const firstOfTwo = (x: tf.Tensor) => tf.softmax(tf.stack([x, tf.zerosLike(x)], 1)).slice([0, 0], [-1, 1]);

test.each([
  ['exp', tf.exp, Math.exp, Math.exp],
  ['tanh', tf.tanh, (x: number) => 1 - Math.tanh(x) ** 2, (x: number) => -2 * Math.tanh(x) * (1 - Math.tanh(x) ** 2)],
  [
    'sigmoid',
    tf.sigmoid,
    (x: number) => logistic(x) * logistic(-x),
    (x: number) => logistic(x) * logistic(-x) * (1 - 2 * logistic(x)),
  ],
  [
    'softmax',
    firstOfTwo,
    (x: number) => logistic(x) * logistic(-x),
    (x: number) => logistic(x) * logistic(-x) * (1 - 2 * logistic(x)),
  ],
  ['log(1 + exp)', (x: tf.Tensor) => tf.log(tf.add(1, tf.exp(x))), logistic, (x: number) => logistic(x) * logistic(-x)],
])('%s has its first and second derivative', (_, f, first, second) => {
  const points = [-2, -0.3, 0.7, 1.5];
  const slope = tf.grad((x) => tf.sum(f(x)));
  const curvature = tf.grad((x) => tf.sum(slope(x)));
  const [slopes, curvatures] = tf.tidy(() => [slope, curvature].map((g) => g(tf.tensor1d(points)).dataSync()));
  for (const [i, x] of points.entries()) {
    expect(slopes![i]).toBeCloseTo(first(x), 5);
    expect(curvatures![i]).toBeCloseTo(second(x), 5);
  }
});
