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
    readonly path: string | null;
    readonly train: number;
    readonly test: number;
    readonly fields: Omit<FieldMixtureSpec, 'kind'>;
  };
}

/** Images in the preview. */
const SHOWN = 64;
