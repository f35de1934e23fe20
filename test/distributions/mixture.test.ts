import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { identityBasis, pairBasis } from '../../src/distributions/basis.ts';
import { fourierBasis } from '../../src/distributions/fields.ts';
import { GaussianMixture } from '../../src/distributions/mixture.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { normals } from '../../src/tensor/random.ts';

const number = fc.double({ min: -2, max: 2, noNaN: true });
const std = fc.double({ min: 0.3, max: 2, noNaN: true });
const noise = fc.record({
  alpha: fc.double({ min: 0.05, max: 1, noNaN: true }),
  sigma: fc.double({ min: 0.1, max: 1, noNaN: true }),
});
const component = fc.record({ weight: fc.double({ min: 0.1, max: 3, noNaN: true }), mean: number, std });
const components = fc.array(component, { minLength: 1, maxLength: 4 });
type Components = { weight: number; mean: number; std: number }[];

const mixture1d = (parts: Components) =>
  new GaussianMixture(
    identityBasis(1),
    parts.map(({ weight, mean, std }) => ({
      weight,
      mean: Float64Array.of(mean),
      variance: Float64Array.of(std * std),
    })),
  );

/** The textbook formula, without any of the class's own steps. */
function density1d(parts: Components, x: number): number {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.reduce(
    (sum, { weight, mean, std }) =>
      sum + ((weight / total) * Math.exp(-(((x - mean) / std) ** 2) / 2)) / (std * Math.sqrt(2 * Math.PI)),
    0,
  );
}

/** Trapezoidal sum over [-60, 60], which is exact to rounding for functions as smooth and fast-falling as these. */
function integrate(f: (x: number) => number, step = 0.02): number {
  let sum = 0;
  for (let i = -60 / step; i <= 60 / step; i++) sum += f(i * step);
  return sum * step;
}

describe('in one dimension, GaussianMixture', () => {
  test('has the textbook log density', () => {
    fc.assert(
      fc.property(components, number, (parts, x) => {
        expect(mixture1d(parts).logProb([x])[0]).toBeCloseTo(Math.log(density1d(parts, x)), 10);
      }),
    );
  });

  test('at a noise level is the convolution of its scaled self with the noise', () => {
    fc.assert(
      fc.property(components, noise, number, (parts, { alpha, sigma }, x) => {
        const convolved = integrate((clean) => {
          const noiseDensity = Math.exp(-(((x - alpha * clean) / sigma) ** 2) / 2) / (sigma * Math.sqrt(2 * Math.PI));
          return density1d(parts, clean) * noiseDensity;
        });
        expect(mixture1d(parts).at(alpha, sigma).logProb([x])[0]).toBeCloseTo(Math.log(convolved), 8);
      }),
      { numRuns: 30 },
    );
  });

  test("has the posterior mean of the noise that Bayes' rule gives", () => {
    fc.assert(
      fc.property(components, noise, number, (parts, { alpha, sigma }, x) => {
        const weightOf = (clean: number) =>
          density1d(parts, clean) * Math.exp(-(((x - alpha * clean) / sigma) ** 2) / 2);
        const mean = integrate((clean) => weightOf(clean) * ((x - alpha * clean) / sigma)) / integrate(weightOf);
        expect(mixture1d(parts).posteriorNoise([x], alpha, sigma)[0]).toBeCloseTo(mean, 5);
      }),
      { numRuns: 30 },
    );
  });
});

test('GaussianMixture stays finite far from every mode', () => {
  const parts = [
    { weight: 1, mean: -1, std: 0.3 },
    { weight: 1, mean: 1, std: 0.3 },
  ];
  const far = mixture1d(parts);
  // log(1/2 N(60; 1, .09)): the exponential alone underflows.
  expect(far.logProb([60])[0]).toBeCloseTo(
    Math.log(0.5) - (59 / 0.3) ** 2 / 2 - Math.log(0.3 * Math.sqrt(2 * Math.PI)),
    8,
  );
  expect(far.posteriorNoise([60], 0.9, 0.1)[0]).toBeCloseTo((0.1 * (60 - 0.9)) / (0.81 * 0.09 + 0.01), 6);
});

