import { describe, expect, test } from 'vitest';
import { studentInterval, studentQuantile } from '../../src/statistics/student.ts';

describe('studentQuantile', () => {
  // The usual printed table (NIST/SEMATECH e-Handbook, 1.3.6.7.2), three decimals.
  test.each([
    [1, 0.95, 6.314],
    [1, 0.975, 12.706],
    [1, 0.99, 31.821],
    [1, 0.999, 318.309],
    [2, 0.95, 2.92],
    [2, 0.975, 4.303],
    [2, 0.99, 6.965],
    [2, 0.999, 22.327],
    [4, 0.9, 1.533],
    [4, 0.975, 2.776],
    [4, 0.995, 4.604],
    [9, 0.95, 1.833],
    [9, 0.975, 2.262],
    [9, 0.999, 4.297],
    [29, 0.975, 2.045],
    [29, 0.99, 2.462],
    [100, 0.975, 1.984],
    [100, 0.999, 3.174],
  ])('with %i degrees of freedom at %f is %f', (degrees, p, expected) => {
    expect(Math.abs(studentQuantile(p, degrees) - expected)).toBeLessThan(0.0011);
  });

  test('agrees with the closed forms of one and two degrees of freedom', () => {
    for (const p of [0.001, 0.2, 0.4999, 0.5, 0.7, 0.975, 0.9999]) {
      expect(studentQuantile(p, 1) / Math.tan(Math.PI * (p - 0.5)) || 1).toBeCloseTo(1, 8);
      expect(studentQuantile(p, 2) / ((2 * p - 1) / Math.sqrt(2 * p * (1 - p))) || 1).toBeCloseTo(1, 8);
    }
  });

  test('tends to the normal quantile', () => {
    expect(studentQuantile(0.975, 1e6)).toBeCloseTo(1.959964, 5);
    expect(studentQuantile(0.5, 7)).toBe(0);
  });

  test('refuses impossible arguments', () => {
    expect(() => studentQuantile(1, 3)).toThrow('p must be in (0, 1), got 1');
    expect(() => studentQuantile(0.9, 0)).toThrow('degrees must be > 0, got 0');
  });
});

test('studentInterval is the mean plus and minus t standard errors', () => {
  const [low, high] = studentInterval({ mean: 10, standardError: 2, n: 3 }, 0.95);
  expect(low).toBeCloseTo(10 - 2 * 4.302653, 5);
  expect(high).toBeCloseTo(10 + 2 * 4.302653, 5);
});
