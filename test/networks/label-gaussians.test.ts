import { expect, test } from 'vitest';
import { principalLogRatios, type PrincipalGaussian } from '../../src/networks/heads.ts';
import { labelLogRatios } from '../../src/networks/label-gaussians.ts';
import { tf } from '../../src/tensor/tf.ts';

const levels = { alpha: Float64Array.of(1, 0.9, 0.5, 0), sigma: Float64Array.of(0, Math.sqrt(0.19), 0.5, 1) };
const x = [
  [0.1, -0.7, 1.5],
  [2, 0, -1],
];
const overall: PrincipalGaussian = {
  mean: [0.5, -1, 2],
  basis: Float32Array.of(0.6, 0, 0.8, 0, 0, 1),
  variances: Float32Array.of(2, 0.7),
  rest: 0.1,
};
// Around the means of two labels there is but one direction of more than the least variance.
const means = [
  [1, 0, 2],
  [-0.5, -1, 0.3],
];
const within = { basis: Float32Array.of(0, 0.8, 0.6), variances: Float32Array.of(0.9), rest: 0.1 };
const labels = {
  labelMeans: Float32Array.from(means.flat()),
  withinBasis: within.basis,
  withinVariances: within.variances,
  rest: within.rest,
};

const ratios = (given: readonly number[]): number[][] =>
  tf.tidy(() => {
    const label = tf.tensor1d([...given], 'int32');
    return labelLogRatios(labels, overall, levels, tf.tensor2d(x), { label }).arraySync();
  });

test.each([0, 1])('labelLogRatios() exchange the Gaussian of all for that of label %i', (label) => {
  const expected = tf.tidy(() =>
    tf
      .sub(
        principalLogRatios({ mean: means[label]!, ...within }, levels, tf.tensor2d(x)),
        principalLogRatios(overall, levels, tf.tensor2d(x)),
      )
      .arraySync(),
  ) as number[][];
  const actual = ratios([label, label]);
  for (const [i, row] of expected.entries()) {
    for (const [t, value] of row.entries()) expect(actual[i]![t]).toBeCloseTo(value, 4);
  }
});

test('labelLogRatios() tell each image by its own label, and nothing where it is not known', () => {
  const [unknown, second] = ratios([2, 1]);
  expect(unknown!.map(Math.abs)).toEqual([0, 0, 0, 0]);
  expect(second).toEqual(ratios([1, 1])[1]);
  // Where there is only noise, labels tell nothing.
  for (const row of ratios([0, 1])) expect(row[3]).toBeCloseTo(0, 5);
  expect(() => tf.tidy(() => labelLogRatios(labels, overall, levels, tf.tensor2d(x)))).toThrow('needs the label');
});
