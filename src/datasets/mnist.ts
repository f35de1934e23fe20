// MNIST (LeCun, Cortes, Burges) from its published files, checked byte for byte and brought to 16 x 16 pixels.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EightBitDataset } from './dataset.ts';
import { decodeIdx, gunzipped, type IdxArray } from './idx.ts';
import { halveImages, padImages } from './resize.ts';
import { splitImages } from './split.ts';

const TRAIN = 'train-images-idx3-ubyte';
const TEST = 't10k-images-idx3-ubyte';
const TRAIN_LABELS = 'train-labels-idx1-ubyte';
const TEST_LABELS = 't10k-labels-idx1-ubyte';
const CLASSES = 10;
const PUBLISHED_SIZE = 28;
const PADDED_SIZE = 32;
const SIZE = 16;

/**
 * MD5 of the uncompressed files. The originals were published without digests; these are the ones that many
 * independent loaders of MNIST check, and the test images' was computed from the file itself as well.
 */
export const MNIST_MD5: Readonly<Record<string, string>> = {
  [TRAIN]: '6bbc9ace898e44ae57da46a324031adb',
  [TEST]: '2646ac647ad5339dbf082846283269ea',
  [TRAIN_LABELS]: 'a25bea736e30d166cdddb491f175f624',
  [TEST_LABELS]: '27ae3e4e09519cfbb04c329615203637',
};

/**
 * The images of the files in `directory`, raw or gzip, with black borders to 32 x 32 and averaged down to 16 x 16,
 * rounded to 8 bits. Without the training file, `heldOut` of the test file's images are the test images and the others
 * the training images. The labels are read where their files are. Throws an Error that says which file is missing,
 * damaged, or not the published one.
 */
export function mnistDataset(
  directory: string,
  { heldOut, seed }: { readonly heldOut: number; readonly seed: number },
  md5 = MNIST_MD5,
): EightBitDataset {
  const published = readImages(directory, TEST, md5);
  if (published === undefined) {
    throw new Error(
      `No MNIST images in "${directory}": put ${TEST} there and, for the 60,000 training images, ${TRAIN}, ` +
        'each as it is or as .gz',
    );
  }
  const training = readImages(directory, TRAIN, md5);
  const imageSize = SIZE * SIZE;
  const key = { seed, purpose: 'mnist/split' };
  const { train, test } = training
    ? { train: training, test: published }
    : splitImages(published, imageSize, heldOut, key);
  const testLabels = readLabels(directory, TEST_LABELS, published.length / imageSize, md5);
  const trainLabels = training && readLabels(directory, TRAIN_LABELS, training.length / imageSize, md5);
  // As images of one value each, the labels are divided as theirs are.
  const divided = training
    ? { train: trainLabels, test: testLabels }
    : testLabels && splitImages(testLabels, 1, heldOut, key);
  const labels = divided?.train && divided.test && { count: CLASSES, train: divided.train, test: divided.test };
  const counts = `${train.length / imageSize} training and ${test.length / imageSize} test images`;
  const origin = training
    ? `MNIST, ${counts} as published`
    : `MNIST, the published test images only, shuffled with seed ${seed} and split into ${counts}`;
  const preparation =
    'padded from 28x28 to 32x32 and averaged down to 16x16, rounded to 8 bits; ' +
    'likelihoods of such images compare with none that is published';
  const source = `${origin}; ${preparation}`;
  return { kind: '8-bit', shape: [SIZE, SIZE, 1], source, train, test, ...(labels && { labels }) };
}

/** The images of one file at 16 x 16, or undefined where there is no such file. */
function readImages(directory: string, name: string, md5: Readonly<Record<string, string>>): Uint8Array | undefined {
  return readPublished(directory, name, md5, ({ shape, data }) => {
    if (shape.length !== 3 || shape[1] !== PUBLISHED_SIZE || shape[2] !== PUBLISHED_SIZE) {
      throw new Error(`images of ${PUBLISHED_SIZE}x${PUBLISHED_SIZE} expected, got ${shape.join('x')}`);
    }
    return halveImages(padImages(data, PUBLISHED_SIZE, PADDED_SIZE), PADDED_SIZE);
  });
}

/** What the `count` images are of, or undefined where there is no such file. */
function readLabels(
  directory: string,
  name: string,
  count: number,
  md5: Readonly<Record<string, string>>,
): Uint8Array | undefined {
  return readPublished(directory, name, md5, ({ shape, data }) => {
    if (shape.length !== 1 || data.length !== count) {
      throw new Error(`${count} labels expected, got ${shape.join('x')}`);
    }
    return data;
  });
}

function readPublished(
  directory: string,
  name: string,
  md5: Readonly<Record<string, string>>,
  prepare: (array: IdxArray) => Uint8Array,
): Uint8Array | undefined {
  const path = [name, `${name}.gz`].map((file) => join(directory, file)).find((file) => existsSync(file));
  if (path === undefined) return undefined;
  try {
    const bytes = gunzipped(readFileSync(path));
    const actual = createHash('md5').update(bytes).digest('hex');
    if (actual !== md5[name]) {
      throw new Error(`not the published file: MD5 ${actual} of the uncompressed bytes, expected ${md5[name]}`);
    }
    return prepare(decodeIdx(bytes));
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}
