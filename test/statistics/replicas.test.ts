import { expect, test } from 'vitest';
import { varianceBetweenReplicas, varianceOf } from '../../src/statistics/replicas.ts';
import { normals } from '../../src/tensor/random.ts';

const noise = (step: number): number[] => Array.from(normals({ seed: 5, purpose: 'replicas', step }, 4000));
/** What is to be estimated, which no variance of errors may contain. */
const truth = noise(100).map((value) => 10 * value);

test('independent errors: their variance, whatever they are errors of, and whatever constants are added', () => {
  const replicas = [0, 1, 2, 3].map((k) => noise(k).map((error, i) => truth[i]! + 0.5 * error + k));
  const { value, standardError } = varianceBetweenReplicas(replicas);
  expect(Math.abs(value - 0.25)).toBeLessThan(4 * standardError);
  expect(standardError).toBeLessThan(0.02);
});

test('two replicas: half the variance of their difference', () => {
  const [a, b] = [noise(0), noise(1)];
  expect(varianceBetweenReplicas([a, b]).value).toBeCloseTo(varianceOf(a.map((value, i) => value - b[i]!)) / 2, 12);
});

test('an error that all replicas share is invisible', () => {
  const shared = noise(9);
  const replicas = [0, 1].map((k) => noise(k).map((error, i) => truth[i]! + 3 * shared[i]! + 0.1 * error));
  expect(varianceBetweenReplicas(replicas).value).toBeCloseTo(0.01, 3);
});

test('one replica says nothing', () => {
  expect(() => varianceBetweenReplicas([[1, 2]])).toThrow('at least two');
});
