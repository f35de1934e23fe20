// The benchmark's tasks against the table of their authors, closed forms and independent numerics.
import { describe, expect, test } from 'vitest';
import {
  additiveNoiseLaw,
  denseCorrelation,
  normalLaw,
  pairedCorrelation,
  studentLaw,
} from '../../src/information/laws.ts';
import {
  halfCube,
  shorten,
  spiral,
  swissRoll,
  toBimodal,
  toUniform,
  wigglyX,
  wigglyY,
} from '../../src/information/maps.ts';
import type { VectorMap } from '../../src/information/pair.ts';
import { task, taskNames } from '../../src/information/tasks.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';
import { normalCdf } from '../../src/statistics/normal.ts';
import { normals } from '../../src/tensor/random.ts';
import { logIntegral } from '../support/integral.ts';

const key = { seed: 3, purpose: 'test' };

test('there are forty, with the dimensions in their names and the published mutual information', () => {
  const published = [
    0.41334,
    0.41334,
    1.70944,
    0.33333,
    0.41334,
    0.41334,
    0.41334,
    0.22417,
    0.22417,
    0.41334,
    0.29389,
    0.41334,
    0.59281,
    1.29218,
    1.62427,
    1.02165,
    1.02165,
    1.02165,
    1.02165,
    0.43195,
    0.19315,
    0.29092,
    0.17871,
    0.44815,
    0.29854,
    ...new Array<number>(12).fill(1.02165),
    0.43195,
    0.29092,
    0.44815,
  ];
  expect(taskNames).toHaveLength(40);
  for (const [i, name] of taskNames.entries()) {
    const law = task(name);
    expect(law.mutualInformation, name).toBeCloseTo(published[i]!, 5);
    const [, dims] = /(\d+x\d+)/.exec(name) ?? [name, '1x1'];
    expect(`${law.dimX}x${law.dimY}`).toBe(dims);
    const { x, y } = law.sample(3, key);
    expect([x.length, y.length]).toEqual([3 * law.dimX, 3 * law.dimY]);
  }
  expect(() => task('toString')).toThrow(RangeError);
});

test.each(taskNames)('%s: a pair is a function of the key and its number', (name) => {
  const law = task(name);
  const [few, many] = [law.sample(2, key), law.sample(5, key)];
  expect(many.x.slice(0, few.x.length)).toEqual(few.x);
  expect(many.y.slice(0, few.y.length)).toEqual(few.y);
  expect(law.sample(2, { ...key, seed: 4 }).x).not.toEqual(few.x);
});

/** log of a density of Student's distribution with identity dispersion, by its definition, up to nothing. */
function studentLog(vector: ArrayLike<number>, df: number): number {
  const dim = vector.length;
  const squares = Array.from(vector).reduce((sum, value) => sum + value ** 2, 0);
  // Gamma((df + dim) / 2) / Gamma(df / 2) as an integral: of the density over a chi-square mixture of normal ones.
  const log = (u: number): number => {
    const w = Math.exp(u);
    return (df / 2) * Math.log(w) - w / 2 + (dim / 2) * Math.log(w) - (w * squares) / (2 * df);
  };
  const normalizer = logIntegral((u) => (df / 2) * u - Math.exp(u) / 2, -40, 8, 2000);
  return logIntegral(log, -40, 8, 2000) - normalizer - (dim / 2) * Math.log(2 * Math.PI * df);
}

describe('mutual information against averages of log ratios', () => {
  test.each([
    [1, 1],
    [2, 2],
    [5, 3],
  ])('Student %d x %d, of densities that are integrated over the denominator', (dim, df) => {
    const law = studentLaw(pairedCorrelation(dim, 0, 0), df);
    const { x, y } = law.sample(400, key);
    const ratios = Array.from({ length: 400 }, (_, i) => {
      const [a, b] = [x.slice(i * dim, (i + 1) * dim), y.slice(i * dim, (i + 1) * dim)];
      return studentLog([...a, ...b], df) - studentLog(a, df) - studentLog(b, df);
    });
    const { mean, standardError } = meanAndStandardError(ratios);
    expect(standardError).toBeLessThan(0.05);
    expect(Math.abs(mean - law.mutualInformation)).toBeLessThan(3.5 * standardError);
  });

  test('normal vectors whose every correlation is one half', () => {
    // Given x the mean of the common factor g is sum(x) / (dim + 1): y depends on x through sum(x) alone.
    const dim = 3;
    const law = normalLaw(denseCorrelation(dim));
    const variance = (dim * (dim + 1)) / 2;
    const correlation = (dim ** 2 * 0.5) / variance;
    expect(law.mutualInformation).toBeCloseTo(-Math.log(1 - correlation ** 2) / 2, 12);
    const { x, y } = law.sample(20_000, key);
    const sums = (rows: Float64Array): number[] =>
      Array.from({ length: 20_000 }, (_, i) => rows.slice(i * dim, (i + 1) * dim).reduce((a, b) => a + b, 0));
    const [a, b] = [sums(x), sums(y)];
    expect(meanAndStandardError(a.map((value, i) => (value * b[i]!) / variance)).mean).toBeCloseTo(correlation, 1);
  });

  test.each([0.1, 0.4, 0.5, 0.75, 2])(
    'a uniform number with additive noise %d, by the entropy of the sum',
    (epsilon) => {
      const density = (y: number): number =>
        Math.max(0, Math.min(1, y + epsilon) - Math.max(0, y - epsilon)) / (2 * epsilon);
      const points = 40_000;
      const step = (1 + 2 * epsilon) / points;
      let entropy = 0;
      for (let i = 0; i < points; i++) {
        const p = density(-epsilon + (i + 0.5) * step);
        if (p > 0) entropy -= step * p * Math.log(p);
      }
      expect(additiveNoiseLaw(epsilon).mutualInformation).toBeCloseTo(entropy - Math.log(2 * epsilon), 6);
    },
  );
});

