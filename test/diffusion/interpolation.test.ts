import fc from 'fast-check';
import { expect, test } from 'vitest';
import { interpolationAt, levelAt } from '../../src/diffusion/interpolation.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';

const kinds = ['uniform-log-snr', 'ddpm-linear', 'cosine', 'uniform', 'optimal-transport'] as const;
const places = fc
  .record({ T: fc.integer({ min: 21, max: 200 }), share: fc.double({ min: 0, max: 1, noNaN: true }) })
  .map(({ T, share }) => ({ T, t: 1 + share * (T - 1) }));

test('interpolationAt() takes classes 1..T, gives integers themselves, and straight lines their points and slope', () => {
  fc.assert(
    fc.property(places, ({ T, t }) => {
      const { weights, slopes } = interpolationAt(T, t);
      const combine = (parts: ReadonlyMap<number, number>, f: (u: number) => number) =>
        [...parts].reduce((sum, [u, weight]) => sum + weight * f(u), 0);
      expect([...weights.keys()].every((u) => u >= 1 && u <= T)).toBe(true);
      expect(combine(weights, (u) => 3 - 2 * u)).toBeCloseTo(3 - 2 * t, 9);
      expect(combine(slopes, (u) => 3 - 2 * u)).toBeCloseTo(-2, 9);
      expect(combine(interpolationAt(T, Math.round(t)).weights, (u) => (u === Math.round(t) ? 1 : 0))).toBe(1);
      if (t > 2 && t < T - 1) {
        // Inside, parabolas too.
        expect(combine(weights, (u) => (u - t) ** 2)).toBeCloseTo(0, 9);
        expect(combine(slopes, (u) => (u - t) ** 2)).toBeCloseTo(0, 9);
      }
    }),
  );
  expect(() => interpolationAt(10, 0.5)).toThrow('it must be in 1..10');
});

test('levelAt() has the noise of the classes, their invariant between them, and its own slopes', () => {
  fc.assert(
    fc.property(fc.constantFrom(...kinds), places, (kind, { T, t }) => {
      const schedule = scheduleFromSpec({ kind, T });
      const whole = levelAt(schedule, Math.round(t));
      expect(whole.alpha).toBeCloseTo(schedule.alpha[Math.round(t)]!, 12);
      expect(whole.sigma).toBeCloseTo(schedule.sigma[Math.round(t)]!, 12);
      const { alpha, sigma, logAlphaSlope, logRatioSlope } = levelAt(schedule, t);
      if (kind !== 'optimal-transport') expect(alpha ** 2 + sigma ** 2).toBeCloseTo(1, 12);
      const h = 1e-5;
      if (Math.floor(t - h) !== Math.floor(t + h) || t - h < 1 || t + h > T) return;
      const [before, after] = [levelAt(schedule, t - h), levelAt(schedule, t + h)];
      const slope = (f: (level: typeof before) => number) => (f(after) - f(before)) / (2 * h);
      expect(slope((level) => Math.log(level.alpha))).toBeCloseTo(logAlphaSlope, 5);
      expect(slope((level) => Math.log(level.sigma / level.alpha))).toBeCloseTo(logRatioSlope, 5);
    }),
  );
});
