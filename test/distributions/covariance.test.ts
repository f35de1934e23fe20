import { expect, test } from 'vitest';
import { blendWithIdentity, gaussianWithCovariance } from '../../src/distributions/covariance.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { correlatedPairs, toySpec } from '../../src/distributions/toys.ts';
import { covarianceOfSamples } from '../../src/statistics/moments.ts';
import { normals } from '../../src/tensor/random.ts';

test('gaussianWithCovariance() is the density that the same covariance has in another basis', () => {
  const rho = 0.7;
  const covariance = [
    [1, rho, 0, 0],
    [rho, 1, 0, 0],
    [0, 0, 1, rho],
    [0, 0, rho, 1],
  ];
  const [pairs, general] = [
    densityFromSpec(correlatedPairs(4, rho)),
    densityFromSpec({ kind: 'covariance', covariance }),
  ];
  const x = normals({ seed: 1, purpose: 'x' }, 12);
  for (const [alpha, sigma] of [
    [1, 0],
    [0.6, 0.5],
  ] as const) {
    const expected = pairs.at(alpha, sigma).logProb(x);
    for (const [i, value] of general.at(alpha, sigma).logProb(x).entries()) expect(value).toBeCloseTo(expected[i]!, 10);
  }
  const noise = pairs.posteriorNoise(x, 0.6, 0.5);
  for (const [i, value] of general.posteriorNoise(x, 0.6, 0.5).entries()) expect(value).toBeCloseTo(noise[i]!, 10);
});

test('gaussianWithCovariance() of the covariance of samples has their mean and covariance', () => {
  const dim = 16;
  const density = densityFromSpec(toySpec('field4'));
  const data = density.sample(2000, { seed: 2, purpose: 'data' });
  const covariance = covarianceOfSamples(data, dim);
  const gaussian = gaussianWithCovariance(covariance, new Float64Array(dim).fill(3));
  const samples = gaussian.sample(40_000, { seed: 3, purpose: 'samples' });
  const again = covarianceOfSamples(samples, dim);
  for (const [i, value] of again.entries()) {
    const [row, column] = [Math.floor(i / dim), i % dim];
    const scale = Math.sqrt(covariance[row * (dim + 1)]! * covariance[column * (dim + 1)]!);
    expect(Math.abs(value - covariance[i]!)).toBeLessThan((5 * scale * Math.SQRT2) / Math.sqrt(40_000));
  }
});

test('blendWithIdentity() is the covariance of appendix D', () => {
  expect(Array.from(blendWithIdentity(Float64Array.of(2, 1, 1, 3), 0.36))).toEqual([
    0.8 * 2 + 0.6,
    0.8,
    0.8,
    0.8 * 3 + 0.6,
  ]);
  expect(() => blendWithIdentity(Float64Array.of(1), 2)).toThrow('gamma must be in [0, 1], got 2');
});

test('what is not a covariance is refused', () => {
  const refused = (covariance: number[]) => expect(() => gaussianWithCovariance(Float64Array.from(covariance)));
  refused([1, 2, 3]).toThrow('not square');
  refused([1, 2, 3, 4]).toThrow('symmetric');
  refused([1, 2, 2, 1]).toThrow('variance');
});
