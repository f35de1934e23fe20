import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auroc } from '../../src/statistics/auroc.ts';
import { normals } from '../../src/tensor/random.ts';

test('auroc counts the pairs in the right order, ties as half', () => {
  expect(auroc([3, 4], [1, 2])).toEqual({ value: 1, standardError: 0 });
  // Of 6 pairs: 3 > 1, 3 > 2, 3 = 3, 2 > 1, 2 = 2, 2 < 3.
  expect(auroc([3, 2], [1, 2, 3]).value).toBeCloseTo((3 + 0.5 + 0.5) / 6, 14);
  expect(() => auroc([1], [1, 2])).toThrow(RangeError);
});

test('auroc of swapped groups is one minus it, with the same error, and monotone maps change nothing', () => {
  const scores = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 2, maxLength: 12 });
  fc.assert(
    fc.property(scores, scores, (a, b) => {
      const { value, standardError } = auroc(a, b);
      const swapped = auroc(b, a);
      expect(swapped.value).toBeCloseTo(1 - value, 12);
      expect(swapped.standardError).toBeCloseTo(standardError, 12);
      const mapped = auroc(a.map(Math.exp), b.map(Math.exp));
      expect(mapped.value).toBeCloseTo(value, 12);
    }),
  );
});

test('the error of auroc is the spread of its estimate, and two normal laws give Phi(shift / sqrt 2)', () => {
  const values: number[] = [];
  let claimed = 0;
  const repetitions = 200;
  for (let i = 0; i < repetitions; i++) {
    const z = normals({ seed: i, purpose: 'test' }, 100);
    const { value, standardError } = auroc(
      z.subarray(0, 40).map((score) => score + 1),
      z.subarray(40),
    );
    values.push(value);
    claimed += standardError ** 2 / repetitions;
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / repetitions;
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (repetitions - 1);
  // Phi(1 / sqrt 2) = 0.76025.
  expect(Math.abs(mean - 0.76025)).toBeLessThan(4 * Math.sqrt(spread / repetitions));
  expect(claimed / spread).toBeGreaterThan(0.7);
  expect(claimed / spread).toBeLessThan(1.4);
});
