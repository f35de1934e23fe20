// What is measured of a toy, on classifiers in closed form: nothing is wrong with the optimal one, and a known error of
// another is found as large as it is.
import { expect, test } from 'vitest';
import { densityFromSpec, type MixtureSpec } from '../../../src/distributions/spec.ts';
import { correlatedPairs, twoModes } from '../../../src/distributions/toys.ts';
import { runStageProcess } from '../../rig/stage-process.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

const T = 20;
const points = 4000;

function measure(spec: MixtureSpec, shift = 0) {
  using directory = temporaryDirectory();
  const schedule = { kind: 'uniform-log-snr', T, sigmaMin: 0.01, logSnrMin: -9 };
  const numbers = runStageProcess(directory.path, {
    stage: 'exact-toy',
    module: 'test/rig/exact-toy.ts',
    params: { schedule, spec, points, shift },
    inputs: {},
    outputs: [],
  });
  // The points of the stage, which has this seed.
  const x = densityFromSpec(spec).sample(points, { seed: 7, purpose: 'toy/points' });
  const of = (name: string): number => numbers[name]!.value;
  const errorsFrom = (name: string, truth: number): number =>
    Math.abs(of(name) - truth) / numbers[name]!.standardError!;
  return { numbers, x, of, errorsFrom };
}

/** Of points [count, 2], how many are nearer to the lighter mode. */
function shareOnTheRight(x: Float32Array): number {
  return x.filter((value, k) => k % 2 === 0 && value > 0).length / (x.length / 2);
}

test('the optimal classifier of two modes has the true density, modes, normalizer, posterior and denoiser', () => {
  const spec = twoModes();
  const { numbers, x, of, errorsFrom } = measure(spec);
  for (const name of ['nll-error-mae', 'nll-1-error-mae']) expect(of(name)).toBeLessThan(2e-4);
  expect(of('nll')).toBeCloseTo(of('nll-exact'), 3);
  const logs = densityFromSpec(spec).logProb(x);
  expect(of('nll-exact')).toBeCloseTo(-logs.reduce((sum, value) => sum + value, 0) / points, 10);
  expect(numbers['nll-exact']!.kind).toBe('exact');
  // With nothing to reweigh, the weight of a mode is its share of the points.
  const share = shareOnTheRight(x);
  expect(of('mode-weight')).toBeCloseTo(share, 4);
  expect(of('mode-weight-error')).toBeCloseTo(Math.abs(share - 0.2), 4);
  expect(errorsFrom('normalizer', 1)).toBeLessThan(4);
  expect(numbers['normalizer']!.standardError).toBeLessThan(0.03);
  expect(Math.abs(of('posterior-kl'))).toBeLessThan(1e-5);
  expect(of('mse-excess')).toBeLessThan(1e-7);
});

test('a class 0 too likely by .3 nats is an error of .3, an integral of e^.3, and no matter of modes or denoising', () => {
  const { x, of, errorsFrom } = measure(twoModes(), 0.3);
  expect(of('nll-error-signed')).toBeCloseTo(0.3, 3);
  expect(of('nll-error-mae')).toBeCloseTo(0.3, 3);
  expect(of('log-z')).toBeCloseTo(0.3, 3);
  expect(of('nll-error-variance')).toBeLessThan(1e-6);
  expect(of('nll-1-error-mae')).toBeLessThan(2e-4);
  expect(errorsFrom('normalizer', Math.exp(0.3))).toBeLessThan(4);
  expect(errorsFrom('normalizer', 1)).toBeGreaterThan(8);
  const share = shareOnTheRight(x);
  expect(of('mode-weight')).toBeCloseTo(share, 4);
  expect(of('posterior-kl')).toBeGreaterThan(1e-3);
  expect(of('mse-excess')).toBeLessThan(1e-7);
});

test('the optimal classifier of correlated pairs has their mutual information', () => {
  const { of, errorsFrom, numbers } = measure(correlatedPairs(6));
  expect(of('mutual-information-exact')).toBeCloseTo(1.5, 12);
  expect(errorsFrom('mutual-information', 1.5)).toBeLessThan(4);
  expect(numbers['mutual-information']!.standardError).toBeLessThan(0.04);
  expect(of('nll-error-mae')).toBeLessThan(2e-4);
  expect(numbers).not.toHaveProperty('mode-weight');
});
