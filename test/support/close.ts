// Comparison of arrays of numbers within a tolerance, with a message that names the worst element.
import { expect } from 'vitest';

/** Every |actual - expected| <= tolerance * max(1, the largest |expected|). */
export function expectClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what = 'values',
): void {
  expect(actual.length, `${what}: how many`).toBe(expected.length);
  let scale = 1;
  for (let i = 0; i < expected.length; i++) {
    if (Number.isFinite(expected[i])) scale = Math.max(scale, Math.abs(expected[i]!));
  }
  for (let i = 0; i < expected.length; i++) {
    if (Object.is(actual[i], expected[i]) || actual[i] === expected[i]) continue;
    const error = Math.abs(actual[i]! - expected[i]!);
    if (!(error <= tolerance * scale)) {
      expect.fail(
        `${what}: element ${i} of ${expected.length} is ${actual[i]}, expected ${expected[i]}, within ${tolerance * scale}`,
      );
    }
  }
}
