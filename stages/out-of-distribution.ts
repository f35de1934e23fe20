// What the likelihood in one forward pass is good for: telling images that are not like the data by -log p(x). The known
// failure of likelihoods (Nalisnick et al., 2019) is reported with it: images simpler than the data are *more* likely.
// Beside it, what the true density would tell, where it is known.
import { readDataset, type ImageShape } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { compileModel } from '../src/models/compiled.ts';
import { testImages } from '../src/models/images.ts';
import { logDensityProgram, readModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { auroc } from '../src/statistics/auroc.ts';
import { momentsOfSamples } from '../src/statistics/moments.ts';
import { normals, permutation } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  /** How many test images, and of each kind of others. */
  readonly outOfDistribution: { readonly count: number };
}

const BATCH = 100;

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const dim = dimOf(dataset.shape);
  const all = testImages(dataset, stage.stream('out-of-distribution/dequantization'));
  const count = Math.min(stage.params.outOfDistribution.count, all.length / dim);
  const images = all.subarray(0, count * dim);
  const others = otherImages(stage, images, dataset.shape);

  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const density = dataset.density === undefined ? null : densityFromSpec(dataset.density);
  const scorers: [suffix: string, note: string, score: (x: Float32Array) => Promise<ArrayLike<number>>][] = [
    ['', 'by -log p_0 in one forward pass', (x) => logDensity.evaluate(x, 0)],
    ['-t1', 'by -log p_1 in one forward pass', (x) => logDensity.evaluate(x, 1)],
  ];
  if (density !== null) scorers.push(['-exact', 'by the true -log p', (x) => Promise.resolve(density.logProb(x))]);
  for (const [i, [suffix, how, score]] of scorers.entries()) {
    const unlikelihood = async (x: Float32Array): Promise<number[]> => Array.from(await score(x), (value) => -value);
    const inside = await unlikelihood(images);
    for (const [kind, { values, what }] of Object.entries(others)) {
      const { value, standardError } = auroc(await unlikelihood(values), inside);
      const note = `${how}: ${what} against test images; below 1/2 they are more likely than the data`;
      const n = 2 * count;
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
  await logDensity.dispose();
});

/** Images unlike the data, each kind made of the test images [count, h, w, c], with their mean and variance or less. */
function otherImages(
  stage: Stage,
  images: Float32Array,
  [height, width, channels]: ImageShape,
): Record<string, { readonly values: Float32Array; readonly what: string }> {
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
