import { expect, test } from 'vitest';
import { jackknife } from '../../src/statistics/jackknife.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';

const values = [3, 1, 4, 1, 5, 9, 2, 6];
const mean = (kept: readonly number[]) => kept.reduce((a, b) => a + b, 0) / kept.length;

test('jackknife() of a mean is its standard error', () => {
  const { value, standardError } = jackknife(values, mean);
  const expected = meanAndStandardError(values);
  expect(value).toBeCloseTo(expected.mean, 12);
  expect(standardError).toBeCloseTo(expected.standardError, 12);
});

test('jackknife() of a smooth function of the mean follows the delta method', () => {
  const many = Array.from({ length: 400 }, (_, i) => 5 + Math.sin(i * i));
  const { standardError } = jackknife(many, (kept) => Math.log(mean(kept)));
  const { mean: center, standardError: ofMean } = meanAndStandardError(many);
  expect(standardError / (ofMean / center)).toBeCloseTo(1, 2);
});

test('one block says nothing', () => {
  expect(() => jackknife([1], mean)).toThrow('at least two blocks are needed, got 1');
});
