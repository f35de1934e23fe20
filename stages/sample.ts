// Samples from each model, ancestral (DDPM) and deterministic (DDIM, DPM-Solver), and what the true density says of them.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { classGrid, sample } from '../src/diffusion/sampler.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { encodeSafetensors, type StoredTensor } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { clampTo, testImages } from '../src/models/images.ts';
import { batchShapeOf, denoisingProgram, readModel } from '../src/models/model.ts';
import { samplersOf, type SamplingParams } from '../src/models/samplers.ts';

interface Params {
  readonly runtime: RuntimeParams;
  /** `shown` of the samples are. */
  readonly sampling: SamplingParams & { readonly shown: number };
}

const BATCH = 64;

await runStage<Params>(async (stage) => {
  const { sampling } = stage.params;
  const { count, shown } = sampling;
  const dataset = readDataset(stage.input('dataset'));
  const dim = dimOf(dataset.shape);
  const backend = await openStageBackend(stage, stage.params.runtime);
  const samplers = samplersOf(sampling);
  // Models are all inputs but the data set.
  const models = stage.inputNames.filter((name) => name !== 'dataset');
  const total = models.length * samplers.length;
  const real = testImages(dataset, { seed: stage.seed, purpose: 'sample/dequantization' });
  const tensors: Record<string, StoredTensor> = {};
  for (const input of models) {
    const model = readModel(stage.input(input));
    const batchShape = batchShapeOf(model.spec, BATCH);
    const denoiser = await backend.compile(denoisingProgram(model, BATCH));
    denoiser.load({ parameters: model.weights });
    for (const { name, rule, steps } of samplers) {
      const grid = classGrid(model.schedule.T, steps);
      // The same seed for both models: they start from the same noise.
      const { samples, nfe } = await sample({
        denoiser,
        batchShape,
        schedule: model.schedule,
        rule,
        grid,
        seed: stage.seed,
        count,
      });
      const key = `${input}-${name}`;
      tensors[key] = { shape: [count, ...dataset.shape], data: samples };
      writeFileSync(stage.output(key), imageGridPng(clampTo(real, samples.subarray(0, shown * dim)), dataset.shape));
      stage.report(`nfe.${key}`, { value: nfe, unit: 'evaluations', kind: 'exact', better: 'lower' });
      reportQuality(stage, dataset, key, samples);
      stage.progress({ step: Object.keys(tensors).length, total, metrics: {} });
    }
    await denoiser.dispose();
  }
  reportQuality(stage, dataset, 'data', real);
  writeFileSync(stage.output('samples'), encodeSafetensors({ tensors, metadata: {} }));
});

/** Mean and standard deviation of the pixels; where the density is known, the cross-entropy of the samples under it. */
function reportQuality(stage: Stage<Params>, dataset: Dataset, name: string, samples: Float32Array): void {
  const dim = dimOf(dataset.shape);
  const count = samples.length / dim;
  const perImage = (statistic: (image: Float32Array) => number): number[] =>
    Array.from({ length: count }, (_, i) => statistic(samples.subarray(i * dim, (i + 1) * dim)));
  const pixel = meanAndStandardError(perImage((image) => image.reduce((sum, value) => sum + value, 0) / dim));
  const square = meanAndStandardError(perImage((image) => image.reduce((sum, value) => sum + value ** 2, 0) / dim));
  const estimate = { n: count, kind: 'estimate' } as const;
  stage.report(`pixel-mean.${name}`, {
    ...estimate,
    value: pixel.mean,
    standardError: pixel.standardError,
    unit: 'pixel',
  });
  stage.report(`pixel-square.${name}`, {
    ...estimate,
    value: square.mean,
    standardError: square.standardError,
    unit: 'pixel^2',
  });
  if (dataset.density === undefined) return;
  const logDensities = densityFromSpec(dataset.density).logProb(samples);
  const { mean, standardError } = meanAndStandardError(Array.from(logDensities, (value) => -value));
  const note = 'mean of -log p under the true density; that of the data is its entropy, and lower is not better';
  stage.report(`cross-entropy.${name}`, { ...estimate, value: mean, standardError, unit: 'nats', note });
}
