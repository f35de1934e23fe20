// The images of the experiment: generated from an exactly known density, or read from the files of a data set.
import { writeFileSync } from 'node:fs';
import { cifar10Dataset } from '../src/datasets/cifar10.ts';
import { encodeDataset, type Dataset } from '../src/datasets/dataset.ts';
import { celebaDataset, folderDataset } from '../src/datasets/image-folder.ts';
import { mnistDataset } from '../src/datasets/mnist.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { syntheticDataset } from '../src/datasets/synthetic.ts';
import type { FieldMixtureSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { runStage, type Stage } from '../src/stage/index.ts';

interface Params {
  readonly data: {
    readonly source: 'fields' | 'mnist' | 'cifar10' | 'celeba' | 'folder';
    /** Images to generate. */
    readonly train: number;
    /** Images to generate, or to hold out of a set that is not divided as published. */
    readonly test: number;
    /** Pixels on a side, of CelebA and of a folder's images. */
    readonly size: number;
    /** Of CIFAR-10's archive. */
    readonly md5: string;
    readonly fields: Omit<FieldMixtureSpec, 'kind'>;
  };
}

/** Images in the preview. */
const SHOWN = 64;

await runStage<Params>((stage) => {
  const dataset = prepare(stage);
  const dim = dimOf(dataset.shape);
  stage.log(dataset.source);
  writeFileSync(stage.output('dataset'), encodeDataset(dataset));
  writeFileSync(stage.output('preview'), imageGridPng(dataset.train.subarray(0, SHOWN * dim), dataset.shape));
  const images = { unit: 'images', kind: 'exact', note: dataset.source } as const;
  stage.report('train-images', { value: dataset.train.length / dim, ...images });
  stage.report('test-images', { value: dataset.test.length / dim, ...images });
  stage.report('dimensions', { value: dim, unit: 'pixels', kind: 'exact' });
});

function prepare(stage: Stage<Params>): Dataset {
  const { source, train, test, size, md5, fields } = stage.params.data;
  const { seed } = stage;
  switch (source) {
    case 'fields':
      return syntheticDataset({ kind: 'field-mixture', ...fields }, { train, test, seed });
    case 'mnist':
      return mnistDataset(given(stage, 'MNIST needs its IDX files'), { heldOut: test, seed });
    case 'cifar10':
      return cifar10Dataset(given(stage, 'CIFAR-10 needs cifar-10-binary.tar.gz'), md5);
    case 'celeba':
      return celebaDataset(given(stage, 'CelebA needs its aligned JPEG files'), { size, heldOut: test, seed });
    case 'folder':
      return folderDataset(given(stage, 'A folder of images is needed'), { size, heldOut: test, seed });
    default:
      throw new Error(`Unknown data.source "${String(source)}": use fields, mnist, cifar10, celeba or folder`);
  }
}

/** The directory that was named, or the archive that was downloaded. */
function given(stage: Stage<Params>, need: string): string {
  const path = stage.optionalInput('files') ?? stage.optionalInput('archive');
  if (path !== null) return path;
  throw new Error(
    `${need}: give their directory with --set data.path=DIR, or an archive with --set data.url=… --set data.sha256=…`,
  );
}
