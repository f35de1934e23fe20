// Zero-shot classification by likelihood: an image is of the label under which CDMs, which were trained to tell noise levels,
// make it likeliest, in one forward pass for each label: of a CDM for each, or of one that is given the label. Where the
// densities are known, beside them. A level of noise may be chosen, on training images: what tells labels apart in real
// images is coarse, while most of a likelihood at t = 0 is about grain.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { noised } from '../src/diffusion/schedule.ts';
import { compileModel, type CompiledModel } from '../src/models/compiled.ts';
import { labelsOf, testImages, trainImages } from '../src/models/images.ts';
import { agreement, densitiesOf, frequenciesOf, likeliestLabels } from '../src/models/labels.ts';
import { logDensityProgram, readModel, type TrainedModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { pairedDifference } from '../src/statistics/mean.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';

interface Params extends RuntimeParams {
  readonly zeroShot?: {
    /** t, of which the one is chosen at which most of the training images are told right. */
    readonly levels: readonly number[];
    /** How many training images, the first, choose. */
    readonly images: number;
  };
}

const BATCH = 100;

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const labels = labelsOf(dataset);
  const frequencies = frequenciesOf(labels);
  const models = modelsOf(stage, labels.count);
  const { schedule } = models[0]!;
  const x = testImages(dataset, stage.stream('zero-shot/dequantization'));

  const size = { count: labels.count, dim: dimOf(dataset.shape) };
  const densities = await compileDensities(await openStageBackend(stage), models, size);
  const { zeroShot } = stage.params;
  const total = 1 + (zeroShot ? zeroShot.levels.length + 1 : 0);
  let step = 0;
  /** 1 for each image that is told right from its noised self, else 0. */
  const hitsAt = async (images: Float32Array, own: Uint8Array, t: number, of: string): Promise<number[]> => {
    const epsilon = t === 0 ? null : normals(stage.stream(`zero-shot/noise/${of}`, t), images.length);
    const logs = await densities(epsilon === null ? images : noised(images, epsilon, schedule, t), t);
    stage.progress({ step: ++step, total, metrics: {} });
    return agreement(likeliestLabels(logs, frequencies), own);
  };

  const share = { unit: '1', better: 'higher' } as const;
  const hits = await hitsAt(x, labels.test, 0, 'test');
  const note = `of the likeliest of ${labels.count} labels, one forward pass of each`;
  stage.reportMean('accuracy', hits, { ...share, note });
  if (zeroShot) {
    const chosenOn = trainImages(dataset, zeroShot.images, stage.stream('zero-shot/training-dequantization'));
    const rows: [number, number][] = [];
    for (const t of zeroShot.levels) {
      const told = await hitsAt(chosenOn, labels.train.subarray(0, zeroShot.images), t, 'training');
      rows.push([t, told.reduce((a, b) => a + b, 0) / told.length]);
    }
    writeFileSync(stage.output('levels'), csvText(['t', 'training_accuracy'], rows));
    const [level] = rows.reduce((a, b) => (b[1] > a[1] ? b : a));
    const how = `chosen on ${zeroShot.images} training images`;
    stage.report('level', { value: level, unit: 'steps', kind: 'estimate', better: 'none', note: how });
    const noteChosen = `from images noised to t = ${level}, ${how}: one forward pass of each label`;
    stage.reportMean('accuracy-noised', await hitsAt(x, labels.test, level, 'test'), { ...share, note: noteChosen });
  }
  const truth = densitiesOf(dataset);
  if (truth === null) return;
  const exact = truth.map((density) => density.logProb(x));
  const best = agreement(likeliestLabels(exact, frequencies), labels.test);
  const noteBest = 'of the true densities on the same images: the best that can be';
  stage.reportMean('accuracy-bayes', best, { ...share, note: noteBest });
  const noteDifference = 'to the true densities, on the same images';
  stage.reportMean('accuracy-difference', pairedDifference(hits, best), { ...share, note: noteDifference });
});

/** The model of each label, or the conditional one for all of them. */
function modelsOf(stage: Stage, count: number): TrainedModel[] {
  if (stage.inputNames.includes('cdm')) return [readModel(stage.input('cdm'))];
  const models = stage.inputs('models');
  if (models.length !== count) throw new Error(`There are ${count} labels, but ${models.length} models`);
  return models.map(readModel);
}

/** log p_t of images [n, h, w, c] given each label, nats: [label][image]. One model for all is given the label. */
async function compileDensities(
  backend: Backend,
  models: readonly TrainedModel[],
  { count, dim }: { count: number; dim: number },
): Promise<(x: Float32Array, t: number) => Promise<Float32Array[]>> {
  const compiled: CompiledModel[] = [];
  for (const model of models) {
    compiled.push(await compileModel(backend, logDensityProgram(model, BATCH), model.weights));
  }
  const isConditional = models.length < count;
  return async (x, t) => {
    const logs: Float32Array[] = [];
    for (let label = 0; label < count; label++) {
      const given = isConditional ? new Int32Array(x.length / dim).fill(label) : undefined;
      logs.push(await compiled[isConditional ? 0 : label]!.evaluate(x, t, given));
    }
    return logs;
  };
}
