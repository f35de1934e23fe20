import { expect, test } from 'vitest';
import { logMeanExp } from '../../src/statistics/log-mean.ts';

test('the logarithm of a mean, whatever the size of the weights', () => {
  const { value, standardError, n, effectiveShare, largestShare } = logMeanExp([1000, 1000 + Math.log(3)]);
  expect(value).toBeCloseTo(1000 + Math.log(2), 10);
  // Weights 1 and 3 are 2 +- 1 on average.
  expect(standardError).toBeCloseTo(1 / 2, 10);
  expect(n).toBe(2);
  expect(effectiveShare).toBeCloseTo(16 / 10 / 2, 10);
  expect(largestShare).toBeCloseTo(3 / 4, 10);
});

test('equal weights have no error', () => {
  const { value, standardError, effectiveShare, largestShare } = logMeanExp([-2, -2, -2, -2]);
  expect([value, standardError, effectiveShare, largestShare]).toEqual([-2, 0, 1, 1 / 4]);
});