test('GaussianMixture integrates to one in the plane, clean and noisy', () => {
  for (const name of ['two', 'ring', 'mi2']) {
    for (const [alpha, sigma] of [
      [1, 0],
      [0.7, 0.5],
      [0, 1],
    ] as const) {
      const density = densityFromSpec(toySpec(name)).at(alpha, sigma);
      const step = 0.05;
      const points: number[] = [];
      for (let x = -6; x <= 6; x += step) for (let y = -6; y <= 6; y += step) points.push(x, y);
      const total = density.logProb(points).reduce((sum, log) => sum + Math.exp(log), 0) * step * step;
      expect(total).toBeCloseTo(1, 7);
    }
  }
});

const cases = {
  ring: densityFromSpec(toySpec('ring')),
  mix16: densityFromSpec(toySpec('mix16')),
  mi10: densityFromSpec(toySpec('mi10')),
  field6: densityFromSpec(toySpec('field6')),
  textures5: densityFromSpec(toySpec('textures5')),
};

describe.each(Object.entries(cases))('%s', (_, density) => {
  const { dim } = density;

  test.each([
    [0.95, 0.3],
    [0.5, 0.8],
    [0.1, 1],
  ])('has the posterior noise -sigma grad log p_t (Tweedie) at alpha %f, sigma %f', (alpha, sigma) => {
    const marginal = density.at(alpha, sigma);
    const x = Float64Array.from(marginal.sample(3, { seed: 5, purpose: 'tweedie' }));
    const expected = density.posteriorNoise(x, alpha, sigma);
    const h = 1e-4;
    for (let i = 0; i < 3; i++) {
      for (let d = 0; d < dim; d++) {
        const above = x.slice(i * dim, (i + 1) * dim);
        const below = above.slice();
        above[d]! += h;
        below[d]! -= h;
        const slope = (marginal.logProb(above)[0]! - marginal.logProb(below)[0]!) / (2 * h);
        expect(-sigma * slope).toBeCloseTo(expected[i * dim + d]!, 4);
      }
    }
  });

  test('diffuses in two steps as in one', () => {
    const x = normals({ seed: 1, purpose: 'x' }, 4 * dim);
    const twice = density.at(0.8, 0.4).at(0.5, 0.7).logProb(x);
    const once = density.at(0.4, Math.hypot(0.5 * 0.4, 0.7)).logProb(x);
    for (let i = 0; i < 4; i++) expect(twice[i]).toBeCloseTo(once[i]!, 9);
  });

  test('is pure noise at alpha 0, sigma 1', () => {
    const x = normals({ seed: 1, purpose: 'x' }, 2 * dim);
    const logs = density.at(0, 1).logProb(x);
    const expected = (i: number) =>
      -x.subarray(i * dim, (i + 1) * dim).reduce((sum, v) => sum + v * v + Math.log(2 * Math.PI), 0) / 2;
    expect(logs[0]).toBeCloseTo(expected(0), 9);
    expect(logs[1]).toBeCloseTo(expected(1), 9);
  });

  test('says nothing about the noise when there is none', () => {
    const x = density.sample(2, { seed: 1, purpose: 'x' });
    expect(Array.from(density.posteriorNoise(x, 1, 0))).toEqual(new Array(2 * dim).fill(0));
  });

  test('samples with its own mean and covariance', () => {
    const count = 20_000;
    const x = density.sample(count, { seed: 11, purpose: 'moments' });
    // The mixture's moments in coordinates, the sample's after the change of basis.
    const coordinates = density.basis.coordinates(x);
    for (let d = 0; d < dim; d++) {
      const mean = density.components.reduce((sum, part) => sum + part.weight * part.mean[d]!, 0);
      const variance = density.components.reduce(
        (sum, part) => sum + part.weight * (part.variance[d]! + (part.mean[d]! - mean) ** 2),
        0,
      );
      let [first, second] = [0, 0];
      for (let i = d; i < coordinates.length; i += dim) {
        first += coordinates[i]! - mean;
        second += (coordinates[i]! - mean) ** 2;
      }
      expect(Math.abs(first / count)).toBeLessThan(4.5 * Math.sqrt(variance / count));
      // The kurtosis of every one of these laws is below 7.
      expect(Math.abs(second / count / variance - 1)).toBeLessThan(4.5 * Math.sqrt(6 / count));
    }
  });

  test('makes sample k the same in any batch', () => {
    const key = { seed: 3, purpose: 'batch' };
    expect(density.sample(9, key).slice(0, 4 * dim)).toEqual(density.sample(4, key));
  });

  test('has an entropy near the mean of -log p over its samples', () => {
    // E[-log p] of p under q = p is the smallest cross-entropy: noise or rescaling of the samples must raise it.
    const count = 4000;
    const x = density.sample(count, { seed: 4, purpose: 'entropy' });
    const mean = (values: Float64Array) => values.reduce((sum, v) => sum + v, 0) / count;
    const own = -mean(density.logProb(x));
    expect(-mean(density.at(1, 0.2).logProb(x))).toBeGreaterThan(own);
    expect(-mean(density.at(0.8, 0).logProb(x))).toBeGreaterThan(own);
  });
});

