// How much memory a graph takes: values are counted while something still needs them.
import { expect, test } from 'vitest';
import { evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { peakBytes } from '../../src/tensor/memory.ts';
import { tf } from '../../src/tensor/tf.ts';
import { trace } from '../../src/tensor/trace.ts';

/** Of n numbers, and one level for each. */
const peak = (n: number, model: (x: tf.Tensor) => tf.Tensor): number =>
  peakBytes(trace(evaluationProgram('model', { batch: n, shape: [1] }, [], () => (x) => model(x))));

test('a chain needs its input, its output and one value between them', () => {
  const chain = (length: number) => (x: tf.Tensor) =>
    Array.from({ length }).reduce<tf.Tensor>((value, _, i) => (i % 2 === 0 ? tf.sin(value) : tf.cos(value)), x);
  // x and t stay. Two steps on, the first value is free.
  expect(peak(100, chain(1))).toBe(100 * 4 * 3);
  expect(peak(100, chain(2))).toBe(100 * 4 * 4);
  expect(peak(100, chain(50))).toBe(100 * 4 * 4);
});

test('what is needed again later stays', () => {
  // x, t, sin x, cos sin x and their sum.
  const again = (x: tf.Tensor): tf.Tensor => tf.add(tf.sin(x), tf.cos(tf.sin(x)));
  expect(peak(100, again)).toBe(100 * 4 * 5);
});

test('a reshaped value is no copy, and keeps what it is a view of', () => {
  const flat = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.sin(tf.reshape(tf.sin(x), [10, 10])), [100, 1]);
  expect(peak(100, flat)).toBe(100 * 4 * 4);
});

test('a constant stays, and is counted once', () => {
  const times = (x: tf.Tensor): tf.Tensor => {
    const matrix = tf.tensor2d(Array.from({ length: 50 }, (_, i) => i), [1, 50]); // prettier-ignore
    return tf.sum(tf.matMul(x as tf.Tensor2D, matrix), 1, true);
  };
  // x and t, 50 constants, the product, and its sums.
  expect(peak(10, times)).toBe(4 * (10 + 10 + 50 + 500 + 10));
});
