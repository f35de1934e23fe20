// From log densities in nats to bits per dimension, for continuous data and for 8-bit data with uniform dequantization.
import { uniforms, type StreamKey } from '../tensor/random.ts';

/** -log2 p(x) / dim of a log density in nats. Of continuous data: the number depends on the data's unit. */
export function bitsPerDim(logDensityNats: number, dim: number): number {
  return -logDensityNats / (dim * Math.LN2);
}

/**
 * Bits per dimension of 8-bit data that a density knows as x = (pixel + u) / 128 - 1, u ~ U[0, 1): exactly 7 bits more,
 * since a pixel is a bin of width 1/128. In expectation over u an upper bound on the code length if the density is
 * normalized; with the one-shot density of a CDM, an estimate.
 */
export function bitsPerDim8Bit(logDensityNats: number, dim: number): number {
  return bitsPerDim(logDensityNats, dim) + 7;
}

/** x = (pixel + u) / 128 - 1 in [-1, 1), with u ~ U[0, 1) from the stream `key`, from its element `offset` on. */
export function dequantize(pixels: Uint8Array, key: StreamKey, offset = 0): Float32Array {
  const noise = uniforms(key, pixels.length, offset);
  // A sum that rounds to 256 would land on 1, outside the bin: 2^-24 below 256 is not a float32.
  return noise.map((u, i) => Math.min((pixels[i]! + u) / 128 - 1, 1 - 2 ** -24));
}

/** x = (pixel + 1/2) / 128 - 1: the middle of each pixel's bin. */
export function binCenters(pixels: Uint8Array): Float32Array {
  return Float32Array.from(pixels, (pixel) => (pixel + 0.5) / 128 - 1);
}
