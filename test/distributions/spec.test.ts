import { describe, expect, test } from 'vitest';
import { densityFromSpec, type DensitySpec, type MixtureSpec } from '../../src/distributions/spec.ts';
import { correlatedPairs, toySpec } from '../../src/distributions/toys.ts';
import { powerLawVariances } from '../../src/distributions/fields.ts';

/** Entropy in nats of a density in the plane, by summation over a fine grid. */
function planeEntropy(spec: DensitySpec): number {
  const density = densityFromSpec(spec);
  const step = 0.02;
  const points: number[] = [];
  for (let x = -3; x <= 3; x += step) for (let y = -3; y <= 3; y += step) points.push(x, y);
  return density.logProb(points).reduce((sum, log) => sum - Math.exp(log) * log, 0) * step * step;
}

/** Entropy of a single Gaussian: half the sum of log(2 pi e variance). */
function gaussianEntropy(spec: MixtureSpec): number {
  const { variance } = densityFromSpec(spec).components[0]!;
  return variance.reduce((sum, v) => sum + Math.log(2 * Math.PI * Math.E * v), 0) / 2;
}

describe('the toys have their known entropies', () => {
  test('two modes and ring, in the plane', () => {
    // Modes that do not overlap: H(weights) + ln(2 pi e std^2).
    const separated = -0.8 * Math.log(0.8) - 0.2 * Math.log(0.2) + Math.log(2 * Math.PI * Math.E * 0.04);
    expect(planeEntropy(toySpec('two'))).toBeCloseTo(separated, 6);
    expect(planeEntropy(toySpec('two'))).toBeCloseTo(0.119, 3);
    expect(Math.abs(planeEntropy(toySpec('ring')) - 0.98)).toBeLessThan(0.001);
  });

  test('fields', () => {
    expect(gaussianEntropy(toySpec('field8'))).toBeCloseTo(74.98, 2);
    expect(gaussianEntropy(toySpec('field16'))).toBeCloseTo(267.97, 2);
  });

  test('ten modes, close to those of separate modes', () => {
    const total = 55;
    const weights = Array.from({ length: 10 }, (_, k) => (k + 1) / total);
    const ofWeights = -weights.reduce((sum, w) => sum + w * Math.log(w), 0);
    for (const [dim, slack] of [
      [16, 0.1],
      [64, 0.001],
    ] as const) {
      const density = densityFromSpec(toySpec(`mix${dim}`));
      const count = 20_000;
      const logs = density.logProb(density.sample(count, { seed: 1, purpose: 'entropy' }));
      const entropy = -logs.reduce((sum, log) => sum + log, 0) / count;
      const separated = ofWeights + (dim / 2) * Math.log(2 * Math.PI * Math.E * 0.09);
      expect(Math.abs(entropy - separated)).toBeLessThan(slack + 4 * Math.sqrt((dim / 2 + 1) / count));
    }
  });
});

describe('correlated pairs have their known mutual information', () => {
  const informationOf = (spec: MixtureSpec) => {
    // KL(p || N(0, I)) of a centered Gaussian from its variances; here also the mutual information of the halves.
    const { variance } = densityFromSpec(spec).components[0]!;
    return variance.reduce((sum, v) => sum + v - 1 - Math.log(v), 0) / 2;
  };
  test.each([
    [20, 5],
    [40, 10],
    [80, 20],
    [160, 40],
    [320, 80],
  ])('mi%i has %i nats', (dim, nats) => {
    expect(informationOf(toySpec(`mi${dim}`))).toBeCloseTo(nats, 9);
  });
  test('for any rho', () => {
    for (const rho of [-0.9, 0, 0.5, 0.8]) {
      expect(informationOf(correlatedPairs(6, rho))).toBeCloseTo(-(6 / 4) * Math.log(1 - rho * rho), 9);
    }
  });
  test('and correlate the members of a pair, and no others', () => {
    const count = 20_000;
    const x = densityFromSpec(correlatedPairs(4, 0.8)).sample(count, { seed: 2, purpose: 'pairs' });
    const covariance = (a: number, b: number) => {
      let sum = 0;
      for (let i = 0; i < x.length; i += 4) sum += x[i + a]! * x[i + b]!;
      return sum / count;
    };
    const error = 5 * Math.sqrt(2 / count);
    expect(Math.abs(covariance(0, 0) - 1)).toBeLessThan(error);
    expect(Math.abs(covariance(0, 1) - 0.8)).toBeLessThan(error);
    expect(Math.abs(covariance(2, 3) - 0.8)).toBeLessThan(error);
    expect(Math.abs(covariance(1, 2))).toBeLessThan(error);
  });
});

