// The images of the experiment: generated from an exactly known density, or read from MNIST files.
import { writeFileSync } from 'node:fs';
import { encodeDataset, type Dataset } from '../src/datasets/dataset.ts';
import { mnistDataset } from '../src/datasets/mnist.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { syntheticDataset } from '../src/datasets/synthetic.ts';
import type { FieldMixtureSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { runStage, type Stage } from '../src/stage/index.ts';

interface Params {
  readonly data: {
    readonly source: 'fields' | 'mnist';
    /** Images to generate; of MNIST `test` are held out where the training file is absent, and all others are used. */
    readonly train: number;
    readonly test: number;
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
  const { source, train, test, fields } = stage.params.data;
  switch (source) {
    case 'fields':
      return syntheticDataset({ kind: 'field-mixture', ...fields }, { train, test, seed: stage.seed });
    case 'mnist': {
      const files = stage.optionalInput('files');
      if (files === null) throw new Error('MNIST needs its IDX files: give their directory with --set data.path=DIR');
      return mnistDataset(files, { heldOut: test, seed: stage.seed });
    }
    default:
      throw new Error(`Unknown data.source "${String(source)}": use fields or mnist`);
  }
}
