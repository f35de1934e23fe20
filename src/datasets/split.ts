// Deterministic division of a set of images into two.
import { permutation, type StreamKey } from '../tensor/random.ts';

/**
 * Shuffles the images [n, imageSize] and holds `heldOut` of them out as test images. Every image is in exactly one of
 * the two. Throws a RangeError unless both get some.
 */
export function splitImages(
  images: Uint8Array,
  imageSize: number,
  heldOut: number,
  key: StreamKey,
): { train: Uint8Array; test: Uint8Array } {
  const count = images.length / imageSize;
  if (!Number.isInteger(heldOut) || heldOut < 1 || heldOut >= count) {
    throw new RangeError(`splitImages: cannot hold ${heldOut} of ${count} images out`);
  }
  const shuffled = new Uint8Array(images.length);
  for (const [to, from] of permutation(key, count).entries()) {
    shuffled.set(images.subarray(from * imageSize, (from + 1) * imageSize), to * imageSize);
  }
  const border = (count - heldOut) * imageSize;
  return { train: shuffled.slice(0, border), test: shuffled.slice(border) };
}
