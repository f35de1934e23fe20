import { expect, test } from 'vitest';
import { labelGaussiansOf, momentsOf, principalGaussianOf, trainingBatches } from '../../src/models/images.ts';

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

test('with flips each image is mirrored half of the time, in whole, and nothing else changes', () => {
  const [count, shape] = [400, [2, 3, 2]] as const;
  const train = Float32Array.from({ length: count * 12 }, (_, i) => i);
  const dataset = { kind: 'continuous', shape, source: 'test', train, test: train } as const;
  const [plain, flipped] = [trainingBatches(dataset, count, 5), trainingBatches(dataset, count, 5, true)];
  const mirror = (image: Float32Array) => Array.from(image, (_, k) => image[Math.floor(k / 6) * 6 + (2 - (Math.floor(k / 2) % 3)) * 2 + (k % 2)]!); // prettier-ignore
  const turned = [1, 2].map((step) => {
    const [a, b] = [plain(step), flipped(step)];
    return Array.from({ length: count }, (_, i) => {
      const [before, after] = [a.subarray(i * 12, (i + 1) * 12), Array.from(b.subarray(i * 12, (i + 1) * 12))];
      expect([Array.from(before), mirror(before)]).toContainEqual(after);
      return after[0] !== before[0];
    });
  });
  // Five standard errors of a share of 1/2; anew in each step.
  for (const step of turned)
    expect(Math.abs(step.filter(Boolean).length - count / 2)).toBeLessThan((5 * Math.sqrt(count)) / 2);
  expect(turned[0]).not.toEqual(turned[1]);
  // 8-bit images are flipped before their noise, which stays where it is.
  const bytes = { ...dataset, kind: '8-bit', train: Uint8Array.from(train), test: Uint8Array.from(train) } as const;
  const [pixels, noise] = [trainingBatches(bytes, count, 5, true)(1), trainingBatches(bytes, count, 5)(1)];
  const toByte = (values: Float32Array) => Array.from(values, (value) => Math.floor((value + 1) * 128));
  expect(toByte(pixels)).toEqual(Array.from(flipped(1), (value) => value % 256));
  const rest = (values: Float32Array) => Array.from(values, (value) => ((value + 1) * 128) % 1);
  expect(rest(pixels)[0]).toBeCloseTo(rest(noise)[0]!, 4);
});

test('the principal Gaussian of images has the directions of more variance than its floor', () => {
  // Two pixels that are alike, +-a, and a third that hardly varies: variance 2 a^2 along (1, 1, 0) / sqrt 2, else next to none.
  const train = Float32Array.of(1, 1, 0.01, -1, -1, 0.01, 1, 1, -0.01, -1, -1, -0.01);
  const continuous = { kind: 'continuous', shape: [1, 3, 1], source: 'test', train, test: train } as const;
  const { mean, basis, variances, rest } = principalGaussianOf(continuous, 0.05);
  expect([...Array.from(mean), rest]).toEqual([0, 0, 0, 0.05]);
  expect(variances).toEqual(Float32Array.of(2));
  expect(basis.map(Math.abs)).toEqual(Float32Array.of(Math.SQRT1_2, Math.SQRT1_2, 0));
  // Of 8-bit images in the unit of the model, with the noise of dequantization.
  const pixels = Uint8Array.of(192, 192, 64, 64);
  const bytes = { kind: '8-bit', shape: [1, 2, 1], source: 'test', train: pixels, test: pixels } as const;
  const eight = principalGaussianOf(bytes, 0.05);
  expect(eight.variances[0]).toBeCloseTo(2 * 0.5 ** 2 + 1 / 12 / 128 ** 2, 6);
  expect(Array.from(eight.mean)).toEqual([0.5 / 128, 0.5 / 128]);
});

test('the Gaussians of labels are of their own means, and of the covariance around these', () => {
  // Two labels at +-1 in the first pixel, which vary by 0.5 in the second; the third label has no image.
  const train = Float32Array.of(1, 0.5, 1, -0.5, -1, 0.5, -1, -0.5);
  const labels = { count: 3, train: Uint8Array.of(0, 0, 1, 1), test: Uint8Array.of(0) };
  const continuous = { kind: 'continuous', shape: [1, 2, 1], source: 'test', train, test: train, labels } as const;
  const { labelMeans, withinBasis, withinVariances, rest } = labelGaussiansOf(continuous, 0.05);
  expect(Array.from(labelMeans)).toEqual([1, 0, -1, 0, 0, 0]);
  expect(Array.from(withinBasis, Math.abs)).toEqual([0, 1]);
  expect([...withinVariances, rest]).toEqual([0.25, 0.05]);
  // 8-bit ones in the unit of the model, with the noise of dequantization.
  const pixels = Uint8Array.of(192, 192, 192, 64, 64, 192, 64, 64);
  const bytes = { ...continuous, kind: '8-bit', train: pixels, test: pixels } as const;
  const eight = labelGaussiansOf(bytes, 0.05);
  const shift = 0.5 / 128;
  expect(Array.from(eight.labelMeans)).toEqual([0.5 + shift, shift, -0.5 + shift, shift, shift, shift]);
  expect(eight.withinVariances[0]).toBeCloseTo(0.5 ** 2 + 1 / 12 / 128 ** 2, 6);
});
