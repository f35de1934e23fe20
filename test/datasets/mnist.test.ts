import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeIdx } from '../../src/datasets/idx.ts';
import { FASHION_MNIST, idxDataset, MNIST } from '../../src/datasets/mnist.ts';

const TEST = 't10k-images-idx3-ubyte';
const TRAIN = 'train-images-idx3-ubyte';
const TEST_LABELS = 't10k-labels-idx1-ubyte';
const TRAIN_LABELS = 'train-labels-idx1-ubyte';
const fixtures = fileURLToPath(new URL('../fixtures/mnist', import.meta.url));
const originalLabels = gunzipSync(readFileSync(join(fixtures, `${TEST_LABELS}.gz`)));
const original = gunzipSync(readFileSync(join(fixtures, `${TEST}.gz`)));
// Stands in for the published digests: the fixture holds 16 of the published 10,000 images.
const md5 = {
  [TEST]: createHash('md5').update(original).digest('hex'),
  [TRAIN]: createHash('md5').update(original).digest('hex'),
  [TEST_LABELS]: createHash('md5').update(originalLabels).digest('hex'),
  [TRAIN_LABELS]: createHash('md5').update(originalLabels).digest('hex'),
};
const set = { ...MNIST, md5 };
const options = { size: 16, heldOut: 4, seed: 3 };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mnist-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** One 16 x 16 image from the 28 x 28 original, straight from the definition. */
function prepared(image: Uint8Array): number[] {
  const at = (y: number, x: number) => (y < 2 || x < 2 || y >= 30 || x >= 30 ? 0 : image[(y - 2) * 28 + x - 2]!);
  return Array.from({ length: 256 }, (_, i) => {
    const [y, x] = [2 * Math.floor(i / 16), 2 * (i % 16)];
    return Math.round((at(y, x) + at(y, x + 1) + at(y + 1, x) + at(y + 1, x + 1)) / 4);
  });
}

