import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode as encodePng } from 'fast-png';
import jpeg from 'jpeg-js';
import { describe, expect, test } from 'vitest';
import { celebaDataset, folderDataset } from '../../src/datasets/image-folder.ts';
import { decodeImage } from '../../src/datasets/image-file.ts';
import { shrinkImage } from '../../src/datasets/resize.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { tarOf } from '../support/tar.ts';

type Paint = (x: number, y: number) => readonly number[];

function png(width: number, height: number, channels: 1 | 2 | 3 | 4, paint: Paint): Uint8Array {
  const data = Uint8Array.from({ length: width * height * channels }, (_, i) => {
    const pixel = Math.floor(i / channels);
    return paint(pixel % width, Math.floor(pixel / width))[i % channels]!;
  });
  return encodePng({ width, height, data, channels, depth: 8 });
}

function jpegOf(width: number, height: number, paint: Paint): Uint8Array {
  const data = Buffer.from(
    Array.from({ length: width * height }, (_, i) => [...paint(i % width, Math.floor(i / width)), 255]).flat(),
  );
  return jpeg.encode({ width, height, data }, 95).data;
}

describe('decodeImage', () => {
  test('reads PNG of every kind of pixel exactly', () => {
    for (const [channels, values] of [
      [1, [7]],
      [2, [7, 255]],
      [3, [1, 2, 3]],
      [4, [1, 2, 3, 255]],
    ] as const) {
      const { width, height, pixels } = decodeImage(png(3, 2, channels, () => values));
      const color = values.length < 3 ? [7, 7, 7] : [1, 2, 3];
      expect([width, height, ...pixels]).toEqual([3, 2, ...Array.from({ length: 6 }, () => color).flat()]);
    }
  });

  test('reads JPEG, flat colors within rounding', () => {
    const { width, height, pixels } = decodeImage(jpegOf(16, 8, () => [200, 100, 50]));
    expect([width, height, pixels.length]).toEqual([16, 8, 16 * 8 * 3]);
    for (const [i, value] of pixels.entries()) expect(Math.abs(value - [200, 100, 50][i % 3]!)).toBeLessThanOrEqual(2);
  });

  test.each<[string, Uint8Array, string]>([
    ['text', Buffer.from('GIF89a'), 'neither PNG nor JPEG'],
    ['nothing', Buffer.alloc(0), 'neither PNG nor JPEG'],
    ['transparency', png(1, 1, 4, () => [1, 2, 3, 9]), 'transparent'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => decodeImage(bytes)).toThrow(message);
  });

  test('says of every beginning of a file that it is cut short', () => {
    const bytes = png(8, 8, 3, (x, y) => [x, y, 0]);
    // Its last 12 bytes are the mark of its end; before them every pixel has been read.
    for (let length = 2; length < bytes.length - 12; length++) {
      expect(() => decodeImage(bytes.subarray(0, length)), String(length)).toThrow(/^the PNG file is cut short/);
    }
    // The last bytes of a JPEG are its end: what is missing before them is seen.
    const jpegBytes = jpegOf(16, 16, () => [1, 2, 3]);
    for (const length of [2, 100, 300]) {
      expect(() => decodeImage(jpegBytes.subarray(0, length)), String(length)).toThrow(/^the JPEG file is cut short/);
    }
  });
});

describe('shrinkImage', () => {
  const image = (width: number, height: number, paint: Paint) => ({
    width,
    height,
    pixels: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
      const pixel = Math.floor(i / 3);
      return paint(pixel % width, Math.floor(pixel / width))[i % 3]!;
    }),
  });

  test('averages whole blocks, halves rounded up, and takes the square that is asked for', () => {
    const source = image(4, 4, (x, y) => [x + 4 * y, x < 2 ? 0 : 255, 1]);
    expect([...shrinkImage(source, { left: 0, top: 0, size: 4 }, 2)]).toEqual([
      3, 0, 1, 5, 255, 1, 11, 0, 1, 13, 255, 1,
    ]);
    expect([...shrinkImage(source, { left: 1, top: 2, size: 2 }, 2)].filter((_, i) => i % 3 === 0)).toEqual([
      9, 10, 13, 14,
    ]);
  });

  test('shares pixels that straddle two: 3 to 2', () => {
    const source = image(3, 3, (x) => [[0, 90, 180][x]!, 0, 0]);
    // (0 + 90 / 2) / 1.5 and (90 / 2 + 180) / 1.5
    expect([...shrinkImage(source, { left: 0, top: 0, size: 3 }, 2)].filter((_, i) => i % 3 === 0)).toEqual([
      30, 150, 30, 150,
    ]);
  });

  test('refuses to enlarge, and a square that is not in the image', () => {
    const source = image(4, 4, () => [0, 0, 0]);
    expect(() => shrinkImage(source, { left: 0, top: 0, size: 4 }, 8)).toThrow('smaller than 8x8');
    expect(() => shrinkImage(source, { left: 2, top: 0, size: 4 }, 2)).toThrow('too small');
  });
});

