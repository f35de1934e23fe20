import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeIdx } from '../../src/datasets/idx.ts';
import { MNIST_MD5, mnistDataset } from '../../src/datasets/mnist.ts';

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
const options = { heldOut: 4, seed: 3 };

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

describe('mnistDataset', () => {
  const expected = Array.from({ length: 16 }, (_, i) =>
    prepared(decodeIdx(original).data.subarray(784 * i, 784 * (i + 1))),
  );
  const imagesOf = (pixels: Uint8Array) =>
    Array.from({ length: pixels.length / 256 }, (_, i) => Array.from(pixels.subarray(256 * i, 256 * (i + 1))));

  test('splits the test file where there is no training file, and says so', () => {
    const dataset = mnistDataset(fixtures, options, md5);
    expect(dataset.shape).toEqual([16, 16, 1]);
    expect(dataset.kind).toBe('8-bit');
    const [train, held] = [imagesOf(dataset.train), imagesOf(dataset.test)];
    expect([train.length, held.length]).toEqual([12, 4]);
    expect([...train, ...held].map(String).toSorted()).toEqual(expected.map(String).toSorted());
    expect(dataset.source).toContain(
      'the published test images only, shuffled with seed 3 and split into 12 training and 4 test images',
    );
    expect(dataset.source).toContain('likelihoods of such images compare with none that is published');
    expect(mnistDataset(fixtures, options, md5)).toEqual(dataset);
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
    const dataset = mnistDataset(directory, options, md5);
    expect(imagesOf(dataset.train)).toEqual(expected);
    expect(imagesOf(dataset.test)).toEqual(expected);
    expect(dataset.source).toContain('16 training and 16 test images as published');
    // Without the labels of both there are none.
    expect(dataset.labels).toBeUndefined();
    for (const name of [TEST_LABELS, TRAIN_LABELS]) writeFileSync(join(directory, name), originalLabels);
    const { labels } = mnistDataset(directory, options, md5);
    expect([labels!.train, labels!.test]).toEqual([decodeIdx(originalLabels).data, decodeIdx(originalLabels).data]);
  });

  test('names the files it looked for when there are none', () => {
    expect(() => mnistDataset(join(directory, 'nothing'), options)).toThrow(
      /No MNIST images in ".*nothing": put t10k-images-idx3-ubyte there and.*train-images-idx3-ubyte/,
    );
  });

  test('refuses a file that is not the published one, with both digests', () => {
    expect(() => mnistDataset(fixtures, options)).toThrow(
      new RegExp(`${TEST}.gz: not the published file: MD5 ${md5[TEST]} .*, expected 2646ac647ad5339dbf082846283269ea`),
    );
  });

  test('refuses a damaged gzip file and another kind of image, by path', () => {
    const path = join(directory, `${TEST}.gz`);
    writeFileSync(path, readFileSync(join(fixtures, `${TEST}.gz`)).subarray(0, 1000));
    expect(() => mnistDataset(directory, options, md5)).toThrow(`${path}: unexpected end of file`);
    const small = Buffer.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4);
    writeFileSync(path, small);
    const digest = createHash('md5').update(small).digest('hex');
    expect(() => mnistDataset(directory, options, { ...md5, [TEST]: digest })).toThrow(
      'images of 28x28 expected, got 1x2x2',
    );
  });

  const published = fileURLToPath(new URL('../../../shared/data/mnist-t10k', import.meta.url));
  test.skipIf(!existsSync(published))('reads the published test images (skipped where they are absent)', () => {
    const dataset = mnistDataset(published, { heldOut: 1000, seed: 1 });
    expect([dataset.train.length, dataset.test.length]).toEqual([9000 * 256, 1000 * 256]);
    expect(Object.keys(MNIST_MD5)).toEqual([TRAIN, TEST, TRAIN_LABELS, TEST_LABELS]);
    expect(dataset.labels!.train).toHaveLength(9000);
    // The mean of the published 28 x 28 test pixels is 33.79; the border divides it by (32/28)^2, averaging keeps it.
    const total = [dataset.train, dataset.test].reduce((sum, part) => part.reduce((s, pixel) => s + pixel, sum), 0);
    expect(Math.abs(total / (10_000 * 256) - (33.79 * 28 ** 2) / 32 ** 2)).toBeLessThan(0.2);
  });
});
