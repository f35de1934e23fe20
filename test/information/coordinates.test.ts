import { expect, test } from 'vitest';
import { canonicalCoordinates, gaussianPairLogRatios } from '../../src/information/coordinates.ts';
import { denseCorrelation, normalLaw, pairedCorrelation } from '../../src/information/laws.ts';
import { normalScores } from '../../src/information/normal-scores.ts';
import { interleave } from '../../src/information/pair.ts';
import { task } from '../../src/information/tasks.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';
import { covarianceOfSamples } from '../../src/statistics/moments.ts';
import { normalCdf } from '../../src/statistics/normal.ts';

const key = { seed: 5, purpose: 'test' };

test('normal scores are the quantiles of the ranks, linear in between, constant beyond, and equal for equal values', () => {
  const scores = normalScores(Float64Array.of(30, 10, 20, 20), 1);
  const quantiles = Array.from(scores(Float64Array.of(10, 20, 30)), normalCdf);
  [1 / 8, 4 / 8, 7 / 8].forEach((share, i) => expect(quantiles[i]).toBeCloseTo(share, 7));
  const [below, between, above] = scores(Float64Array.of(-100, 12.5, 1e9));
  expect([normalCdf(below!), normalCdf(above!)].map((share) => share.toFixed(6))).toEqual(['0.125000', '0.875000']);
  // A quarter of the way from the score of rank 1 to that of rank 2.
  const [first, second] = [0.125, 0.375].map((share) => inverse(share));
  expect(between).toBeCloseTo(first! + (second! - first!) / 4, 6);
});

test('normal scores do not see monotone maps: the task of a map is the task of what it maps', () => {
  const scores = (name: string): Float64Array => {
    const { y } = task(name).sample(200, key);
    return normalScores(y, 1)(y);
  };
  const expected = scores('normal-1x1');
  for (const name of ['normal-cdf-1x1', 'wiggly-1x1', 'half-cube-1x1', 'bimodal-1x1']) {
    expect(scores(name)).toEqual(expected);
  }
});

test.each([
  ['as many coordinates of x as of y', 'dense-3x3'],
  ['more of x', 'swiss-roll-2x1'],
])('canonical coordinates are white, and correlated in pairs alone: %s', (_, name) => {
  const { dimX, dimY, ...law } = task(name);
  const training = law.sample(2000, key);
  const { correlations, map } = canonicalCoordinates(training, dimX, dimY);
  const { x, y } = map(training);
  const covariance = covarianceOfSamples(interleave(x, dimX, y, dimY), dimX + dimY);
  expect(correlations).toHaveLength(Math.min(dimX, dimY));
  for (let i = 0; i < dimX + dimY; i++) {
    for (let j = 0; j < i; j++) {
      const expected = i - dimX === j && j < dimX ? correlations[j]! : 0;
      expect(covariance[i * (dimX + dimY) + j]).toBeCloseTo(expected, 4);
    }
    expect(covariance[i * (dimX + dimY) + i]).toBeCloseTo(1, 4);
  }
  expect(Array.from(correlations)).toEqual(Array.from(correlations).sort((a, b) => b - a));
});

test.each([
  ['two pairs', normalLaw(pairedCorrelation(5, 2, 0.8)), 2],
  ['one common factor', normalLaw(denseCorrelation(5)), 1],
])('of Gaussian pairs the log ratios have the mutual information for a mean: %s', (_, law, count) => {
  const { dimX, dimY } = law;
  const { correlations, map } = canonicalCoordinates(law.sample(20_000, key), dimX, dimY);
  const fresh = map(law.sample(20_000, { ...key, seed: 6 }));
  const ratios = gaussianPairLogRatios(fresh, correlations.subarray(0, count), dimX, dimY);
  const { mean, standardError } = meanAndStandardError(ratios);
  expect(Math.abs(mean - law.mutualInformation)).toBeLessThan(4 * standardError);
  expect(gaussianPairLogRatios(fresh, [], dimX, dimY).every((value) => value === 0)).toBe(true);
});

/** The z with normalCdf(z) = share, by halving. */
function inverse(share: number): number {
  let [low, high] = [-10, 10];
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (normalCdf(middle) < share) low = middle;
    else high = middle;
  }
  return low;
}