test('GaussianMixture draws components in proportion to their weights', () => {
  const count = 50_000;
  const x = densityFromSpec(toySpec('two')).sample(count, { seed: 9, purpose: 'weights' });
  let right = 0;
  for (let i = 0; i < count; i++) if (x[2 * i]! > 0) right++;
  expect(Math.abs(right / count - 0.2)).toBeLessThan(4 * Math.sqrt((0.2 * 0.8) / count));
});

test('bases are orthonormal: they keep lengths, and vectors undoes coordinates', () => {
  for (const basis of [
    identityBasis(6),
    pairBasis(6),
    fourierBasis(1),
    fourierBasis(4),
    fourierBasis(5),
    fourierBasis(8),
  ]) {
    const x = normals({ seed: 1, purpose: 'basis' }, 3 * basis.dim);
    const coordinates = basis.coordinates(x);
    const back = basis.vectors(coordinates);
    const length = (v: ArrayLike<number>, i: number) =>
      Math.hypot(...Array.from(v).slice(i * basis.dim, (i + 1) * basis.dim));
    for (let i = 0; i < 3; i++) expect(length(coordinates, i)).toBeCloseTo(length(x, i), 10);
    for (let i = 0; i < x.length; i++) expect(back[i]).toBeCloseTo(x[i]!, 12);
  }
  expect(() => pairBasis(3)).toThrow('dim must be even, got 3');
});

test('GaussianMixture refuses what is not a density, and inputs of the wrong length', () => {
  const good = { weight: 1, mean: Float64Array.of(0), variance: Float64Array.of(1) };
  const make = (part: Partial<typeof good>) => () => new GaussianMixture(identityBasis(1), [{ ...good, ...part }]);
  expect(() => new GaussianMixture(identityBasis(1), [])).toThrow('no components');
  expect(make({ weight: 0 })).toThrow('weight 0 is 0');
  expect(make({ mean: Float64Array.of(NaN) })).toThrow('mean of component 0');
  expect(make({ variance: Float64Array.of(0) })).toThrow('variance of component 0');
  expect(make({ mean: new Float64Array(2) })).toThrow('2 means and 1 variances in dimension 1');
  expect(() => cases.ring.logProb([1, 2, 3])).toThrow('logProb: 3 numbers are not whole vectors of dimension 2');
});
