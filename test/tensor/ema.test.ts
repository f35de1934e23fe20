import { expect, test } from 'vitest';
import { emaStep } from '../../src/tensor/ema.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const step = (average: ArrayLike<number>, value: ArrayLike<number>, decay: number) =>
  tf.tidy(
    () =>
      emaStep(
        tf.tensor1d(Float32Array.from(average)),
        tf.tensor1d(Float32Array.from(value)),
        tf.scalar(decay),
      ).dataSync() as Float32Array,
  );

test('emaStep is the weighted mean of average and value', () => {
  const average = normals({ seed: 1, purpose: 'average' }, 50);
  const value = normals({ seed: 1, purpose: 'value' }, 50);
  for (const decay of [0.5, 0.9, 0.9999]) {
    const next = step(average, value, decay);
    for (let i = 0; i < 50; i++) {
      expect(Math.abs(next[i]! - (decay * average[i]! + (1 - decay) * value[i]!))).toBeLessThan(1e-6);
    }
  }
});

test('emaStep copies the value when the decay is 0 and stays put when there is nothing to follow', () => {
  const value = normals({ seed: 2, purpose: 'value' }, 50);
  expect(
    step(
      value.map((v) => 1e3 * v),
      value,
      0,
    ),
  ).toEqual(value);
  expect(step(value, value, 0.995)).toEqual(value);
});

test('emaStep, repeated, is the exponential average of the whole history', () => {
  const history = Array.from({ length: 200 }, (_, i) => Math.sin(i / 10));
  const average = history.reduce((running, value) => step([running], [value], 0.98)[0]!, 0);
  const expected = history.reduce((sum, value, i) => sum + 0.02 * 0.98 ** (199 - i) * value, 0);
  expect(average).toBeCloseTo(expected, 5);
});
