import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { halveImages, padImages } from '../../src/datasets/resize.ts';

describe('padImages', () => {
  test('puts each image in the middle of zeros', () => {
    expect(Array.from(padImages(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8), 2, 4))).toEqual([
      ...[0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0],
      ...[0, 0, 0, 0, 0, 5, 6, 0, 0, 7, 8, 0, 0, 0, 0, 0],
    ]);
  });
  test('leaves the wider part of an odd border at the end', () => {
    expect(Array.from(padImages(Uint8Array.of(9), 1, 2))).toEqual([9, 0, 0, 0]);
  });
  test('refuses to shrink and refuses partial images', () => {
    expect(() => padImages(new Uint8Array(9), 3, 2)).toThrow('2 pixels do not hold 3');
    expect(() => padImages(new Uint8Array(10), 3, 4)).toThrow('10 bytes are not 3x3 images');
  });
});

describe('halveImages', () => {
  test('averages blocks and rounds halves up', () => {
    const image = [
      [0, 1, 255, 255],
      [0, 1, 255, 255],
      [10, 10, 0, 0],
      [10, 11, 0, 3],
    ];
    // Means 0.5, 255, 10.25 and 0.75.
    expect(Array.from(halveImages(Uint8Array.from(image.flat()), 4))).toEqual([1, 255, 10, 1]);
  });
  test('treats the images of a batch one by one', () => {
    const image = fc.uint8Array({ minLength: 36, maxLength: 36 });
    fc.assert(
      fc.property(image, image, (a, b) => {
        const both = halveImages(Uint8Array.of(...a, ...b), 6);
        expect(Array.from(both)).toEqual([...halveImages(a, 6), ...halveImages(b, 6)]);
      }),
      { numRuns: 30 },
    );
  });
  test('refuses odd sizes', () => {
    expect(() => halveImages(new Uint8Array(9), 3)).toThrow('the size 3 is odd');
  });
});
