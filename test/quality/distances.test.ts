import { expect, test } from 'vitest';
import { slice, type Features } from '../../src/quality/features.ts';
import { frechetDistance, frechetEstimate } from '../../src/quality/frechet.ts';
import { kernelDistance } from '../../src/quality/mmd.ts';
import { coverage } from '../../src/quality/precision-recall.ts';
import { normals } from '../../src/tensor/random.ts';

const gaussian = (count: number, dim: number, seed: number): Features => ({
  values: normals({ seed, purpose: 'test' }, count * dim),
  dim,
});
const mapped = ({ values, dim }: Features, map: (value: number, d: number) => number): Features => ({
  values: values.map((value, i) => map(value, i % dim)),
  dim,
});
/** Mean [dim] and the trace of the unbiased covariance, straight from the definition. */
function moments({ values, dim }: Features): { mean: number[]; trace: number } {
  const count = values.length / dim;
  const mean = Array.from({ length: dim }, (_, d) => {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += values[i * dim + d]!;
    return sum / count;
  });
  const trace = values.reduce((sum, value, i) => sum + (value - mean[i % dim]!) ** 2, 0) / (count - 1);
  return { mean, trace };
}

// For y = c x + m the optimal transport between the two Gaussians is that map itself.
test.each([
  { count: 40, dim: 5 },
  { count: 6, dim: 9 },
])(
  'frechetDistance of samples and their image c x + m is |(c - 1) mean + m|^2 + (c - 1)^2 tr S, $count in R^$dim',
  ({ count, dim }) => {
    const x = gaussian(count, dim, 3);
    const { mean, trace } = moments(x);
    const shift = (d: number): number => 0.5 - d;
    const expected = mean.reduce((sum, value, d) => sum + (1.5 * value + shift(d)) ** 2, 0) + 1.5 ** 2 * trace;
    const y = mapped(x, (value, d) => 2.5 * value + shift(d));
    expect(frechetDistance(x, y)).toBeCloseTo(expected, 4);
    expect(frechetDistance(y, x)).toBeCloseTo(expected, 4);
    expect(frechetDistance(x, x)).toBeCloseTo(0, 9);
  },
);

test('frechetDistance of correlated Gaussians is the closed form of commuting covariances', () => {
  // Both covariances have the eigenvectors (1, 1) and (1, -1): the distance is that of the square roots of the eigenvalues.
  const corners = (along: number, across: number): Features => {
    const points = [along, -along].flatMap((a) => [across, -across].map((b) => [a + b, a - b]));
    return { values: Float32Array.from(points.flat()), dim: 2 };
  };
  const deviations = ([a, b]: [number, number]): [number, number] => [a * Math.sqrt(8 / 3), b * Math.sqrt(8 / 3)];
  const [first, second] = [deviations([2, 0.5]), deviations([1, 3])];
  const expected = (first[0] - second[0]) ** 2 + (first[1] - second[1]) ** 2;
  expect(frechetDistance(corners(2, 0.5), corners(1, 3))).toBeCloseTo(expected, 10);
});

test('the jackknife error of frechetEstimate is about the spread of the distance over fresh samples', () => {
  const shifted = (seed: number): Features => mapped(gaussian(200, 3, seed), (value) => value + 0.5);
  const values: number[] = [];
  const errors: number[] = [];
  for (let i = 0; i < 60; i++) {
    const { value, standardError } = frechetEstimate(gaussian(200, 3, 2 * i), shifted(2 * i + 1), 10);
    values.push(value);
    errors.push(standardError ** 2);
  }
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const claimed = errors.reduce((a, b) => a + b, 0) / errors.length;
  // A variance of 60 values is known to some 20%.
  expect(claimed / variance).toBeGreaterThan(0.5);
  expect(claimed / variance).toBeLessThan(2);
  expect(() => frechetEstimate(gaussian(10, 3, 1), gaussian(10, 3, 2), 6)).toThrow(RangeError);
});

test('kernelDistance is unbiased: near zero for one law, and near its closed form for two', () => {
  const law = kernelDistance(gaussian(4000, 1, 1), gaussian(4000, 1, 2), 40);
  expect(Math.abs(law.mean)).toBeLessThan(4 * law.standardError);
  // E (x y + 1)^3 for independent x, y with moments a_k, b_k is 1 + 3 a1 b1 + 3 a2 b2 + a3 b3; N(1, 1) has 1, 2, 4.
  const same = 1 + 3 * 0 + 3 * 1 + 0;
  const moved = 1 + 3 * 1 + 3 * 4 + 16;
  const across = 1 + 0 + 3 * 2 + 0;
  const { mean, standardError } = kernelDistance(
    gaussian(4000, 1, 3),
    mapped(gaussian(4000, 1, 4), (value) => value + 1),
    40,
  );
  expect(Math.abs(mean - (same + moved - 2 * across))).toBeLessThan(4 * standardError);
  // 22 apart is told from none.
  expect(standardError).toBeLessThan(22 / 8);
});

test('coverage counts the samples within the balls of the k-th neighbours', () => {
  const line = (...values: number[]): Features => ({ values: Float32Array.from(values), dim: 1 });
  // Balls to the first neighbour: [-1, 1], [0, 2], [6, 14].
  const reference = line(0, 1, 10, 14);
  expect(coverage(line(-1, 1.5, 2.5, 7, 18, 18.5), reference, 1)).toBe(4 / 6);
  expect(coverage(reference, reference, 1)).toBe(1);
  expect(coverage(line(100), reference, 3)).toBe(0);
  expect(() => coverage(line(0), slice(reference, 0, 2), 2)).toThrow(RangeError);
});
