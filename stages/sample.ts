// Samples from each model, ancestral (DDPM) and deterministic (DDIM, DPM-Solver), and what the true density says of them.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { sample } from '../src/diffusion/sampler.ts';
import { compileModel } from '../src/models/compiled.ts';
import { clampTo, testImages } from '../src/models/images.ts';
import { denoisingProgram, readModel } from '../src/models/model.ts';
import { samplersOf, type SamplingParams } from '../src/models/samplers.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { encodeSafetensors, type StoredTensor } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  /** `shown` of the samples are. */
  readonly sampling: SamplingParams & { readonly shown: number };
}

const BATCH = 64;

await runStage<Params>(async (stage) => {
  const { sampling } = stage.params;
  const { count, shown } = sampling;
  const dataset = readDataset(stage.input('dataset'));
  const dim = dimOf(dataset.shape);
  const backend = await openStageBackend(stage);
  const samplers = samplersOf(sampling);
  // Models are all inputs but the data set.
  const models = stage.inputNames.filter((name) => name !== 'dataset');
  const total = models.length * samplers.length;
  const real = testImages(dataset, stage.stream('sample/dequantization'));
  const tensors: Record<string, StoredTensor> = {};
  for (const input of models) {
    const model = readModel(stage.input(input));
    const { schedule } = model;
    const definition = denoisingProgram(model, BATCH);
    const { program: denoiser, batchShape, dispose } = await compileModel(backend, definition, model.weights);
    for (const { name, rule, grid: gridOf } of samplers) {
      const grid = gridOf(schedule.T);
      // The same seed for both models: they start from the same noise.
      const { seed } = stage;
      const { samples, nfe } = await sample({ denoiser, batchShape, schedule, rule, grid, seed, count });
      const key = `${input}-${name}`;
      tensors[key] = { shape: [count, ...dataset.shape], data: samples };
      const first = samples.subarray(0, shown * dim);
      const description =
        `The first ${first.length / dim} of ${count} samples, row by row, of ${input} by ${name} in ${grid.length} steps ` +
        `(${nfe} evaluations), seed ${seed}. At one place, every grid of this stage starts from the same noise.`;
      writeFileSync(stage.output(key), imageGridPng(clampTo(real, first), dataset.shape, { description }));
      stage.report(`nfe.${key}`, { value: nfe, unit: 'evaluations', kind: 'exact', better: 'lower' });
      reportQuality(stage, dataset, key, samples);
      stage.progress({ step: Object.keys(tensors).length, total, metrics: {} });
    }
    await dispose();
  }
  reportQuality(stage, dataset, 'data', real);
  writeFileSync(stage.output('samples'), encodeSafetensors({ tensors, metadata: {} }));
});

/** Mean and mean square of the pixels; where the density is known, the cross-entropy of the samples under it. */
function reportQuality(stage: Stage, dataset: Dataset, name: string, samples: Float32Array): void {
  const dim = dimOf(dataset.shape);
  const perImage = (statistic: (image: Float32Array) => number): number[] =>
    Array.from({ length: samples.length / dim }, (_, i) => statistic(samples.subarray(i * dim, (i + 1) * dim)));
  const means = perImage((image) => image.reduce((sum, value) => sum + value, 0) / dim);
  stage.reportMean(`pixel-mean.${name}`, means, { unit: 'pixel' });
  const squares = perImage((image) => image.reduce((sum, value) => sum + value ** 2, 0) / dim);
  stage.reportMean(`pixel-square.${name}`, squares, { unit: 'pixel^2' });
  if (dataset.density === undefined) return;
  const logDensities = densityFromSpec(dataset.density).logProb(samples);
  const codeLengths = Array.from(logDensities, (value) => -value);
  const note = 'mean of -log p under the true density; that of the data is its entropy, and lower is not better';
  stage.reportMean(`cross-entropy.${name}`, codeLengths, { unit: 'nats', note });
}
