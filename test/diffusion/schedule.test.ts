import fc from 'fast-check';
import { expect, test } from 'vitest';
import { logSnr, noised, scheduleFromSpec, uniformLogSnr, type ScheduleSpec } from '../../src/diffusion/schedule.ts';

const kinds = ['uniform-log-snr', 'ddpm-linear', 'cosine', 'uniform', 'optimal-transport'] as const;
const specs = fc.record({ kind: fc.constantFrom(...kinds), T: fc.integer({ min: 21, max: 1200 }) });

test('every schedule runs from clean data to pure noise, each class noisier than the one before', () => {
  fc.assert(
    fc.property(specs, (spec) => {
      const { T, alpha, sigma } = scheduleFromSpec(spec);
      expect([alpha.length, sigma.length]).toEqual([T + 2, T + 2]);
      expect([alpha[0], sigma[0], alpha[T + 1], sigma[T + 1]]).toEqual([1, 0, 0, 1]);
      const classes = Array.from({ length: T + 1 }, (_, i) => i + 1);
      expect(classes.filter((t) => !(sigma[t]! > sigma[t - 1]! && alpha[t]! < alpha[t - 1]!))).toEqual([]);
      const invariant = (t: number): number =>
        spec.kind === 'optimal-transport' ? alpha[t]! + sigma[t]! : alpha[t]! ** 2 + sigma[t]! ** 2;
      expect(classes.filter((t) => Math.abs(invariant(t) - 1) > 1e-12)).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

test('uniformLogSnr() spaces the classes 1..T equally between its two ends', () => {
  const schedule = uniformLogSnr({ T: 50, sigmaMin: 0.02, logSnrMin: -8 });
  expect(schedule.sigma[1]).toBeCloseTo(0.02, 14);
  expect(logSnr(schedule, 50)).toBeCloseTo(-8, 12);
  const step = logSnr(schedule, 2) - logSnr(schedule, 1);
  for (let t = 2; t < 50; t++) expect(logSnr(schedule, t + 1) - logSnr(schedule, t)).toBeCloseTo(step, 10);
  expect([logSnr(schedule, 0), logSnr(schedule, 51)]).toEqual([Infinity, -Infinity]);
});

test('ddpmLinear() is DDPM at T = 1000 and ends as noisy with fewer classes', () => {
  const spec = (T: number): ScheduleSpec => ({ kind: 'ddpm-linear', T });
  // The alphas_cumprod of the published implementations.
  const { alpha, sigma } = scheduleFromSpec(spec(1000));
  expect(alpha[1]! ** 2).toBeCloseTo(0.9999, 12);
  expect(sigma[1]).toBeCloseTo(0.01, 14);
  expect(alpha[1000]! ** 2 / 4.0358e-5).toBeCloseTo(1, 4);
  expect(scheduleFromSpec(spec(100)).alpha[100]! ** 2).toBeLessThan(1e-4);
});

test('uniform() has sigma_t = t / (T+1) and cosine() half its signal near the middle', () => {
  const { sigma } = scheduleFromSpec({ kind: 'uniform', T: 9 });
  expect(sigma[3]).toBe(0.3);
  const { alpha } = scheduleFromSpec({ kind: 'cosine', T: 1000 });
  const expected = Math.cos((0.508 / 1.008) * (Math.PI / 2)) ** 2 / Math.cos((0.008 / 1.008) * (Math.PI / 2)) ** 2;
  expect(alpha[500]! ** 2).toBeCloseTo(expected, 12);
});

test('optimalTransport() runs straight, and keeps the digits of the small ones of alpha and sigma', () => {
  const { T, alpha, sigma } = scheduleFromSpec({ kind: 'optimal-transport', T: 999 });
  expect([sigma[1], alpha[T], sigma[250]]).toEqual([0.001, 0.001, 0.25]);
});

test('the noise levels of the first classes are right to the last digits, where 1 - abar is not in float32', () => {
  // 1 - abar_t in exact integer arithmetic: betas as fractions of 2^80.
  const { sigma } = scheduleFromSpec({ kind: 'ddpm-linear', T: 1000 });
  const one = 1n << 80n;
  const beta = (t: number): bigint => BigInt(Math.round((1e-4 + ((0.02 - 1e-4) * (t - 1)) / 999) * 2 ** 60)) << 20n;
  let kept = one;
  for (let t = 1; t <= 5; t++) {
    kept = (kept * (one - beta(t))) >> 80n;
    expect(sigma[t]! ** 2 / (Number(one - kept) / 2 ** 80) - 1).toBeCloseTo(0, 13);
  }
  const { sigma: fine } = uniformLogSnr({ T: 100, sigmaMin: 0.001 });
  expect(fine[1]! / 0.001 - 1).toBeCloseTo(0, 13);
});

test('a single class is at sigmaMin', () => {
  expect(uniformLogSnr({ T: 1 }).sigma[1]).toBeCloseTo(0.01, 14);
});

test('schedules refuse what has no meaning, by name', () => {
  expect(() => uniformLogSnr({ T: 0 })).toThrow('T must be a positive integer, got 0');
  expect(() => uniformLogSnr({ T: 10, sigmaMin: 1 })).toThrow('sigmaMin');
  expect(() => uniformLogSnr({ T: 10, logSnrMin: 20 })).toThrow('logSnrMin');
  expect(() => scheduleFromSpec({ kind: 'ddpm-linear', T: 20 })).toThrow('T above 20');
  expect(() => scheduleFromSpec({ kind: 'linear', T: 20 } as unknown as ScheduleSpec)).toThrow('"linear"');
  expect(() => logSnr(uniformLogSnr({ T: 3 }), 5)).toThrow('Class 5 is not among 0..4');
});

test('noised() is the clean sample at t = 0, the noise at T + 1, and alpha x_0 + sigma eps between', () => {
  const schedule = scheduleFromSpec({ kind: 'optimal-transport', T: 3 });
  const [x0, epsilon] = [Float32Array.of(1, -2), Float32Array.of(5, 6)];
  expect(noised(x0, epsilon, schedule, 0)).toEqual(x0);
  expect(noised(x0, epsilon, schedule, 4)).toEqual(epsilon);
  expect(noised(x0, epsilon, schedule, 1)).toEqual(Float32Array.of(2, 0));
  expect(() => noised(x0, epsilon, schedule, 5)).toThrow(RangeError);
});
