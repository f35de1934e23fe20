import { describe, expect, test } from 'vitest';
import { adamStep, type AdamOptions } from '../../src/tensor/adam.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

const size = 5;
const steps = 40;
const gradientAt = (step: number) =>
  normals({ seed: 3, purpose: 'gradient', step }, size).map((z) => z * 10 ** (z - 1));
const rateAt = (step: number) => 0.1 / step;

/** Algorithm 1 of the paper as it is written there, in float64. */
function referenceAdam(start: Float32Array, beta1: number, beta2: number, epsilon: number): Float64Array {
  const parameters = Float64Array.from(start);
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  for (let step = 1; step <= steps; step++) {
    for (const [i, gradient] of gradientAt(step).entries()) {
      first[i] = beta1 * first[i]! + (1 - beta1) * gradient;
      second[i] = beta2 * second[i]! + (1 - beta2) * gradient ** 2;
      const firstHat = first[i]! / (1 - beta1 ** step);
      const secondHat = second[i]! / (1 - beta2 ** step);
      parameters[i]! -= (rateAt(step) * firstHat) / (Math.sqrt(secondHat) + epsilon);
    }
  }
  return parameters;
}

function run(start: Float32Array, options?: AdamOptions): Float32Array {
  return tf.tidy(() => {
    let state = {
      parameters: tf.tensor1d(start),
      firstMoment: tf.zeros([size]),
      secondMoment: tf.zeros([size]),
    } as Parameters<typeof adamStep>[0];
    for (let step = 1; step <= steps; step++) {
      state = adamStep(state, tf.tensor1d(gradientAt(step)), tf.scalar(rateAt(step)), tf.scalar(step), options);
    }
    return state.parameters.dataSync() as Float32Array;
  });
}

describe('adamStep agrees with the published algorithm', () => {
  const start = normals({ seed: 3, purpose: 'start' }, size);
  test.each([
    ['by default', undefined, [0.9, 0.99, 1e-8], 1e-5],
    ['with a large epsilon', { epsilon: 0.5 }, [0.9, 0.99, 0.5], 1e-5],
    ['with the published betas', { beta1: 0.9, beta2: 0.999 }, [0.9, 0.999, 1e-8], 1e-4],
  ] as const)('%s', (_, options, [beta1, beta2, epsilon], tolerance) => {
    const expected = referenceAdam(start, beta1, beta2, epsilon);
    const actual = run(start, options);
    const moved = expected.map((value, i) => Math.abs(value - start[i]!));
    expect(Math.min(...moved)).toBeGreaterThan(0.005);
    for (let i = 0; i < size; i++) expect(Math.abs(actual[i]! - expected[i]!)).toBeLessThan(tolerance);
  });
});

test('adamStep moves the first step by the learning rate against the sign of the gradient', () => {
  const moved = tf.tidy(() => {
    const zero = tf.zeros([2]) as Parameters<typeof adamStep>[1];
    const state = { parameters: zero, firstMoment: zero, secondMoment: zero };
    return adamStep(state, tf.tensor1d([1e-3, -50]), tf.scalar(0.25), tf.scalar(1)).parameters.dataSync();
  });
  expect(moved[0]).toBeCloseTo(-0.25, 4);
  expect(moved[1]).toBeCloseTo(0.25, 5);
});

test('adamStep leaves parameters that never had a gradient where they are', () => {
  const state = tf.tidy(() => {
    const zero = tf.zeros([1]) as Parameters<typeof adamStep>[1];
    const start = { parameters: tf.tensor1d([3]), firstMoment: zero, secondMoment: zero };
    return adamStep(start, zero, tf.scalar(1), tf.scalar(1)).parameters.dataSync()[0];
  });
  expect(state).toBe(3);
});