test('the correlated pairs of the sparse task are the first two', () => {
  const { x, y } = normalLaw(pairedCorrelation(3, 2, 0.8)).sample(20_000, key);
  const products = (i: number, j: number) =>
    meanAndStandardError(Array.from({ length: 20_000 }, (_, k) => x[3 * k + i]! * y[3 * k + j]!)).mean;
  for (const [i, j, value] of [
    [0, 0, 0.8],
    [1, 1, 0.8],
    [2, 2, 0],
    [0, 1, 0],
    [1, 0, 0],
  ] as const) {
    expect(Math.abs(products(i, j) - value)).toBeLessThan(0.04);
  }
});

describe('maps', () => {
  const vector = Float64Array.from(normals(key, 5));
  const norm = (v: ArrayLike<number>): number => Math.hypot(...Array.from(v));

  test.each([
    [0, 1],
    [1, 2],
  ])('the spiral in the plane (%d, %d) keeps lengths and volumes, and turns by |v|^2 / dim', (i, j) => {
    const map = spiral(i, j);
    const image = map(vector);
    expect(norm(image)).toBeCloseTo(norm(vector), 12);
    const turned = Math.atan2(image[j]!, image[i]!) - Math.atan2(vector[j]!, vector[i]!);
    expect(Math.cos(turned - norm(vector) ** 2 / 5)).toBeCloseTo(1, 12);
    for (const k of [0, 1, 2, 3, 4].filter((each) => each !== i && each !== j)) expect(image[k]).toBe(vector[k]);
    expect(Math.abs(determinant(jacobian(map, vector)))).toBeCloseTo(1, 6);
    // The generator of x is -1 at [0, 1]: the first coordinate loses what the second has.
    const small = spiral(0, 1)(Float64Array.of(1e-3, 1, 0));
    expect(small[0]).toBeLessThan(0);
  });

  test.each([
    ['toUniform', toUniform],
    ['halfCube', halfCube],
    ['shorten', shorten],
    ['wigglyX', wigglyX],
    ['wigglyY', wigglyY],
    ['toBimodal', toBimodal(0.3, 0, 5)],
  ] as const)('%s increases', (_, map) => {
    const grid = Float64Array.from({ length: 600 }, (_unused, i) => (i - 300) / 60);
    const images = map(grid);
    for (let i = 1; i < grid.length; i++) expect(images[i]).toBeGreaterThan(images[i - 1]!);
  });

  test('toBimodal has the distribution function of two normal laws', () => {
    const grid = Float64Array.of(-4, -1, 0, 0.7, 3);
    const cdf = (value: number): number => 0.5 * normalCdf(value + 1) + 0.5 * normalCdf(value - 3);
    Array.from(toBimodal(0.5, -1, 3)(grid)).forEach((image, i) => {
      expect(cdf(image)).toBeCloseTo(normalCdf(grid[i]!), 12);
    });
  });

  test('the Swiss roll winds outward from 1.5 pi to 4.5 pi without meeting itself', () => {
    for (const x of [0, 0.3, 0.9, 1]) {
      const image = swissRoll(Float64Array.of(x));
      expect(21 * norm(image)).toBeCloseTo(1.5 * Math.PI * (1 + 2 * x), 10);
    }
    // A turn further out the angle is the same and the radius larger by 2 pi.
    const [near, far] = [0.1, 0.1 + 2 / 3].map((x) => swissRoll(Float64Array.of(x)));
    expect(Math.atan2(near![1]!, near![0]!)).toBeCloseTo(Math.atan2(far![1]!, far![0]!), 10);
    expect(norm(far!) - norm(near!)).toBeCloseTo((2 * Math.PI) / 21, 10);
  });
});

function jacobian(map: VectorMap, at: Float64Array, step = 1e-5): number[][] {
  const columns = Array.from(at, (_, d) => {
    const moved = (sign: number): ArrayLike<number> =>
      map(at.map((value, k) => (k === d ? value + sign * step : value)));
    const [up, down] = [moved(1), moved(-1)];
    return Array.from(up, (value, k) => (value - down[k]!) / (2 * step));
  });
  return columns[0]!.map((_, row) => columns.map((column) => column[row]!));
}

function determinant(matrix: readonly (readonly number[])[]): number {
  if (matrix.length === 0) return 1;
  return matrix[0]!.reduce((sum, value, k) => {
    const minor = matrix.slice(1).map((row) => row.filter((_, column) => column !== k));
    return sum + (k % 2 === 0 ? 1 : -1) * value * determinant(minor);
  }, 0);
}
