import { expect, test } from 'vitest';
import { mahalanobis } from '../../src/statistics/mahalanobis.ts';

// Mean (1, 2), covariance [[4, 2], [2, 2]]: of the four points, each as often as its mirror image.
const samples = [
  [2, 0],
  [-2, 0],
  [2, 2],
  [-2, -2],
].flatMap(([a, b]) => [1 + a!, 2 + b!]);

test('mahalanobis is the distance by the inverse covariance', () => {
  // The inverse of [[4, 2], [2, 2]] is [[1/2, -1/2], [-1/2, 1]].
  const distance = mahalanobis(samples, 2, 0);
  expect(Array.from(distance([1, 2, 2, 2, 1, 3, 4, 1]))).toEqual(
    [0, 0.5, 1, 9 / 2 + 3 + 1].map((value) => expect.closeTo(value, 12) as number),
  );
  const own = distance(samples);
  expect(own.reduce((sum, value) => sum + value, 0) / own.length).toBeCloseTo(2, 12);
});

test('it is the same in any coordinates, and a ridge adds its share of the mean variance', () => {
  const map = (values: readonly number[]): number[] =>
    values.map((_, i) => (i % 2 === 0 ? 3 * values[i]! - values[i + 1]! : 0.5 * values[i]! + 7));
  expect(mahalanobis(map(samples), 2, 0)(map([4, 1]))[0]).toBeCloseTo(8.5, 10);
  // Mean variance 3, so r = 3: the covariance is [[7, 2], [2, 5]], its inverse [[5, -2], [-2, 7]] / 31.
  expect(mahalanobis(samples, 2, 1)([2, 3])[0]).toBeCloseTo((5 - 4 + 7) / 31, 12);
});

test('a direction in which samples do not differ needs a ridge', () => {
  const line = [0, 0, 1, 1, 2, 2];
  expect(() => mahalanobis(line, 2, 0)).toThrow(RangeError);
  // Across the line the variance is the ridge's own: (1/2)^2 * 2 / (1e-6 * 2/3).
  expect(mahalanobis(line, 2, 1e-6)([1.5, 0.5])[0]! / (0.5 / ((1e-6 * 2) / 3))).toBeCloseTo(1, 6);
});
