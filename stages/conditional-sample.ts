// Samples of each label from a conditional model, with classifier-free guidance of several weights; and how often they are
// of the label that was asked for: by a judge that was trained on real images and, where they are known, by the true
// densities.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { classGrid, sample } from '../src/diffusion/sampler.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage } from '../src/stage/index.ts';
import { encodeSafetensors, type StoredTensor } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { clampTo, labelsOf, testImages } from '../src/models/images.ts';
import { judgeLabels, readJudge } from '../src/models/judge.ts';
import { agreement, densitiesOf, drawLabels, frequenciesOf, likeliestLabels } from '../src/models/labels.ts';
import { batchShapeOf, denoisingProgram, readModel } from '../src/models/model.ts';
import { samplersOf, type SamplingParams } from '../src/models/samplers.ts';

interface Params {
  readonly runtime: RuntimeParams;
  readonly sampling: SamplingParams;
  readonly guided: {
    /** w of (1 + w) eps(x | label) - w eps(x). */
    readonly weights: readonly number[];
    /** Names of samplers. */
    readonly samplers: readonly string[];
    /** Samples of each label that are shown, at each weight. */
    readonly shown: number;
  };
}

const BATCH = 64;

await runStage<Params>(async (stage) => {
  const { sampling, guided } = stage.params;
  const { count } = sampling;
  const dataset = readDataset(stage.input('dataset'));
  const labels = labelsOf(dataset);
  const model = readModel(stage.input('model'));
  const batchShape = batchShapeOf(model.spec, BATCH);
  const backend = await openStageBackend(stage, stage.params.runtime);
  const asked = drawLabels(labels, count, { seed: stage.seed, purpose: 'conditional-sample/labels' });

  const samplers = guided.samplers.map((wanted) => {
    const sampler = samplersOf(sampling).find(({ name }) => name === wanted);
    if (sampler === undefined) throw new Error(`No sampler "${wanted}": use ddpm, ddim or dpm-solver`);
    return sampler;
  });
  const { schedule } = model;

  const sets: { key: string; samples: Float32Array; labels: ArrayLike<number> }[] = [];
  const total = guided.weights.length * samplers.length;
  for (const weight of guided.weights) {
    const denoiser = await backend.compile(denoisingProgram(model, BATCH, { guidance: weight }));
    denoiser.load({ parameters: model.weights });
    for (const { name, rule, steps } of samplers) {
      const grid = classGrid(schedule.T, steps);
      // The same seed for all: they start from the same noise.
      const run = { denoiser, batchShape, schedule, rule, grid, seed: stage.seed, count, labels: asked };
      const { samples, nfe } = await sample(run);
      const key = `${name}-w${weight}`;
      sets.push({ key, samples, labels: asked });
      stage.report(`nfe.${key}`, {
        // Guidance takes two estimates, with the label and without.
        value: weight === 0 ? nfe : 2 * nfe,
        unit: 'evaluations',
        kind: 'exact',
        better: 'lower',
      });
      stage.progress({ step: sets.length, total, metrics: {} });
    }
    await denoiser.dispose();
  }

  const real = testImages(dataset, { seed: stage.seed, purpose: 'conditional-sample/dequantization' });
  const shown = rowsOfLabels(sets, labels.count, guided.shown, dimOf(dataset.shape));
  writeFileSync(stage.output('grid'), imageGridPng(clampTo(real, shown), dataset.shape, sets.length * guided.shown));
  const tensors: Record<string, StoredTensor> = {};
  for (const { key, samples } of sets) tensors[key] = { shape: [count, ...dataset.shape], data: samples };
  writeFileSync(stage.output('samples'), encodeSafetensors({ tensors, metadata: {} }));

  const judge = readJudge(stage.input('judge'));
  const densities = densitiesOf(dataset);
  for (const { key, samples, labels: wanted } of [...sets, { key: 'data', samples: real, labels: labels.test }]) {
    const report = (name: string, found: Int32Array, judgedBy: string): void => {
      const { mean, standardError, n } = meanAndStandardError(agreement(found, wanted));
      const note = `share that is of the label asked for, real images of their own, by ${judgedBy}`;
      stage.report(`${name}.${key}`, { value: mean, standardError, n, unit: '1', kind: 'estimate', note });
    };
    report('label-accuracy', await judgeLabels(backend, judge, samples), 'a classifier trained on real images');
    if (densities === null) continue;
    const logs = densities.map((density) => density.logProb(samples));
    report('label-accuracy-exact', likeliestLabels(logs, frequenciesOf(labels)), 'the true densities');
  }
});

/** A row of images for each label: of every set, from left to right, its first `shown` ones; black where it has fewer. */
function rowsOfLabels(
  sets: readonly { readonly samples: Float32Array; readonly labels: ArrayLike<number> }[],
  count: number,
  shown: number,
  dim: number,
): Float32Array {
  const rows = new Float32Array(count * sets.length * shown * dim).fill(-Infinity);
  for (const [column, { samples, labels }] of sets.entries()) {
    const taken = new Int32Array(count);
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i]!;
      const place = taken[label]!++;
      if (place >= shown) continue;
      const to = (label * sets.length + column) * shown + place;
      rows.set(samples.subarray(i * dim, (i + 1) * dim), to * dim);
    }
  }
  return rows;
}
