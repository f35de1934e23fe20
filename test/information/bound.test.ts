import { expect, test } from 'vitest';
import { donskerVaradhan } from '../../src/information/bound.ts';
import { gaussianPairLogRatios, type CanonicalPairs } from '../../src/information/coordinates.ts';
import { normalLaw, pairedCorrelation } from '../../src/information/laws.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';

const law = normalLaw(pairedCorrelation(1, 1, 0.75));
const pairsOf = (seed: number, count: number): CanonicalPairs => {
  const { x, y } = law.sample(count, { seed, purpose: 'test' });
  return { x: Float32Array.from(x), y: Float32Array.from(y) };
};
const exact = (pairs: CanonicalPairs) => Promise.resolve(gaussianPairLogRatios(pairs, [0.75], 1, 1));

test('the bound of the true ratio is the mutual information, and a constant that is added changes nothing', async () => {
  const pairs = pairsOf(1, 4000);
  const bound = await donskerVaradhan(exact, pairs, 1, 24);
  expect(Math.abs(bound.value - law.mutualInformation)).toBeLessThan(3 * bound.standardError);
  expect(Math.abs(bound.logNormalizer)).toBeLessThan(0.05);
  const raised = await donskerVaradhan(async (each) => (await exact(each)).map((value) => value + 5), pairs, 1, 24);
  expect(raised.value).toBeCloseTo(bound.value, 10);
  expect(raised.standardError).toBeCloseTo(bound.standardError, 10);
  expect(raised.logNormalizer).toBeCloseTo(bound.logNormalizer + 5, 10);
});

test('the bound of a wrong ratio is lower: a correlation of .4 for one of .75', async () => {
  const wrong = (pairs: CanonicalPairs) => Promise.resolve(gaussianPairLogRatios(pairs, [0.4], 1, 1));
  const { value } = await donskerVaradhan(wrong, pairsOf(1, 4000), 1, 8);
  // E[log ratio] is -log(1 - .4^2) / 2 + (2 * .4 * .75 - 2 * .4^2) / (2 (1 - .4^2)), and the ratio is normalized.
  const expected = -Math.log(1 - 0.16) / 2 + (0.6 - 0.32) / (2 * 0.84);
  expect(expected).toBeLessThan(law.mutualInformation - 0.1);
  expect(value).toBeCloseTo(expected, 1);
});

test('its standard error is the spread over samples', async () => {
  const bounds = await Promise.all(
    Array.from({ length: 60 }, (_, seed) => donskerVaradhan(exact, pairsOf(seed, 500), 1, 12)),
  );
  const { standardError } = meanAndStandardError(bounds.map(({ value }) => value));
  const claimed = bounds.reduce((sum, bound) => sum + bound.standardError / 60, 0);
  const ratio = (standardError * Math.sqrt(60)) / claimed;
  expect(ratio).toBeGreaterThan(0.75);
  expect(ratio).toBeLessThan(1.3);
});
