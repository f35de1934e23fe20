import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bitsPerDim, bitsPerDim8Bit, dequantize } from '../../src/diffusion/likelihood.ts';

test('bitsPerDim() of N(0, I) at its own samples is half of log2(2 pi e) on average', () => {
  const dim = 12;
  const entropyNats = (dim / 2) * Math.log(2 * Math.PI * Math.E);
  expect(bitsPerDim(-entropyNats, dim)).toBeCloseTo(0.5 * Math.log2(2 * Math.PI * Math.E), 12);
});

test('bitsPerDim8Bit() of the uniform density on [-1, 1) is 8 bits, and 7 more than without bins', () => {
  const logDensity = -784 * Math.log(2);
  expect(bitsPerDim8Bit(logDensity, 784)).toBeCloseTo(8, 12);
  expect(bitsPerDim8Bit(logDensity, 784) - bitsPerDim(logDensity, 784)).toBe(7);
});

test('dequantize() puts every pixel into its own bin of width 1/128', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), fc.nat(), (pixels, seed) => {
      const x = dequantize(pixels, { seed, purpose: 'dequantize' });
      for (const [i, value] of x.entries()) {
        // A float32 may round up to the edge of the bin, but never to 1.
        expect(value).toBeGreaterThanOrEqual(pixels[i]! / 128 - 1);
        expect(value).toBeLessThanOrEqual((pixels[i]! + 1) / 128 - 1);
        expect(value).toBeLessThan(1);
      }
    }),
  );
});

test('dequantize() draws fresh noise for each step, and any slice of it alone', () => {
  const pixels = new Uint8Array(64).fill(200);
  const key = { seed: 3, purpose: 'dequantize', step: 1 };
  const whole = dequantize(pixels, key);
  expect(dequantize(pixels, { ...key, step: 2 })).not.toEqual(whole);
  expect(dequantize(pixels.subarray(20, 30), key, 20)).toEqual(whole.subarray(20, 30));
});
