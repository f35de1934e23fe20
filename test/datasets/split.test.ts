import fc from 'fast-check';
import { expect, test } from 'vitest';
import { splitImages } from '../../src/datasets/split.ts';

const key = { seed: 1, purpose: 'split' };
/** Images of two pixels, recognizable by both. */
const numbered = (count: number) =>
  Uint8Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? i / 2 : 255 - (i - 1) / 2));

test('splitImages puts every image into exactly one part, whole', () => {
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 100 }), fc.nat(), fc.nat(), (count, held, step) => {
      const heldOut = 1 + (held % (count - 1));
      const { train, test: held_ } = splitImages(numbered(count), 2, heldOut, { ...key, step });
      expect(held_.length).toBe(2 * heldOut);
      const all = [...train, ...held_];
      const seen = all.filter((_, i) => i % 2 === 0);
      expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
      for (let i = 0; i < all.length; i += 2) expect(all[i + 1]).toBe(255 - all[i]!);
    }),
    { numRuns: 50 },
  );
});

test('splitImages gives the same parts for the same key and others for another', () => {
  const images = numbered(100);
  const first = splitImages(images, 2, 10, key);
  expect(splitImages(images, 2, 10, key)).toEqual(first);
  expect(splitImages(images, 2, 10, { ...key, seed: 2 }).test).not.toEqual(first.test);
});

test('splitImages refuses to leave either part empty', () => {
  expect(() => splitImages(numbered(5), 2, 5, key)).toThrow('cannot hold 5 of 5 images out');
  expect(() => splitImages(numbered(5), 2, 0, key)).toThrow('cannot hold 0 of 5 images out');
});
