import { expect, test } from 'vitest';
import { labelScore } from '../../src/quality/label-score.ts';

const sureOf = (labels: number, ...images: number[]): number[] =>
  images.flatMap((image) => Array.from({ length: labels }, (_, label) => Number(label === image)));

test('labelScore is the number of labels where the classifier is sure, of as many each; 1 where it knows nothing or one', () => {
  expect(labelScore(sureOf(3, 0, 1, 2, 2, 1, 0), 3)).toEqual({ value: expect.closeTo(3, 12), standardError: expect.closeTo(0, 12) }); // prettier-ignore
  expect(labelScore(sureOf(3, 1, 1, 1), 3).value).toBe(1);
  expect(labelScore(new Array<number>(12).fill(0.25), 4).value).toBeCloseTo(1, 12);
});

test('labelScore of shares 1/4 and 3/4 is exp of their entropy, and its error the delta method of the surprise of each image', () => {
  const images = Array.from({ length: 400 }, (_, i) => Number(i % 4 === 0));
  const entropy = Math.log(4) / 4 + (3 / 4) * Math.log(4 / 3);
  const { value, standardError } = labelScore(sureOf(2, ...images), 2);
  expect(value).toBeCloseTo(Math.exp(entropy), 12);
  // log 4 with probability 1/4, log 4/3 otherwise.
  const deviation = Math.sqrt(3 / 16) * Math.log(3);
  expect(standardError).toBeCloseTo((Math.exp(entropy) * deviation) / Math.sqrt(399), 6);
});

test('labelScore of a classifier that is right with probability q is exp(log 2 - H(q))', () => {
  const q = 0.8;
  const { value } = labelScore([q, 1 - q, 1 - q, q], 2);
  expect(Math.log(value)).toBeCloseTo(Math.LN2 + q * Math.log(q) + (1 - q) * Math.log(1 - q), 12);
});
