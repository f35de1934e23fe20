import { expect, test } from 'vitest';
import { cumsumHead, gaussianLogRatios, principalLogRatios, scaledHead, smoothHead } from '../../src/networks/heads.ts';
import { tf } from '../../src/tensor/tf.ts';

// The last but one class has alpha^2 + sigma^2 < 1, as optimal transport has.
const levels = { alpha: Float64Array.of(1, 0.9, 0.5, 0), sigma: Float64Array.of(0, Math.sqrt(0.19), 0.5, 1) };
const moments = { mean: [0.5, -1, 2], variance: 0.3 };
const x = [
  [0.1, -0.7, 1.5],
  [2, 0, -1],
];

function expectedRatio(point: readonly number[], t: number): number {
  const [alpha, sigma] = [levels.alpha[t]!, levels.sigma[t]!];
  const variance = alpha ** 2 * moments.variance + sigma ** 2;
  return point.reduce((sum, value, d) => {
    const offset = value - alpha * moments.mean[d]!;
    return sum - 0.5 * Math.log(variance) - offset ** 2 / (2 * variance) + value ** 2 / 2;
  }, 0);
}

test('gaussianLogRatios() are log N(x; alpha m, v) - log N(x; 0, I) of every class', () => {
  const actual = tf.tidy(() => gaussianLogRatios(moments, levels, tf.tensor2d(x)).arraySync());
  for (const [i, point] of x.entries()) {
    for (const t of levels.alpha.keys()) expect(actual[i]![t]).toBeCloseTo(expectedRatio(point, t), 4);
  }
});

test('cumsumHead() sums its units over the classes, on a baseline where there is one', () => {
  const units = [[1, 2, -4, 0.5]];
  tf.tidy(() => {
    const logits = (head: ReturnType<typeof cumsumHead>) =>
      head.logits({}, tf.tensor2d(units), tf.tensor2d([x[0]!])).arraySync()[0]!;
    expect(logits(cumsumHead(levels))).toEqual([1, 3, -1, -0.5]);
    for (const [t, value] of logits(cumsumHead(levels, moments)).entries()) {
      expect(value - [1, 3, -1, -0.5][t]!).toBeCloseTo(expectedRatio(x[0]!, t), 4);
    }
    expect(cumsumHead(levels).features).toBe(4);
  });
});

test('smoothHead() adds cosines of t to the Gaussian ratio, and of x none where there is only noise', () => {
  tf.tidy(() => {
    const head = smoothHead(levels, moments, 2);
    const logits = (features: number[], bias: number[]) =>
      head.logits({ 'head/bias': tf.tensor1d(bias) }, tf.tensor2d([features]), tf.tensor2d([x[0]!])).arraySync()[0]!;
    const zero = logits([0, 0], [0, 0]);
    for (const [t, value] of zero.entries()) expect(value).toBeCloseTo(expectedRatio(x[0]!, t), 4);
    const psi = [1, 0.5, -0.5, -1];
    for (const [t, value] of logits([2, 3], [0, 0]).entries()) {
      expect(value - zero[t]!).toBeCloseTo(levels.alpha[t]! * (2 + 3 * psi[t]!), 4);
    }
    for (const [t, value] of logits([0, 0], [-1, 2]).entries())
      expect(value - zero[t]!).toBeCloseTo(-1 + 2 * psi[t]!, 4);
  });
});

// Orthonormal columns in three dimensions, and the Gaussian whose variance is 2 and 0.7 along them and 0.1 across.
const principal = {
  mean: moments.mean,
  basis: Float32Array.of(0.6, 0, 0.8, 0, 0, 1),
  variances: Float32Array.of(2, 0.7),
  rest: 0.1,
};

test('principalLogRatios() are those of the Gaussian of that covariance, written out in its axes', () => {
  const actual = tf.tidy(() => principalLogRatios(principal, levels, tf.tensor2d(x)).arraySync());
  const axes = [[0.6, 0.8, 0], [0, 0, 1], [-0.8, 0.6, 0]]; // prettier-ignore
  const along = (axis: readonly number[], point: readonly number[]) =>
    axis.reduce((sum, a, d) => sum + a * point[d]!, 0);
  for (const [i, point] of x.entries()) {
    for (const t of levels.alpha.keys()) {
      const [alpha, sigma] = [levels.alpha[t]!, levels.sigma[t]!];
      const expected = axes.reduce((sum, axis, k) => {
        const variance = alpha ** 2 * [2, 0.7, 0.1][k]! + sigma ** 2;
        const [value, mean] = [along(axis, point), alpha * along(axis, principal.mean)];
        return sum - 0.5 * Math.log(variance) - (value - mean) ** 2 / (2 * variance) + value ** 2 / 2;
      }, 0);
      expect(actual[i]![t]).toBeCloseTo(expected, 4);
    }
  }
});

test('scaledHead() divides its units by sigma, but those of the noise itself, and sums its bias', () => {
  tf.tidy(() => {
    const head = scaledHead(levels, principal);
    const logits = (units: number[], bias: number[]) =>
      head.logits({ 'head/bias': tf.tensor1d(bias) }, tf.tensor2d([units]), tf.tensor2d([x[0]!])).arraySync()[0]!;
    const zero = logits([0, 0, 0, 0], [0, 0, 0, 0]);
    expect(zero).toEqual(principalLogRatios(principal, levels, tf.tensor2d([x[0]!])).arraySync()[0]!);
    const sigma = [Math.sqrt(0.19), Math.sqrt(0.19), 0.5, Infinity];
    for (const [t, value] of logits([3, -2, 1, 5], [1, 2, 3, 4]).entries()) {
      expect(value - zero[t]!).toBeCloseTo([3, -2, 1, 5][t]! / sigma[t]! + [1, 3, 6, 10][t]!, 4);
    }
  });
});
