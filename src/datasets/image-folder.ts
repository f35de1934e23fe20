// Images of any folder or tar archive of PNG and JPEG files, cut to squares and brought to one size; and CelebA, which is one.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { EightBitDataset } from './dataset.ts';
import { decodeImage, isImageName } from './image-file.ts';
import { shrinkImage, type Square } from './resize.ts';
import { splitImages } from './split.ts';
import { readTar } from './tar.ts';

interface ImageFile {
  readonly name: string;
  readonly read: () => Uint8Array;
}

/** CelebA's aligned images are 178 x 218; the square of 128 around (x, y) = (89, 121) holds the face (as in DDIM's release). */
export const CELEBA_CROP: Square = { left: 89 - 64, top: 121 - 64, size: 128 };
/** Of the 202,599 images in order of their names, as CelebA's list_eval_partition.txt divides them. */
const CELEBA = { count: 202_599, train: 162_770, beforeTest: 182_637 };

export interface FolderOptions {
  /** Pixels on a side. */
  readonly size: number;
  /** Images held out to test with. */
  readonly heldOut: number;
  readonly seed: number;
}

/**
 * Every image below a directory or in a tar archive, [n, size, size, channels]: the middle square, averaged down, rounded to
 * 8 bits; one channel when all are gray. `heldOut` of them, chosen by the seed, are test images. Where images lie in folders of
 * several names, these are their labels. Throws an Error that names the file at fault.
 */
export function folderDataset(path: string, { size, heldOut, seed }: FolderOptions): EightBitDataset {
  const files = imageFiles(path);
  const rgb = readImages(files, size, null);
  const channels = isGray(rgb) ? 1 : 3;
  const images = channels === 1 ? rgb.filter((_, index) => index % 3 === 0) : rgb;
  const key = { seed, purpose: 'folder/split' };
  const labels = labelsByFolder(files);
  return {
    kind: '8-bit',
    shape: [size, size, channels],
    source:
      `${files.length} images, shuffled with seed ${seed} and split into ${files.length - heldOut} training and ` +
      `${heldOut} test images; the middle square averaged down to ${size}x${size}, rounded to 8 bits` +
      (labels ? `; ${labels.count} labels, by the names of their folders` : ''),
    ...splitImages(images, size * size * channels, heldOut, key),
    ...(labels && { labels: { count: labels.count, ...splitImages(labels.each, 1, heldOut, key) } }),
  };
}

/**
 * CelebA (Liu et al. 2015) from its folder of aligned JPEG files: the crop (89, 121) +- 64 averaged down to 64 x 64, rounded
 * to 8 bits. The whole set is divided as published, and its first `heldOut` test images are kept; of a part of it,
 * `heldOut` images chosen by the seed.
 */
export function celebaDataset(path: string, { size, heldOut, seed }: FolderOptions): EightBitDataset {
  const files = imageFiles(path);
  const preparation = `cropped (89,121)+-64 and averaged down to ${size}x${size}, rounded to 8 bits`;
  const shape = [size, size, 3] as const;
  if (files.length === CELEBA.count) {
    const { train, beforeTest } = CELEBA;
    const tested = files.slice(beforeTest, beforeTest + heldOut);
    return {
      kind: '8-bit',
      shape,
      source: `CelebA, the ${train} training and first ${tested.length} test images of the published partition; ${preparation}`,
      train: readImages(files.slice(0, train), size, CELEBA_CROP),
      test: readImages(tested, size, CELEBA_CROP),
    };
  }
  const images = readImages(files, size, CELEBA_CROP);
  return {
    kind: '8-bit',
    shape,
    source:
      `CelebA, ${files.length} of its ${CELEBA.count} images, shuffled with seed ${seed} and split into ` +
      `${files.length - heldOut} training and ${heldOut} test images; ${preparation}`,
    ...splitImages(images, size * size * 3, heldOut, { seed, purpose: 'celeba/split' }),
  };
}

/** In code-unit order of their names. */
function imageFiles(path: string): ImageFile[] {
  const files = statSync(path).isDirectory() ? filesBelow(path) : archived(path);
  const images = files.filter(({ name }) => isImageName(name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  if (images.length === 0) throw new Error(`No images in "${path}": PNG and JPEG files are looked for, in all folders`);
  return images;
}

/** As many as a byte tells apart. */
const mostLabels = 256;

/**
 * Numbers of the names of the folders that the images lie in, in code-unit order: `train/cat` and `test/cat` are one label.
 * Undefined where an image lies in none, all lie in one, or there are more names than labels can be.
 */
function labelsByFolder(files: readonly ImageFile[]): { count: number; each: Uint8Array } | undefined {
  const folders = files.map(({ name }) => posix.basename(posix.dirname(name)));
  const names = [...new Set(folders)].sort();
  if (names.includes('.') || names.length < 2 || names.length > mostLabels) return undefined;
  const numbers = new Map(names.map((name, number) => [name, number]));
  return { count: names.length, each: Uint8Array.from(folders, (name) => numbers.get(name)!) };
}

/** Links are followed, as the digest of the folder does. Node's own recursion does so from version 22 on. */
function filesBelow(path: string, prefix = ''): ImageFile[] {
  return readdirSync(path, { withFileTypes: true }).flatMap((entry) => {
    const file = join(path, entry.name);
    const name = `${prefix}${entry.name}`;
    const target = entry.isSymbolicLink() ? statSync(file, { throwIfNoEntry: false }) : entry;
    return target?.isDirectory() ? filesBelow(file, `${name}/`) : [{ name, read: () => readFileSync(file) }];
  });
}

function archived(path: string): ImageFile[] {
  try {
    return readTar(readFileSync(path)).map(({ name, bytes }) => ({ name, read: () => bytes }));
  } catch (cause) {
    throw new Error(`${path}: ${(cause as Error).message}`, { cause });
  }
}

/** RGB, [n, size, size, 3]; `crop` null is the middle square. */
function readImages(files: readonly ImageFile[], size: number, crop: Square | null): Uint8Array {
  const images = new Uint8Array(files.length * size * size * 3);
  for (const [index, { name, read }] of files.entries()) {
    try {
      const image = decodeImage(read());
      images.set(shrinkImage(image, crop ?? middleSquare(image), size), index * size * size * 3);
    } catch (cause) {
      throw new Error(`Image "${name}": ${(cause as Error).message}`, { cause });
    }
  }
  return images;
}

function middleSquare({ width, height }: { readonly width: number; readonly height: number }): Square {
  const size = Math.min(width, height);
  return { left: Math.floor((width - size) / 2), top: Math.floor((height - size) / 2), size };
}

function isGray(rgb: Uint8Array): boolean {
  for (let i = 0; i < rgb.length; i += 3) if (rgb[i] !== rgb[i + 1] || rgb[i] !== rgb[i + 2]) return false;
  return true;
}
