// What the likelihood in one forward pass is good for: telling images that are not like the data by -log p(x). The known
// failure of likelihoods (Nalisnick et al., 2019) is reported with it: images simpler than the data are *more* likely. Beside
// it, what else the same pass tells (src/diffusion/unlikeness.ts), and what the true density would tell, where it is known.
import { readDataset, type Dataset, type ImageShape } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { bitsPerDim, bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { levelDensities, unlikenessScores, type LevelDensities } from '../src/diffusion/unlikeness.ts';
import { compileModel } from '../src/models/compiled.ts';
import { testImages, trainingBatches } from '../src/models/images.ts';
import { logDensityProgram, logitsProgram, readModel, type TrainedModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { auroc } from '../src/statistics/auroc.ts';
import { momentsOfSamples } from '../src/statistics/moments.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { normals, permutation } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  readonly outOfDistribution: {
    /** How many test images, and of each kind of others. */
    readonly count: number;
    /** How many training images say what is usual. */
    readonly usual: number;
  };
}

/** Images [count, h, w, c] unlike the data, and what they are. */
interface Others {
  readonly values: Float32Array;
  readonly what: string;
}

/** A score of images, larger for those less like the data. */
interface Scorer {
  /** Of the numbers' names: `auroc` and this. */
  readonly suffix: string;
  readonly note: string;
  readonly score: (x: Float32Array) => Promise<ArrayLike<number>>;
}

const BATCH = 100;

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const { count } = stage.params.outOfDistribution;
  const images = firstImages(stage, dataset, 'out-of-distribution/dequantization', count);
  const others = { ...otherImages(stage, images, dataset.shape), ...otherSet(stage, dataset, count) };

  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const minus = async (values: Promise<Float32Array>): Promise<number[]> => Array.from(await values, (value) => -value);
  const scorers: Scorer[] = [
    { suffix: '', note: 'by -log p_0 in one forward pass', score: (x) => minus(logDensity.evaluate(x, 0)) },
    { suffix: '-t1', note: 'by -log p_1 in one forward pass', score: (x) => minus(logDensity.evaluate(x, 1)) },
    ...(await scorersOfLevels(stage, backend, model, dataset)),
  ];
  if (dataset.density !== undefined) {
    const density = densityFromSpec(dataset.density);
    const score = (x: Float32Array): Promise<Float64Array> =>
      Promise.resolve(density.logProb(x).map((value) => -value));
    scorers.push({ suffix: '-exact', note: 'by the true -log p', score });
  }
  for (const [i, { suffix, note: how, score }] of scorers.entries()) {
    const inside = await score(images);
    for (const [kind, { values, what }] of Object.entries(others)) {
      const { value, standardError } = auroc(await score(values), inside);
      const note = `${how}: ${what} against test images; below 1/2 they pass for more usual than the data`;
      const n = 2 * inside.length;
      stage.report(`auroc${suffix}.${kind}`, {
        value,
        standardError,
        n,
        unit: '1',
        kind: 'estimate',
        better: 'higher',
        note,
      });
    }
    stage.progress({ step: i + 1, total: scorers.length, metrics: {} });
  }
  if ('other' in others) {
    const bits = dataset.kind === '8-bit' ? bitsPerDim8Bit : bitsPerDim;
    for (const [name, values, what] of [
      ['data', images, 'the test images'],
      ['other', others.other!.values, others.other!.what],
    ] as const) {
      const logs = await logDensity.evaluate(values, 0);
      const note = `Eq. 10 at t = 0 of ${what}: an estimate, not normalized by construction`;
      const each = Array.from(logs, (log) => bits(log, dimOf(dataset.shape)));
      stage.reportMean(`nll.${name}`, each, { unit: 'bits/dim', better: 'none', note });
    }
  }
  await logDensity.dispose();
});

/** The first test images of a data set, `count` at most. */
function firstImages(stage: Stage, dataset: Dataset, purpose: string, count: number): Float32Array {
  const all = testImages(dataset, stage.stream(purpose));
  return all.subarray(0, Math.min(count * dimOf(dataset.shape), all.length));
}

/** The test images of another data set, where the stage is given one. */
function otherSet(stage: Stage, { shape }: Dataset, count: number): Record<string, Others> {
  if (!stage.inputNames.includes('other')) return {};
  const other = readDataset(stage.input('other'));
  if (other.shape.join() !== shape.join())
    throw new Error(`Images of ${other.shape.join('x')} are no input of this model`);
  const values = firstImages(stage, other, 'out-of-distribution/other', count);
  return { other: { values, what: `test images of ${other.source.split(',')[0]}` } };
}

/** What the densities of all levels say, given what they say of training images. */
async function scorersOfLevels(
  stage: Stage<Params>,
  backend: Backend,
  model: TrainedModel,
  dataset: Dataset,
): Promise<Scorer[]> {
  const logits = await compileModel(backend, logitsProgram(model, BATCH), model.weights);
  const densities = async (x: Float32Array): Promise<LevelDensities> =>
    levelDensities(await logits.evaluate(x, 0), model.schedule.T + 2, x);
  const available = dataset.train.length / dimOf(dataset.shape);
  const usual = Math.min(stage.params.outOfDistribution.usual, available);
  const scores = unlikenessScores(await densities(trainingBatches(dataset, usual, stage.seed)(1)));
  return Object.entries(scores).map(([name, score]) => ({
    suffix: `-${name}`,
    note: `by the score "${name}" of one forward pass`,
    score: async (x) => score(await densities(x)),
  }));
}

/** Images unlike the data, each kind made of the test images [count, h, w, c], with their mean and variance or less. */
function otherImages(
  stage: Stage,
  images: Float32Array,
  [height, width, channels]: ImageShape,
): Record<string, Others> {
  const dim = height * width * channels;
  const { mean, variance } = momentsOfSamples(images, dim);
  const order = permutation(stage.stream('out-of-distribution/permutation'), height * width);
  const noise = normals(stage.stream('out-of-distribution/noise'), images.length);
  const map = (of: (i: number) => number): Float32Array => images.map((_, i) => of(i));
  const imageMean = (i: number): number => {
    const first = Math.floor(i / dim) * dim;
    let sum = 0;
    for (let k = first; k < first + dim; k++) sum += images[k]!;
    return sum / dim;
  };
  return {
    noise: {
      values: map((i) => mean[i % dim]! + Math.sqrt(variance) * noise[i]!),
      what: 'white noise of the same mean and variance',
    },
    shuffled: {
      values: map((i) => {
        const [image, rest] = [Math.floor(i / dim), i % dim];
        const [pixel, channel] = [Math.floor(rest / channels), rest % channels];
        return images[image * dim + order[pixel]! * channels + channel]!;
      }),
      what: 'test images with their pixels in another order',
    },
    negative: { values: map((i) => 2 * mean[i % dim]! - images[i]!), what: 'test images mirrored at their mean' },
    faint: {
      values: map((i) => mean[i % dim]! + 0.5 * (images[i]! - mean[i % dim]!)),
      what: 'test images of half the contrast',
    },
    flat: {
      values: map((i) => 0.9 * imageMean(i) + 0.1 * images[i]!),
      what: 'test images of a tenth of the contrast around their own mean',
    },
  };
}