describe('idxDataset', () => {
  const expected = Array.from({ length: 16 }, (_, i) =>
    prepared(decodeIdx(original).data.subarray(784 * i, 784 * (i + 1))),
  );
  const imagesOf = (pixels: Uint8Array) =>
    Array.from({ length: pixels.length / 256 }, (_, i) => Array.from(pixels.subarray(256 * i, 256 * (i + 1))));

  test('splits the test file where there is no training file, and says so', () => {
    const dataset = idxDataset(fixtures, set, options);
    expect(dataset.shape).toEqual([16, 16, 1]);
    expect(dataset.kind).toBe('8-bit');
    const [train, held] = [imagesOf(dataset.train), imagesOf(dataset.test)];
    expect([train.length, held.length]).toEqual([12, 4]);
    expect([...train, ...held].map(String).toSorted()).toEqual(expected.map(String).toSorted());
    expect(dataset.source).toContain(
      'the published test images only, shuffled with seed 3 and split into 12 training and 4 test images',
    );
    expect(dataset.source).toContain('likelihoods of such images compare with none that is published');
    expect(idxDataset(fixtures, set, options)).toEqual(dataset);
    // Labels go where their images go.
    const labelled = imagesOf(dataset.train).map((image, i) => `${image} is ${dataset.labels!.train[i]}`);
    const labels = decodeIdx(originalLabels).data;
    const known = expected.map((image, i) => `${image} is ${labels[i]}`);
    expect(dataset.labels!.count).toBe(10);
    expect(known).toEqual(expect.arrayContaining(labelled));
    expect(dataset.labels!.test).toHaveLength(4);
  });

  test('takes both files as published where both are there, raw or gzip', () => {
    copyFileSync(join(fixtures, `${TEST}.gz`), join(directory, `${TEST}.gz`));
    writeFileSync(join(directory, TRAIN), original);
    const dataset = idxDataset(directory, set, options);
    expect(imagesOf(dataset.train)).toEqual(expected);
    expect(imagesOf(dataset.test)).toEqual(expected);
    expect(dataset.source).toContain('16 training and 16 test images as published');
    // Without the labels of both there are none.
    expect(dataset.labels).toBeUndefined();
    for (const name of [TEST_LABELS, TRAIN_LABELS]) writeFileSync(join(directory, name), originalLabels);
    const { labels } = idxDataset(directory, set, options);
    expect([labels!.train, labels!.test]).toEqual([decodeIdx(originalLabels).data, decodeIdx(originalLabels).data]);
  });

  test('keeps the pixels as published at a size of 28, borders at 32, and knows no other size', () => {
    const sized = (size: number) => idxDataset(fixtures, set, { ...options, size });
    const at28 = sized(28);
    const pixels = decodeIdx(original).data;
    const published = Array.from({ length: 16 }, (_, i) => String(Array.from(pixels.subarray(784 * i, 784 * (i + 1)))));
    const found = [at28.train, at28.test].flatMap((part) =>
      Array.from({ length: part.length / 784 }, (_, i) => String(Array.from(part.subarray(784 * i, 784 * (i + 1))))),
    );
    expect(at28.shape).toEqual([28, 28, 1]);
    expect(found.toSorted()).toEqual(published.toSorted());
    expect(at28.source).toContain('; 28x28 as published');
    // The same images are held out at every size.
    const at32 = sized(32);
    expect(at32.shape).toEqual([32, 32, 1]);
    expect(at32.labels).toEqual(at28.labels);
    const inner = (image: number) =>
      Array.from({ length: 784 }, (_, i) => at32.test[image * 1024 + (Math.floor(i / 28) + 2) * 32 + (i % 28) + 2]!);
    expect(inner(1)).toEqual(Array.from(at28.test.subarray(784, 2 * 784)));
    expect(() => sized(20)).toThrow('MNIST is had at a size of 28, 32 or 16, not 20');
  });

  test('reads the 10,000 digits of this repository, and says what they are', () => {
    const excerpt = fileURLToPath(new URL('../../data/mnist-10k', import.meta.url));
    const { source, train, labels } = idxDataset(excerpt, MNIST, { size: 28, heldOut: 1000, seed: 1 });
    expect(source).toBe(
      'MNIST, the published training images only, the first 10000, shuffled with seed 1 and split into 9000 training ' +
        'and 1000 test images; 28x28 as published',
    );
    expect(train).toHaveLength(9000 * 784);
    expect([labels!.train.length, labels!.test.length]).toEqual([9000, 1000]);
    // They are of no other set.
    expect(() => idxDataset(excerpt, FASHION_MNIST, options)).toThrow('No Fashion-MNIST images in');
  });

  const debian = '/usr/share/datasets/fashion-mnist';
  test.skipIf(!existsSync(debian))('reads Fashion-MNIST as Debian has it (skipped where it is absent)', () => {
    const { source, labels } = idxDataset(debian, FASHION_MNIST, { ...options, size: 28 });
    expect(source).toBe('Fashion-MNIST, 60000 training and 10000 test images as published; 28x28 as published');
    // As many of each label as its authors say.
    const counts = Array.from({ length: 10 }, (_, label) => labels!.train.filter((other) => other === label).length);
    expect(counts).toEqual(new Array(10).fill(6000));
  });

  test('names the files it looked for when there are none', () => {
    expect(() => idxDataset(join(directory, 'nothing'), MNIST, options)).toThrow(
      /No MNIST images in ".*nothing": put t10k-images-idx3-ubyte there and.*train-images-idx3-ubyte/,
    );
  });

  test('refuses a file that is not the published one, with both digests', () => {
    expect(() => idxDataset(fixtures, MNIST, options)).toThrow(
      new RegExp(`${TEST}.gz: not the published file: MD5 ${md5[TEST]} .*, expected 2646ac647ad5339dbf082846283269ea`),
    );
  });

  test('refuses a damaged gzip file and another kind of image, by path', () => {
    const path = join(directory, `${TEST}.gz`);
    writeFileSync(path, readFileSync(join(fixtures, `${TEST}.gz`)).subarray(0, 1000));
    expect(() => idxDataset(directory, set, options)).toThrow(`${path}: unexpected end of file`);
    const small = Buffer.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4);
    writeFileSync(path, small);
    const digest = createHash('md5').update(small).digest('hex');
    expect(() => idxDataset(directory, { ...set, md5: { ...md5, [TEST]: digest } }, options)).toThrow(
      'images of 28x28 expected, got 1x2x2',
    );
  });

  const published = fileURLToPath(new URL('../../../shared/data/mnist-t10k', import.meta.url));
  test.skipIf(!existsSync(published))('reads the published test images (skipped where they are absent)', () => {
    const dataset = idxDataset(published, MNIST, { ...options, heldOut: 1000, seed: 1 });
    expect([dataset.train.length, dataset.test.length]).toEqual([9000 * 256, 1000 * 256]);
    expect(dataset.labels!.train).toHaveLength(9000);
    // The mean of the published 28 x 28 test pixels is 33.79; the border divides it by (32/28)^2, averaging keeps it.
    const total = [dataset.train, dataset.test].reduce((sum, part) => part.reduce((s, pixel) => s + pixel, sum), 0);
    expect(Math.abs(total / (10_000 * 256) - (33.79 * 28 ** 2) / 32 ** 2)).toBeLessThan(0.2);
  });
});
