// CIFAR-10 (Krizhevsky 2009), from the published archive of its binary version.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { EightBitDataset } from './dataset.ts';
import { readTar, type ArchiveFile } from './tar.ts';

const ARCHIVE = 'cifar-10-binary.tar.gz';
/** Published beside the archive, https://www.cs.toronto.edu/~kriz/cifar.html. */
export const CIFAR10_MD5 = 'c32a1d4ab5d03f1284b67883e8d87530';

const SIZE = 32;
const CHANNELS = 3;
const PIXELS = SIZE * SIZE;
/** A label, then the planes red, green and blue. */
const RECORD = 1 + CHANNELS * PIXELS;
const CLASSES = 10;
const TRAIN = [1, 2, 3, 4, 5].map((batch) => `data_batch_${batch}.bin`);
const TEST = ['test_batch.bin'];

/**
 * The images of the archive, or of the archive in a directory, as published: 50,000 to train with and 10,000 to test,
 * [n, 32, 32, 3]. Throws an Error that says what is missing, damaged, or not the published file.
 */
export function cifar10Dataset(path: string, md5 = CIFAR10_MD5): EightBitDataset {
  const archive = statSync(path).isDirectory() ? join(path, ARCHIVE) : path;
  if (!existsSync(archive)) {
    throw new Error(`No CIFAR-10 in "${path}": put ${ARCHIVE} there, from https://www.cs.toronto.edu/~kriz/cifar.html`);
  }
  try {
    const bytes = readFileSync(archive);
    const actual = createHash('md5').update(bytes).digest('hex');
    if (actual !== md5) throw new Error(`not the published file: its MD5 is ${actual}, expected ${md5}`);
    const files = readTar(bytes);
    const [train, test] = [readBatches(files, TRAIN), readBatches(files, TEST)];
    const source = `CIFAR-10, ${train.labels.length} training and ${test.labels.length} test images as published`;
    return {
      kind: '8-bit',
      shape: [SIZE, SIZE, CHANNELS],
      source,
      train: train.images,
      test: test.images,
      labels: { count: CLASSES, train: train.labels, test: test.labels },
    };
  } catch (cause) {
    throw new Error(`${archive}: ${(cause as Error).message}`, { cause });
  }
}

/** The images of batch files one after another, [n, 32, 32, 3], and what they are of. */
function readBatches(
  files: readonly ArchiveFile[],
  names: readonly string[],
): { images: Uint8Array; labels: Uint8Array } {
  const batches = names.map((name) => {
    const file = files.find((candidate) => candidate.name.split('/').at(-1) === name);
    if (file === undefined) throw new Error(`the archive has no "${name}"`);
    if (file.bytes.length === 0 || file.bytes.length % RECORD !== 0) {
      throw new Error(`"${name}" has ${file.bytes.length} bytes, which are not whole records of ${RECORD}`);
    }
    return file;
  });
  const count = batches.reduce((sum, { bytes }) => sum + bytes.length / RECORD, 0);
  const images = new Uint8Array(count * CHANNELS * PIXELS);
  const labels = new Uint8Array(count);
  let [image, to] = [0, 0];
  for (const { name, bytes } of batches) {
    for (let record = 0; record < bytes.length; record += RECORD) {
      if (bytes[record]! >= CLASSES) throw new Error(`"${name}" has the label ${bytes[record]}, there are ${CLASSES}`);
      labels[image++] = bytes[record]!;
      for (let pixel = 0; pixel < PIXELS; pixel++) {
        for (let channel = 0; channel < CHANNELS; channel++) {
          images[to++] = bytes[record + 1 + channel * PIXELS + pixel]!;
        }
      }
    }
  }
  return { images, labels };
}
