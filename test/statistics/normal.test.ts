import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalInterval, normalLogCdf, scaledErfc } from '../../src/statistics/normal.ts';
import { logIntegral } from '../support/integral.ts';

const LOG_SQRT_2PI = Math.log(2 * Math.PI) / 2;

describe('normalInterval', () => {
  test('is the integral of the normal density, and its mean that of z, from the middle to the far tail', () => {
    const intervals = fc.record({
      center: fc.double({ min: -40, max: 40, noNaN: true }),
      half: fc.double({ min: -9, max: 1, noNaN: true }).map(Math.exp),
    });
    fc.assert(
      fc.property(intervals, ({ center, half }) => {
        const [a, b] = [center - half, center + half];
        // Where the density falls by exp(-100) the rest of the interval adds nothing.
        const [low, high] = [Math.max(a, Math.min(b, -15) - 3), Math.min(b, Math.max(a, 15) + 3)];
        const log = (z: number) => -(z * z) / 2 - LOG_SQRT_2PI;
        const { logMass, mean } = normalInterval(center, half);
        const expected = logIntegral(log, low, high);
        expect(Math.abs(logMass - expected)).toBeLessThan(1e-10 * (1 + Math.abs(expected)));
        const shift = low - 1; // Makes the integrand positive.
        const expectedMean = shift + Math.exp(logIntegral((z) => log(z) + Math.log(z - shift), low, high) - expected);
        expect(Math.abs(mean - expectedMean)).toBeLessThan(2e-9 * (1 + Math.abs(expectedMean)));
      }),
    );
  });

  test('joins its two ways of computing without a step', () => {
    for (const center of [0, 0.3, 2, 7]) {
      // half (center + half) = 4 is where they meet.
      const half = (-center + Math.sqrt(center * center + 16)) / 2;
      const [below, above] = [normalInterval(center, half * (1 - 1e-12)), normalInterval(center, half * (1 + 1e-12))];
      expect(Math.abs(below.logMass - above.logMass)).toBeLessThan(2e-11);
      expect(Math.abs(below.mean - above.mean)).toBeLessThan(2e-11);
    }
  });
});

test('scaledErfc() is exp(x^2) erfc(x)', () => {
  for (const x of [0, 0.5, 1.9, 2, 3, 8, 30]) {
    const log = logIntegral((t) => -t * t - 2 * x * t, 0, 12 / (1 + x / 2)) + Math.log(2 / Math.sqrt(Math.PI));
    expect(Math.abs(Math.log(scaledErfc(x)) - log)).toBeLessThan(1e-12);
  }
  expect(scaledErfc(0)).toBe(1);
});

test('normalLogCdf() is the logarithm of the distribution function, in both tails', () => {
  for (const z of [-30, -5, -1, 0, 0.4, 3, 9]) {
    const expected = logIntegral((u) => -(u * u) / 2 - LOG_SQRT_2PI, z < -5 ? z - 1.5 : -12, z);
    expect(Math.abs(normalLogCdf(z) - expected)).toBeLessThan(1e-8 * (1 + Math.abs(expected)));
  }
  expect(normalLogCdf(9)).toBeLessThan(0);
});