describe('folders', () => {
  const shade =
    (index: number): Paint =>
    () => [10 * index, 20, 30];

  test('folderDataset() takes every image of every folder once, whatever its format, and archives alike', () => {
    const files: Record<string, Uint8Array> = {
      'a.png': png(8, 12, 3, shade(1)),
      'sub/b.PNG': png(16, 8, 3, shade(2)),
      'sub/deep/c.png': png(8, 8, 3, shade(3)),
      'readme.txt': Buffer.from('no image'),
    };
    using directory = temporaryDirectory({ 'sub/deep/x': '' });
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory.path, name), bytes);
    const dataset = folderDataset(directory.path, { size: 4, heldOut: 1, seed: 5 });
    expect(dataset.shape).toEqual([4, 4, 3]);
    const reds = [dataset.train, dataset.test].map((images) => [...images].filter((_, i) => i % 48 === 0));
    expect(reds.map((list) => list.length)).toEqual([2, 1]);
    expect(reds.flat().sort()).toEqual([10, 20, 30]);
    expect(dataset.source).toContain('3 images, shuffled with seed 5');
    const archive = join(directory.path, 'all.tar');
    writeFileSync(archive, tarOf(files));
    expect(folderDataset(archive, { size: 4, heldOut: 1, seed: 5 })).toEqual(dataset);
  });

  test('folderDataset() takes the names of folders for labels, which stay with their images', () => {
    using directory = temporaryDirectory({ 'train/cat/x': '', 'train/dog/x': '', 'test/cat/x': '' });
    // The first channel tells the label.
    const files = { 'train/cat/a.png': 1, 'train/dog/b.png': 2, 'train/dog/c.png': 2, 'test/cat/d.png': 1 };
    for (const [name, label] of Object.entries(files)) {
      writeFileSync(join(directory.path, name), png(4, 4, 3, shade(label)));
    }
    const options = { size: 4, heldOut: 2, seed: 5 };
    const { train, test: tested, labels, source } = folderDataset(directory.path, options);
    const firsts = (images: Uint8Array) => [images[0], images[4 * 4 * 3]];
    expect(labels?.count).toBe(2);
    expect([...labels!.train].map((label) => 10 * (label + 1))).toEqual(firsts(train));
    expect([...labels!.test].map((label) => 10 * (label + 1))).toEqual(firsts(tested));
    expect(source).toMatch(/; 2 labels, by the names of their folders$/);
    // One that lies in no folder has no label, so none has.
    writeFileSync(join(directory.path, 'e.png'), png(4, 4, 3, shade(3)));
    const mixed = folderDataset(directory.path, options);
    expect(mixed.labels).toBeUndefined();
    expect(mixed.source).not.toContain('labels');
  });

  test('folderDataset() follows links to files and folders, as the digest of the folder does', () => {
    using elsewhere = temporaryDirectory();
    using directory = temporaryDirectory();
    const real = join(elsewhere.path, 'real');
    mkdirSync(real);
    writeFileSync(join(elsewhere.path, 'one.png'), png(4, 4, 3, shade(1)));
    writeFileSync(join(real, 'two.png'), png(4, 4, 3, shade(2)));
    symlinkSync(join(elsewhere.path, 'one.png'), join(directory.path, 'one.png'));
    symlinkSync(real, join(directory.path, 'folder'));
    symlinkSync(join(directory.path, 'nothing'), join(directory.path, 'broken'));
    const { train, test } = folderDataset(directory.path, { size: 4, heldOut: 1, seed: 5 });
    expect([...train, ...test].filter((_, i) => i % 48 === 0).sort()).toEqual([10, 20]);
  });

  test('folderDataset() keeps one channel when all are gray', () => {
    using directory = temporaryDirectory();
    for (const i of [1, 2])
      writeFileSync(
        join(directory.path, `${i}.png`),
        png(4, 4, 1, (x) => [x * i]),
      );
    expect(folderDataset(directory.path, { size: 4, heldOut: 1, seed: 1 }).shape).toEqual([4, 4, 1]);
  });

  test('celebaDataset() crops (89,121)+-64 and halves', () => {
    // A white square exactly where the crop is, on black: nothing black may be seen, and nothing be lost.
    const inside: Paint = (x, y) => (x >= 25 && x < 153 && y >= 57 && y < 185 ? [255, 255, 255] : [0, 0, 0]);
    using directory = temporaryDirectory();
    for (const i of [1, 2]) writeFileSync(join(directory.path, `00000${i}.png`), png(178, 218, 3, inside));
    const { shape, train, test: held, source } = celebaDataset(directory.path, { size: 64, heldOut: 1, seed: 1 });
    expect(shape).toEqual([64, 64, 3]);
    expect([train, held].map((images) => images.length)).toEqual([64 * 64 * 3, 64 * 64 * 3]);
    expect(train.every((value) => value === 255)).toBe(true);
    expect(source).toContain('CelebA, 2 of its 202599 images');
  });

  test.each<[string, Record<string, Uint8Array>, string]>([
    ['no images', { 'x.txt': Buffer.from('x') }, 'No images in'],
    [
      'a damaged one',
      { 'a.png': png(8, 8, 3, shade(1)), 'b.jpg': Buffer.from('x') },
      'Image "b.jpg": neither PNG nor JPEG',
    ],
    [
      'a small one',
      { 'a.png': png(8, 8, 3, shade(1)), 'b.png': png(2, 2, 3, shade(1)) },
      'Image "b.png": it is 2x2, smaller than 4x4',
    ],
  ])('a folder with %s is refused by name', (_, files, message) => {
    using directory = temporaryDirectory();
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(directory.path, name), bytes);
    expect(() => folderDataset(directory.path, { size: 4, heldOut: 1, seed: 1 })).toThrow(message);
  });
});
