// Samples of each label from a conditional model, with classifier-free guidance of several weights; and how often they are
// of the label that was asked for: by a judge that was trained on real images and, where they are known, by the true
// densities.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { sample } from '../src/diffusion/sampler.ts';
import { compileModel } from '../src/models/compiled.ts';
import { clampTo, labelsOf, testImages } from '../src/models/images.ts';
import { judgeLabels, readJudge } from '../src/models/judge.ts';
import { agreement, densitiesOf, drawLabels, frequenciesOf, likeliestLabels } from '../src/models/labels.ts';
import { denoisingProgram, readModel } from '../src/models/model.ts';
import { samplersOf, type NamedSampler, type SamplingParams } from '../src/models/samplers.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { encodeSafetensors, type StoredTensor } from '../src/tensor/safetensors.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
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

/** Images [count, h, w, c], and the label that was asked for, or is theirs. */
interface Labelled {
  readonly key: string;
  readonly samples: Float32Array;
  readonly labels: ArrayLike<number>;
}

interface GuidedSamples extends Labelled {
  /** How they were drawn, in words. */
  readonly way: string;
}

const BATCH = 64;

await runStage<Params>(async (stage) => {
  const { sampling, guided } = stage.params;
  const dataset = readDataset(stage.input('dataset'));
  const labels = labelsOf(dataset);
  const backend = await openStageBackend(stage);
  const asked = drawLabels(labels, sampling.count, stage.stream('conditional-sample/labels'));
  const sets = await guidedSamples(stage, backend, asked);

  const real = testImages(dataset, stage.stream('conditional-sample/dequantization'));
  const shown = rowsOfLabels(sets, labels.count, guided.shown, dimOf(dataset.shape));
  const grid = {
    columns: sets.length * guided.shown,
    description:
      `A row for each label, from 0 at the top to ${labels.count - 1}. From left to right, ${guided.shown} samples each by ` +
      `${sets.map(({ way }) => way).join('; ')}. The weight w of guidance is that of (1 + w) ε(x | label) − w ε(x). ` +
      `Seed ${stage.seed}; all start from the same noise. Black where a label was asked for less often.`,
  };
  writeFileSync(stage.output('grid'), imageGridPng(clampTo(real, shown), dataset.shape, grid));
  const tensors: Record<string, StoredTensor> = {};
  for (const { key, samples } of sets) tensors[key] = { shape: [sampling.count, ...dataset.shape], data: samples };
  writeFileSync(stage.output('samples'), encodeSafetensors({ tensors, metadata: {} }));

  const data = { key: 'data', samples: real, labels: labels.test };
  await reportAccuracies(stage, backend, dataset, [...sets, data]);
});

/** Samples by each sampler with each weight of guidance (Ho and Salimans, 2022), of the labels asked for. */
async function guidedSamples(stage: Stage<Params>, backend: Backend, asked: Int32Array): Promise<GuidedSamples[]> {
  const { sampling, guided } = stage.params;
  const samplers = guided.samplers.map((name) => samplerNamed(name, sampling));
  const model = readModel(stage.input('model'));
  const { schedule } = model;
  const sets: GuidedSamples[] = [];
  const total = guided.weights.length * samplers.length;
  for (const weight of guided.weights) {
    const definition = denoisingProgram(model, BATCH, { guidance: weight });
    const { program: denoiser, batchShape, dispose } = await compileModel(backend, definition, model.weights);
    for (const { name, rule, grid: gridOf } of samplers) {
      const grid = gridOf(schedule.T);
      // The same seed for all: they start from the same noise.
      const { seed } = stage;
      const { count } = sampling;
      const { samples, nfe } = await sample({ denoiser, batchShape, schedule, rule, grid, seed, count, labels: asked });
      const key = `${name}-w${weight}`;
      const way = `${name} in ${grid.length} steps, w = ${weight}`;
      sets.push({ key, way, samples, labels: asked });
      // Guidance takes two estimates, with the label and without.
      const evaluations = weight === 0 ? nfe : 2 * nfe;
      stage.report(`nfe.${key}`, { value: evaluations, unit: 'evaluations', kind: 'exact', better: 'lower' });
      stage.progress({ step: sets.length, total, metrics: {} });
    }
    await dispose();
  }
  return sets;
}

function samplerNamed(wanted: string, sampling: SamplingParams): NamedSampler {
  const sampler = samplersOf(sampling).find(({ name }) => name === wanted);
  if (sampler === undefined) throw new Error(`No sampler "${wanted}": use ddpm, ddim or dpm-solver`);
  return sampler;
}

/** How often images are of the label that they are to be of, by the judge and, where they are known, the true densities. */
async function reportAccuracies(
  stage: Stage,
  backend: Backend,
  dataset: Dataset,
  sets: readonly Labelled[],
): Promise<void> {
  const judge = readJudge(stage.input('judge'));
  const densities = densitiesOf(dataset);
  const frequencies = frequenciesOf(labelsOf(dataset));
  for (const { key, samples, labels } of sets) {
    const report = (name: string, found: Int32Array, judgedBy: string): void => {
      const note = `share that is of the label asked for, real images of their own, by ${judgedBy}`;
      stage.reportMean(`${name}.${key}`, agreement(found, labels), { unit: '1', note });
    };
    report('label-accuracy', await judgeLabels(backend, judge, samples), 'a classifier trained on real images');
    if (densities === null) continue;
    const logs = densities.map((density) => density.logProb(samples));
    report('label-accuracy-exact', likeliestLabels(logs, frequencies), 'the true densities');
  }
}

/** A row of images for each label: of every set, from left to right, its first `shown` ones; black where it has fewer. */
function rowsOfLabels(sets: readonly Labelled[], count: number, shown: number, dim: number): Float32Array {
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
