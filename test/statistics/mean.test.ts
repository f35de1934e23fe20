import fc from 'fast-check';
import { expect, test } from 'vitest';
import { meanAndStandardError, pairedDifference } from '../../src/statistics/mean.ts';

test('meanAndStandardError agrees with a hand computation', () => {
  const { mean, standardError, n } = meanAndStandardError([2, 4, 4, 4, 5, 5, 7, 9]);
  expect(mean).toBe(5);
  // Squared deviations sum to 32: sqrt(32 / 7 / 8).
  expect(standardError).toBeCloseTo(Math.sqrt(32 / 56), 14);
  expect(n).toBe(8);
});

test('meanAndStandardError shifts and scales with its values', () => {
  const values = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(
      values,
      fc.integer({ min: -5, max: 5 }),
      fc.integer({ min: -1e9, max: 1e9 }),
      (sample, factor, shift) => {
        const before = meanAndStandardError(sample);
        const after = meanAndStandardError(sample.map((value) => factor * value + shift));
        expect(after.mean).toBeCloseTo(factor * before.mean + shift, 5);
        expect(after.standardError).toBeCloseTo(Math.abs(factor) * before.standardError, 5);
      },
    ),
  );
});

test('pairedDifference does not see what the cases have in common', () => {
  const shared = [10, 2000, -300, 45];
  const gains = [1, 2, 3, 2];
  const difference = pairedDifference(
    shared.map((value, i) => value + gains[i]!),
    shared,
  );
  expect(difference).toEqual(meanAndStandardError(gains));
});

test('too few values and unequal lengths are refused', () => {
  expect(() => meanAndStandardError([1])).toThrow('at least two values are needed, got 1');
  expect(() => pairedDifference([1, 2], [1, 2, 3])).toThrow('2 values against 3');
});