describe('fields', () => {
  test('have unit mean pixel variance and the covariance of a shift-invariant law', () => {
    const density = densityFromSpec(toySpec('field6'));
    // The covariance of pixels a and b, from unit vectors through the basis: sum_k variance_k b_k[a] b_k[b].
    const { variance } = density.components[0]!;
    const covariance = (a: number, b: number) => {
      const unit = (pixel: number) => Float64Array.from({ length: 36 }, (_, i) => (i === pixel ? 1 : 0));
      const [ca, cb] = [density.basis.coordinates(unit(a)), density.basis.coordinates(unit(b))];
      return ca.reduce((sum, value, k) => sum + variance[k]! * value * cb[k]!, 0);
    };
    const pixel = (y: number, x: number) => (y % 6) * 6 + (x % 6);
    expect(covariance(0, 0)).toBeCloseTo(1, 12);
    for (const [dy, dx] of [
      [0, 1],
      [1, 0],
      [2, 3],
      [4, 5],
    ] as const) {
      const here = covariance(pixel(0, 0), pixel(dy, dx));
      expect(covariance(pixel(3, 2), pixel(3 + dy, 2 + dx))).toBeCloseTo(here, 12);
      expect(covariance(pixel(5, 5), pixel(5 + dy, 5 + dx))).toBeCloseTo(here, 12);
    }
  });

  test('follow the power law on integer frequencies', () => {
    const variances = powerLawVariances(8, { power: 2, anisotropy: 1 });
    const at = (v: number, u: number) => variances[v * 8 + u]!;
    // Waves 1, 2 have frequency 1; 3, 4 have 2; 7 is the alternating sign, 4.
    expect(at(0, 1) / at(0, 0)).toBeCloseTo(1, 12);
    expect(at(0, 2)).toBe(at(0, 1));
    expect(at(0, 3) / at(0, 1)).toBeCloseTo(1 / 4, 12);
    expect(at(7, 7) / at(0, 0)).toBeCloseTo(1 / 32, 12);
    expect(at(4, 2) / at(0, 0)).toBeCloseTo(1 / 5, 12);
  });

  test('are smoother along x when the anisotropy is above 1', () => {
    const [x] = [
      densityFromSpec({ kind: 'field-mixture', size: 8, components: [{ weight: 1, power: 3, anisotropy: 2 }] }).sample(
        200,
        { seed: 1, purpose: 'x' },
      ),
    ];
    let [alongX, alongY] = [0, 0];
    for (let i = 0; i < x!.length; i++) {
      if (i % 8 < 7) alongX += (x![i + 1]! - x![i]!) ** 2;
      if (i % 64 < 56) alongY += (x![i + 8]! - x![i]!) ** 2;
    }
    expect(alongX * 2).toBeLessThan(alongY);
  });

  test('carry a mean', () => {
    const density = densityFromSpec({
      kind: 'field-mixture',
      size: 4,
      components: [{ weight: 1, power: 2, mean: 0.5 }],
    });
    const mean = density.basis.vectors(density.components[0]!.mean);
    for (const value of mean) expect(value).toBeCloseTo(0.5, 12);
  });
});

test('ten modes keep their means: they are part of the definition', () => {
  const spec = toySpec('mix16');
  if (spec.kind !== 'gaussian-mixture') throw new Error('mix16 is a Gaussian mixture');
  const [first] = spec.means;
  expect(first!.slice(0, 2)).toMatchInlineSnapshot(`
    [
      -0.26630197345196677,
      -1.441830204933236,
    ]
  `);
  const all = spec.means.flat();
  expect(Math.abs(all.reduce((sum, m) => sum + m * m, 0) / all.length - 0.91)).toBeLessThan(
    4 * 0.91 * Math.sqrt(2 / 160),
  );
});

test('a spec survives JSON', () => {
  for (const name of ['two', 'ring', 'mix16', 'mi4', 'field5', 'textures4']) {
    const spec = toySpec(name);
    const copy = JSON.parse(JSON.stringify(spec)) as DensitySpec;
    const density = densityFromSpec(spec);
    const x = density.sample(3, { seed: 1, purpose: 'x' });
    expect(densityFromSpec(copy).logProb(x)).toEqual(density.logProb(x));
  }
});

test('specs and names that mean nothing are refused with a reason', () => {
  const refused = (spec: unknown) => expect(() => densityFromSpec(spec as DensitySpec));
  refused({ kind: 'spiral' }).toThrow('unknown kind "spiral", not one of "gaussian-mixture"');
  refused({ kind: 'correlated-pairs', dim: 4, rho: 1 }).toThrow('rho must be in (-1, 1), got 1');
  refused({ kind: 'correlated-pairs', dim: 5, rho: 0.5 }).toThrow('even');
  refused({ kind: 'field-mixture', size: 2.5, components: [] }).toThrow('size must be a positive integer, got 2.5');
  refused({ kind: 'field-mixture', size: 2, components: [] }).toThrow('no components');
  refused({ kind: 'gaussian-mixture', means: [[0], [1]], std: 1, weights: [1] }).toThrow('2 means but 1 weights');
  refused({ kind: 'gaussian-mixture', means: [[0], [1, 2]], std: 1, weights: [1, 1] }).toThrow('2 means');
  refused({ kind: 'gaussian-mixture', means: [[0]], std: 0, weights: [1] }).toThrow('variance');
  expect(() => toySpec('three')).toThrow('no toy "three": use two, ring, mix16');
  expect(() => toySpec('mix')).toThrow('no toy "mix"');
  expect(() => toySpec('two2')).toThrow('no toy "two2"');
});
