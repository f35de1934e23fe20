import { expect, test } from 'vitest';
import { squaredErrors } from '../../src/statistics/squared-error.ts';

test('squaredErrors() is the mean square of each vector of differences', () => {
  expect(squaredErrors([1, 2, 3, 4, 5, 6], [1, 4, 3, 3, 5, 9], 2)).toEqual([2, 0.5, 4.5]);
  expect(squaredErrors(new Float32Array(0), [], 3)).toEqual([]);
});
