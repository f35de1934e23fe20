// Trains the image models, classifier and baseline, which differ only in their recipe.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../../src/datasets/dataset.ts';
import type { ValueRange } from '../../src/diffusion/ddm.ts';
import { scheduleFromSpec, type ScheduleSpec } from '../../src/diffusion/schedule.ts';
import type { TrainingRow } from '../../src/diffusion/training.ts';
import type { PlotFile, Stage } from '../../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './backend.ts';
import { labelsOf, trainingBatches, trainingLabels } from '../../src/models/images.ts';
import { batchShapeOf, writeModel, type ModelSpec, type TrainableNetworkSpec } from '../../src/models/model.ts';
import { portableDenoiser, portableLogDensity } from '../../src/models/portable.ts';
import type { Recipe } from './recipes.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './training.ts';

export interface ImageTrainingParams {
  readonly schedule: ScheduleSpec;
  readonly network: WithoutImage<TrainableNetworkSpec>;
  /** Of clean images: what is denoised is held within it; default null, anywhere. */
  readonly range?: ValueRange | null;
  /** With `flips` every image is mirrored, left and right, half of the time; default false. */
  readonly training: TrainingBudget & { readonly flips?: boolean };
}

/** What of a network's shape is chosen; the rest follows from the images. */
type WithoutImage<Spec> = Spec extends unknown ? Omit<Spec, 'imageSize' | 'inChannels'> : never;

/**
 * Trains on a data set, the input `dataset` by default; writes the outputs `checkpoint` (moving average of the weights),
 * `log` and `curves`, and the model for other programs: `denoiser`, and of an unconditional classifier `nll`.
 */
export async function trainImageModel(
  stage: Stage<RuntimeParams>,
  { schedule, network, range, training }: ImageTrainingParams,
  recipe: Recipe,
  dataset: Dataset = readDataset(stage.input('dataset')),
): Promise<void> {
  const [imageSize, , inChannels] = dataset.shape;
  // Otherwise what is wrong would show when training has ended.
  if (range && !(range.length === 2 && range[0] < range[1])) {
    throw new RangeError(`range must be [lowest, highest] value of clean images, it is ${JSON.stringify(range)}`);
  }
  const labels = recipe.labelDropout === undefined ? undefined : labelsOf(dataset);
  if (labels && !['unet', 'half-unet', 'mixer'].includes(network.kind)) {
    throw new Error(`A network of kind "${network.kind}" is given no labels`);
  }
  const spec: ModelSpec = {
    kind: recipe.kind,
    schedule,
    network: { ...network, imageSize, inChannels, ...(labels && { labels: labels.count }) },
    head: recipe.head(dataset, labels !== undefined),
    ...(recipe.isBlind ? { isBlind: true } : {}),
    ...(range && { range }),
  };
  const backend = await openStageBackend(stage);
  const data = trainingBatches(dataset, training.batch, stage.seed, training.flips);
  const { state, log } = await trainInStage(
    stage,
    backend,
    recipe.task(spec),
    batchShapeOf(spec, training.batch),
    data,
    training,
    labels && trainingLabels(labels, training.batch, stage.seed, recipe.labelDropout),
  );
  const weights = state['ema'] as Float32Array;
  writeModel(stage.output('checkpoint'), spec, weights);
  const model = { spec, schedule: scheduleFromSpec(schedule), weights };
  writeFileSync(stage.output('denoiser'), portableDenoiser(model, dataset));
  if (spec.kind === 'cdm' && !labels) writeFileSync(stage.output('nll'), portableLogDensity(model, dataset));
  writeFileSync(stage.output('log'), trainingCsv(log));
  stage.writePlot('curves', trainingCurves(`Training of the ${recipe.kind.toUpperCase()}`, log));

  stage.report('parameters', { value: weights.length, unit: 'parameters', kind: 'exact' });
  reportLosses(stage, log);
}

/** The mean of every loss over the batches of the end of training. */
function reportLosses(stage: Stage, log: readonly TrainingRow[]): void {
  // At least two, for a standard error.
  const lastTenth = log.slice(-Math.max(2, Math.ceil(log.length / 10)));
  const note = 'mean over the batches of the last tenth of the steps';
  for (const name of Object.keys(lastTenth[0]?.losses ?? {})) {
    const values = lastTenth.map(({ losses }) => losses[name]!);
    const unit = name === 'ce' ? 'nats' : '1';
    stage.reportMean(`training-${name}`, values, { unit, better: name === 'accuracy' ? 'higher' : 'lower', note });
  }
}

/** Every loss against the step, each point the mean of up to 1/100 of the run. */
function trainingCurves(title: string, log: readonly TrainingRow[]): PlotFile {
  const width = Math.ceil(log.length / 100);
  const bins = Array.from({ length: Math.ceil(log.length / width) }, (_, i) => log.slice(i * width, (i + 1) * width));
  const names = Object.keys(log[0]?.losses ?? {}).filter((name) => name !== 'accuracy' && name !== 'loss');
  return {
    title,
    // A cross-entropy and a squared error are of different size, and of different units.
    facets: true,
    x: { label: 'step' },
    y: { label: 'loss of the training batches', log: true },
    series: names.map((name) => ({
      name,
      points: bins.map((rows) => [
        rows.at(-1)!.step,
        rows.reduce((sum, { losses }) => sum + losses[name]!, 0) / rows.length,
      ]),
    })),
  };
}
