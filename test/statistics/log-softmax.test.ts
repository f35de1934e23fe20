import { expect, test } from 'vitest';
import { logSoftmax, logSumExp } from '../../src/statistics/log-softmax.ts';

test('logSoftmax normalizes each row by itself, and neither end overflows', () => {
  expect(logSumExp([1000, 1000])).toBeCloseTo(1000 + Math.LN2, 10);
  expect(logSumExp([-1000, -1000 + Math.log(3)])).toBeCloseTo(-1000 + Math.log(4), 10);
  const rows = logSoftmax([0, Math.log(3), 500, 500], 2);
  expect(Array.from(rows, Math.exp)).toEqual([0.25, 0.75, 0.5, 0.5].map((value) => expect.closeTo(value, 12)));
});
