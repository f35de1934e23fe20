// MNIST (LeCun, Cortes, Burges), Fashion-MNIST (Xiao, Rasul, Vollgraf), which took its format, from their published files,
// checked byte for byte.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EightBitDataset } from './dataset.ts';
import { decodeIdx, gunzipped, type IdxArray } from './idx.ts';
import { halveImages, padImages } from './resize.ts';
import { splitImages } from './split.ts';

/** The names of a file of images and of the labels in their order. */
interface Pair {
  readonly images: string;
  readonly labels: string;
}

const TRAIN: Pair = { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' };
const TEST: Pair = { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' };
/** The part of MNIST that lies in this repository (data/mnist-10k). */
const EXCERPT: Pair = {
  images: 'train-first-10000-images-idx3-ubyte',
  labels: 'train-first-10000-labels-idx1-ubyte',
};
const CLASSES = 10;
const PUBLISHED_SIZE = 28;

/** A data set in files of the names of MNIST's. */
export interface IdxSet {
  readonly title: string;
  /** Of the uncompressed files, by name. */
  readonly md5: Readonly<Record<string, string>>;
}

/**
 * The originals were published without digests; these are the ones that many independent loaders of MNIST check, and the test
 * images' was computed from the file itself as well.
 */
export const MNIST: IdxSet = {
  title: 'MNIST',
  md5: {
    [TRAIN.images]: '6bbc9ace898e44ae57da46a324031adb',
    [TRAIN.labels]: 'a25bea736e30d166cdddb491f175f624',
    [TEST.images]: '2646ac647ad5339dbf082846283269ea',
    [TEST.labels]: '27ae3e4e09519cfbb04c329615203637',
    [EXCERPT.images]: '63a563d3843dba5073e604e3a7990e87',
    [EXCERPT.labels]: 'e6ef65212ddc6f9010e22d95b5269050',
  },
};

/** As several loaders check them, and as the files of Debian's dataset-fashion-mnist have them. */
export const FASHION_MNIST: IdxSet = {
  title: 'Fashion-MNIST',
  md5: {
    [TRAIN.images]: 'f4a8712d7a061bf5bd6d2ca38dc4d50a',
    [TRAIN.labels]: '9018921c3c673c538a1fc5bad174d6f9',
    [TEST.images]: '8181f5470baa50b63fa0f6fddb340f0a',
    [TEST.labels]: '15d484375f8d13e6eb1aabb0c3f46965',
  },
};

export interface IdxOptions {
  /** Pixels on a side: 28 as published, 32 with black borders, or 16, which those averaged down are. */
  readonly size: number;
  /** Images held out where there is one file alone. */
  readonly heldOut: number;
  readonly seed: number;
}

/** What becomes of 28 x 28 pixels, by the size wanted. */
const PREPARATIONS: Readonly<
  Record<number, { readonly what: string; readonly of: (images: Uint8Array) => Uint8Array }>
> = {
  28: { what: '28x28 as published', of: (images) => images },
  32: { what: 'padded from 28x28 to 32x32', of: (images) => padImages(images, PUBLISHED_SIZE, 32) },
  16: {
    what:
      'padded from 28x28 to 32x32 and averaged down to 16x16, rounded to 8 bits; ' +
      'likelihoods of such images compare with none that is published',
    of: (images) => halveImages(padImages(images, PUBLISHED_SIZE, 32), 32),
  },
};

/** Images [n, size, size] and, where their file is there, what they are of. */
interface Part {
  readonly images: Uint8Array;
  readonly labels: Uint8Array | undefined;
}

/**
 * The images of the files in `directory`, raw or gzip. Both parts as published where both files are there; of one file alone
 * (the test images, or the excerpt in this repository) `heldOut` of the images are the test images and the others the training
 * images. The labels are read where their files are. Throws an Error that says which file is missing, damaged, or not the
 * published one, and a RangeError for another size.
 */
export function idxDataset(directory: string, set: IdxSet, { size, heldOut, seed }: IdxOptions): EightBitDataset {
  const preparation = PREPARATIONS[size];
  if (preparation === undefined) throw new RangeError(`${set.title} is had at a size of 28, 32 or 16, not ${size}`);
  const read = (pair: Pair): Part | undefined => readPart(directory, pair, set, preparation.of);
  const [train, test] = [read(TRAIN), read(TEST)];
  const imageSize = size ** 2;
  const counts = (parts: readonly Part[]): number[] => parts.map(({ images }) => images.length / imageSize);
  if (train && test) {
    const [trained, tested] = counts([train, test]);
    const origin = `${trained} training and ${tested} test images as published`;
    return datasetOf(train, test, size, `${set.title}, ${origin}; ${preparation.what}`);
  }
  const [only, which] = test ? [test, 'test images only'] : [read(EXCERPT), 'training images only, the first 10000'];
  if (only === undefined) throw new Error(noFiles(directory, set));
  const parts = splitPart(only, imageSize, heldOut, seed);
  const [trained, tested] = counts(parts);
  const split = `shuffled with seed ${seed} and split into ${trained} training and ${tested} test images`;
  return datasetOf(...parts, size, `${set.title}, the published ${which}, ${split}; ${preparation.what}`);
}

function datasetOf(train: Part, test: Part, size: number, source: string): EightBitDataset {
  const labels = train.labels && test.labels && { count: CLASSES, train: train.labels, test: test.labels };
  const shape = [size, size, 1] as const;
  return { kind: '8-bit', shape, source, train: train.images, test: test.images, ...(labels && { labels }) };
}

/** Labels go where their images go: as images of one value each, they are divided as theirs are. */
function splitPart(
  { images, labels }: Part,
  imageSize: number,
  heldOut: number,
  seed: number,
): [train: Part, test: Part] {
  const key = { seed, purpose: 'mnist/split' };
  const split = splitImages(images, imageSize, heldOut, key);
  const own = labels && splitImages(labels, 1, heldOut, key);
  return [
    { images: split.train, labels: own?.train },
    { images: split.test, labels: own?.test },
  ];
}

function noFiles(directory: string, { title }: IdxSet): string {
  return (
    `No ${title} images in "${directory}": put ${TEST.images} there and, for the 60,000 training images, ` +
    `${TRAIN.images}, each as it is or as .gz`
  );
}

/** The images of one file, prepared, and their labels; undefined where there are no such images. */
function readPart(
  directory: string,
  pair: Pair,
  { md5 }: IdxSet,
  prepare: (images: Uint8Array) => Uint8Array,
): Part | undefined {
  let count = 0;
  const images = readPublished(directory, pair.images, md5, ({ shape, data }) => {
    if (shape.length !== 3 || shape[1] !== PUBLISHED_SIZE || shape[2] !== PUBLISHED_SIZE) {
      throw new Error(`images of ${PUBLISHED_SIZE}x${PUBLISHED_SIZE} expected, got ${shape.join('x')}`);
    }
    count = shape[0]!;
    return prepare(data);
  });
  if (images === undefined) return undefined;
  const labels = readPublished(directory, pair.labels, md5, ({ shape, data }) => {
    if (shape.length !== 1 || data.length !== count) {
      throw new Error(`${count} labels expected, got ${shape.join('x')}`);
    }
    return data;
  });
  return { images, labels };
}

function readPublished(
  directory: string,
  name: string,
  md5: Readonly<Record<string, string>>,
  prepare: (array: IdxArray) => Uint8Array,
): Uint8Array | undefined {
  const path = [name, `${name}.gz`].map((file) => join(directory, file)).find((file) => existsSync(file));
  if (path === undefined || md5[name] === undefined) return undefined;
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
