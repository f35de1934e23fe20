// How good the samples are: distances to the test images, precision and recall, in pixels and in the features of a random
// network; of a judge that was trained on real images, where there is one, with how often it knows what a sample is of; and the
// FID where the user brings Inception. The row `data` says what as many real images get.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { dimOf, evaluationProgram } from '../src/diffusion/evaluate.ts';
import { compileModel } from '../src/models/compiled.ts';
import { testImages, trainingBatches } from '../src/models/images.ts';
import { judgeImages, readJudge, type Judge } from '../src/models/judge.ts';
import { countOf, slice, type Features } from '../src/quality/features.ts';
import { frechetDistance, frechetEstimate } from '../src/quality/frechet.ts';
import { labelScore } from '../src/quality/label-score.ts';
import { kernelDistance } from '../src/quality/mmd.ts';
import { onnxFeatures } from '../src/quality/onnx-features.ts';
import { coverage } from '../src/quality/precision-recall.ts';
import { randomFeatureNetwork } from '../src/quality/random-features.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { initialize } from '../src/tensor/flat.ts';
import { decodeSafetensors } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  readonly quality: {
    /** Draws the weights of the random network; the same for every run, or distances do not compare. */
    readonly networkSeed: number;
    /** Blocks that standard errors are taken over. */
    readonly blocks: number;
    /** k of the balls of precision and recall. */
    readonly neighbours: number;
    /** SHA-256 of the network given as `inception`, in hexadecimal; null accepts any. */
    readonly inceptionSha256: string | null;
  };
}

const BATCH = 64;
/** Probability from which on the judge counts as sure. */
const SURE = 0.9;

await runStage<Params>(async (stage) => {
  const { quality } = stage.params;
  const dataset = readDataset(stage.input('dataset'));
  const { tensors } = decodeSafetensors(readFileSync(stage.input('samples')));
  const test = testImages(dataset, stage.stream('sample-quality/dequantization'));
  const dim = dimOf(dataset.shape);
  const sampled = Object.entries(tensors).map(([name, { data }]) => [name, data as Float32Array] as const);
  // As many of each: the bias of a Frechet distance depends on the number.
  const count = Math.min(test.length / dim, ...sampled.map(([, data]) => data.length / dim));
  const sets = [...sampled, ['data', realImages(dataset, count, stage.seed)] as const];

  const backend = await openStageBackend(stage);
  const random = await randomFeatures(stage, backend, dataset);
  const judge = stage.inputNames.includes('judge') ? readJudge(stage.input('judge')) : null;
  const inception = stage.optionalInput('inception');
  if (inception !== null) checkInception(inception, quality.inceptionSha256, dataset);
  const spaces: [string, (images: Float32Array) => Promise<Features>][] = [
    ['pixels', (values) => Promise.resolve({ values, dim })],
    ['random', random.of],
  ];
  if (judge !== null) spaces.push(['judge', async (images) => (await judgeImages(backend, judge, images)).features]);
  if (inception !== null) {
    spaces.push(['inception', (images) => onnxFeatures(inception, images, dataset.shape, stage.threads)]);
  }
  for (const [i, [space, featuresOf]] of spaces.entries()) {
    const real = slice(await featuresOf(test), 0, count);
    for (const [name, images] of sets) {
      const features = slice(await featuresOf(images), 0, count);
      reportDistances(stage, `${space}.${name}`, features, real);
    }
    stage.progress({ step: i + 1, total: spaces.length, metrics: {} });
  }
  await random.dispose();
  // The judge has seen the training images: what is new to it stands beside them.
  if (judge !== null) await reportJudgements(stage, backend, judge, [...sets, ['test', test.subarray(0, count * dim)]]);
});

/** How often the judge is sure of what an image is of, and how many labels it is sure of. */
async function reportJudgements(
  stage: Stage,
  backend: Backend,
  judge: Judge,
  sets: readonly (readonly [string, Float32Array])[],
): Promise<void> {
  for (const [name, images] of sets) {
    const { values, dim } = (await judgeImages(backend, judge, images)).probabilities;
    const sure = Array.from({ length: values.length / dim }, (_, i) =>
      Number(Math.max(...values.subarray(i * dim, (i + 1) * dim)) >= SURE),
    );
    const note = `share that a classifier trained on real images gives one label a probability of ${SURE} at least`;
    stage.reportMean(`recognized.${name}`, sure, { unit: '1', better: 'higher', note });
    const { value, standardError } = labelScore(values, dim);
    const score = `exp of the mutual information of image and label by that classifier: ${dim} for as many of each, all sure`;
    const n = sure.length;
    stage.report(`label-score.${name}`, {
      value,
      standardError,
      n,
      unit: '1',
      kind: 'estimate',
      better: 'higher',
      note: score,
    });
  }
}

function reportDistances(stage: Stage<Params>, name: string, features: Features, real: Features): void {
  const { blocks, neighbours } = stage.params.quality;
  const n = countOf(features);
  const lower = { unit: '1', n, kind: 'estimate', better: 'lower' } as const;
  // A jackknife would decompose matrices of thousands of rows twenty times over.
  const isLarge = features.dim > 512;
  const frechet = isLarge ? { value: frechetDistance(features, real) } : frechetEstimate(features, real, blocks);
  const note = `Frechet distance to as many test images; biased upwards by its ${n} samples`;
  stage.report(`frechet.${name}`, { ...lower, ...frechet, note });
  const { mean, standardError } = kernelDistance(features, real, blocks);
  stage.report(`mmd.${name}`, { ...lower, value: mean, standardError, note: 'squared, cubic kernel, unbiased' });
  for (const [measure, share] of [
    ['precision', coverage(features, real, neighbours)],
    ['recall', coverage(real, features, neighbours)],
  ] as const) {
    stage.report(`${measure}.${name}`, {
      value: share,
      standardError: Math.sqrt((share * (1 - share)) / n),
      unit: '1',
      n,
      kind: 'estimate',
      better: 'higher',
      note: `balls to the neighbour ${neighbours}; the error is binomial, with the balls as given`,
    });
  }
}

/** Training images, as the models see them: what a perfect sampler would give. */
function realImages(dataset: Dataset, count: number, seed: number): Float32Array {
  return trainingBatches(dataset, count, seed)(1);
}

async function randomFeatures(
  stage: Stage<Params>,
  backend: Backend,
  { shape }: Dataset,
): Promise<{ of(images: Float32Array): Promise<Features>; dispose(): Promise<void> }> {
  const { quality } = stage.params;
  const network = randomFeatureNetwork(shape[2]);
  const definition = evaluationProgram(
    'random features',
    { batch: BATCH, shape },
    network.parameters,
    (weights) => (x) => network.features(weights, x),
  );
  const weights = initialize(network.parameters, { seed: quality.networkSeed, purpose: 'random features' });
  const { evaluate, dispose } = await compileModel(backend, definition, weights);
  return {
    async of(images) {
      const values = await evaluate(images, 0);
      return { values, dim: values.length / (images.length / dimOf(shape)) };
    },
    dispose,
  };
}

function checkInception(path: string, expected: string | null, dataset: Dataset): void {
  if (dataset.kind !== '8-bit') {
    throw new Error(`The network ${path} is for 8-bit images: this data set is ${dataset.kind}`);
  }
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (expected !== null && digest !== expected) {
    throw new Error(`The network ${path} has SHA-256 ${digest}, quality.inceptionSha256 is ${expected}`);
  }
}
