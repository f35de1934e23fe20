import { expect, test } from 'vitest';
import { momentsOf } from '../../src/models/images.ts';

test('the moments of 8-bit images are those of the dequantized ones: half a pixel and a twelfth of its square more', () => {
  // Each pixel is one value: whatever varies is the noise, (pixel + u) / 128 - 1 with u ~ U[0, 1).
  const train = Uint8Array.of(0, 200, 0, 200, 0, 200);
  const shape = [1, 2, 1] as const;
  const { mean, variance } = momentsOf({ kind: '8-bit', shape, source: 'test', train, test: train });
  expect(Array.from(mean)).toEqual([0.5 / 128 - 1, 200.5 / 128 - 1]);
  expect(variance * 12 * 128 ** 2).toBeCloseTo(1, 12);
  // Continuous ones get no noise.
  const values = Float32Array.from(train);
  const plain = momentsOf({ kind: 'continuous', shape, source: 'test', train: values, test: values });
  expect([...Array.from(plain.mean), plain.variance]).toEqual([0, 200, 0]);
});
