import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holm } from '../../src/statistics/holm.ts';
import { welchDifference } from '../../src/statistics/mean.ts';
import { studentQuantile, studentTail } from '../../src/statistics/student.ts';

test('holm() multiplies the smallest by the number of tests, and keeps the order', () => {
  // As R's p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm").
  const corrected = holm([0.01, 0.04, 0.03, 0.005]);
  [0.03, 0.06, 0.06, 0.02].forEach((p, index) => expect(corrected[index]).toBeCloseTo(p, 12));
  expect(holm([])).toEqual([]);
  expect(holm([0.7, 0.9])).toEqual([1, 1]);
});

test('holm() never lowers a p, never goes beyond Bonferroni, and does not depend on the order', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), (p) => {
      const corrected = holm(p);
      corrected.forEach((value, index) => {
        expect(value).toBeGreaterThanOrEqual(p[index]!);
        expect(value).toBeLessThanOrEqual(Math.min(1, p[index]! * p.length) || 0);
      });
      expect(holm(p.toReversed())).toEqual(corrected.toReversed());
    }),
  );
});

test('studentTail() is the inverse of studentQuantile(), and symmetric', () => {
  for (const degrees of [1, 2, 4.5, 30]) {
    for (const p of [0.001, 0.05, 0.4, 0.5, 0.8, 0.999]) {
      expect(studentTail(studentQuantile(1 - p, degrees), degrees)).toBeCloseTo(p, 12);
      expect(studentTail(-1.3, degrees) + studentTail(1.3, degrees)).toBeCloseTo(1, 14);
    }
  }
  expect([studentTail(Infinity, 3), studentTail(-Infinity, 3)]).toEqual([0, 1]);
  expect(() => studentTail(1, 0)).toThrow(RangeError);
});

test('welchDifference() agrees with a worked example', () => {
  // NIST/SEMATECH e-Handbook 7.3.1: two processes.
  const old = [32, 37, 35, 28, 41, 44, 35, 31, 34, 38, 42];
  const current = [36, 31, 30, 31, 34, 36, 29, 32, 31];
  const { mean, standardError, degreesOfFreedom } = welchDifference(old, current);
  const variance = (values: number[]) => {
    const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
    return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / (values.length - 1);
  };
  const [u, v] = [variance(old) / old.length, variance(current) / current.length];
  expect(mean).toBeCloseTo(397 / 11 - 290 / 9, 12);
  expect(standardError).toBeCloseTo(Math.sqrt(u + v), 12);
  expect(degreesOfFreedom).toBeCloseTo((u + v) ** 2 / (u ** 2 / 10 + v ** 2 / 8), 10);
  // The handbook gives t = 2.269 with 15.533 degrees of freedom.
  expect(mean / standardError).toBeCloseTo(2.269, 2);
  expect(degreesOfFreedom).toBeCloseTo(15.533, 2);
});
