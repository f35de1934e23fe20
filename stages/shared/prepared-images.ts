// Prepares the images of an experiment: generated from an exactly known density, or read from the files of a data set.
import { writeFileSync } from 'node:fs';
import { cifar10Dataset } from '../../src/datasets/cifar10.ts';
import { encodeDataset, type Dataset } from '../../src/datasets/dataset.ts';
import { celebaDataset, folderDataset } from '../../src/datasets/image-folder.ts';
import { FASHION_MNIST, idxDataset, MNIST } from '../../src/datasets/mnist.ts';
import { imageGridPng } from '../../src/datasets/png.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import type { FieldMixtureSpec } from '../../src/distributions/spec.ts';
import { dimOf } from '../../src/diffusion/evaluate.ts';
import type { Stage } from '../../src/stage/index.ts';

/** What each source is told. */
export type DataParams =
  | {
      readonly source: 'fields';
      /** Images to generate. */
      readonly train: number;
      readonly test: number;
      readonly fields: Omit<FieldMixtureSpec, 'kind'>;
    }
  | {
      readonly source: 'mnist' | 'fashion-mnist' | 'celeba' | 'folder';
      /** Pixels on a side. */
      readonly size: number;
      /** Images to hold out of a set that is not divided as published. */
      readonly test: number;
    }
  | {
      readonly source: 'cifar10';
      /** Of the archive. */
      readonly md5: string;
    };

/** Images in the preview. */
const SHOWN = 64;

export interface Files {
  /** The directory that was named, or the archive that was downloaded; null where neither was. */
  readonly path: string | null;
  /** How they are named. */
  readonly hint: string;
}

/** Reads the files, where the source has any; writes the outputs `dataset` and `preview`. */
export function prepareImages(stage: Stage, data: DataParams, files: Files): void {
  const dataset = read(stage.seed, data, files);
  const dim = dimOf(dataset.shape);
  stage.log(dataset.source);
  writeFileSync(stage.output('dataset'), encodeDataset(dataset));
  const shown = dataset.train.subarray(0, SHOWN * dim);
  const description = `The first ${shown.length / dim} training images, row by row. ${dataset.source}.`;
  writeFileSync(stage.output('preview'), imageGridPng(shown, dataset.shape, { description }));
  const images = { unit: 'images', kind: 'exact', note: dataset.source } as const;
  stage.report('train-images', { value: dataset.train.length / dim, ...images });
  stage.report('test-images', { value: dataset.test.length / dim, ...images });
  stage.report('dimensions', { value: dim, unit: 'pixels', kind: 'exact' });
}

function read(seed: number, data: DataParams, files: Files): Dataset {
  const given = (need: string): string => {
    if (files.path === null) throw new Error(`${need}: ${files.hint}`);
    return files.path;
  };
  if (data.source === 'fields') {
    const { train, test, fields } = data;
    return syntheticDataset({ kind: 'field-mixture', ...fields }, { train, test, seed });
  }
  if (data.source === 'cifar10') return cifar10Dataset(given('CIFAR-10 needs cifar-10-binary.tar.gz'), data.md5);
  const options = { size: data.size, heldOut: data.test, seed };
  switch (data.source) {
    case 'mnist':
      return idxDataset(given('MNIST needs its IDX files'), MNIST, options);
    case 'fashion-mnist':
      return idxDataset(given('Fashion-MNIST needs its IDX files'), FASHION_MNIST, options);
    case 'celeba':
      return celebaDataset(given('CelebA needs its aligned JPEG files'), options);
    case 'folder':
      return folderDataset(given('A folder of images is needed'), options);
    default: {
      const sources = 'fields, mnist, fashion-mnist, cifar10, celeba or folder';
      throw new Error(`Unknown source of images "${String((data as { source: unknown }).source)}": use ${sources}`);
    }
  }
}
