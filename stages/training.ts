// Training inside a stage: resumable steps with progress and checkpoints, for toys and images; and the two image models.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDataset } from '../src/datasets/dataset.ts';
import type { BatchShape } from '../src/diffusion/evaluate.ts';
import type { ScheduleSpec } from '../src/diffusion/schedule.ts';
import {
  decodeProgress,
  encodeProgress,
  startTraining,
  train,
  type TrainingProgress,
  type TrainingRow,
} from '../src/diffusion/training.ts';
import { trainingStep, type TrainingTask } from '../src/diffusion/training-step.ts';
import type { DataMoments } from '../src/networks/heads.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { writeCheckpoint, type Stage } from '../src/stage/index.ts';
import { openBackend, type Backend, type BackendName } from '../src/tensor/backend.ts';
import { momentsOf, trainingBatches } from './images.ts';
import { batchShapeOf, writeModel, type ModelSpec } from './model.ts';
import { csvText, plotText } from './plot.ts';

/** A budget in steps, never in seconds. */
export interface TrainingBudget {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly warmup: number;
  readonly emaDecay: number;
}

/** Steps between checkpoints: at most this many are taken again after a kill. */
const CHECKPOINT_STEPS = 100;

/**
 * Trains `task` from its start, or from the last checkpoint that an earlier, killed execution of this stage left behind:
 * the result is the same, bit for bit. `data` gives the clean batch [batch, ...shape] of each step.
 */
export async function trainInStage(
  stage: Stage,
  backend: Backend,
  task: TrainingTask,
  batchShape: BatchShape,
  data: (step: number) => Float32Array,
  { steps, learningRate: peak, warmup, emaDecay }: TrainingBudget,
): Promise<TrainingProgress> {
  const learningRate = { peak, warmup, steps };
  const path = join(stage.scratch, 'progress.safetensors');
  const start = existsSync(path) ? decodeProgress(readFileSync(path), learningRate) : startTraining(task, stage.seed);
  if (start.step > 0) stage.log(`Going on after step ${start.step} of ${steps}`);
  const program = await backend.compile(trainingStep(task, batchShape, { beta1: 0.9, beta2: 0.99 }));
  const end = await train(
    {
      task,
      program,
      batchShape,
      data,
      seed: stage.seed,
      learningRate,
      emaDecay,
      onStep: ({ step, losses }) => stage.progress({ step, total: steps, metrics: losses }),
      checkpoint: { every: CHECKPOINT_STEPS, save: (progress) => writeCheckpoint(path, encodeProgress(progress)) },
    },
    start,
    steps,
  );
  await program.dispose();
  return end;
}

/** One line for each step: the losses of its batch, and its learning rate. */
export function trainingCsv(log: readonly TrainingRow[]): string {
  const names = Object.keys(log[0]?.losses ?? {});
  return csvText(
    ['step', 'learning_rate', ...names],
    log.map(({ step, learningRate, losses }) => [step, learningRate, ...names.map((name) => losses[name]!)]),
  );
}

export interface ImageTrainingParams {
  readonly runtime: { readonly backend: BackendName };
  readonly schedule: ScheduleSpec;
  readonly network: Pick<ModelSpec['unet'], 'channels' | 'mult' | 'blocks' | 'groups'>;
  readonly training: TrainingBudget;
}

/** What differs between the two image models: the kind, its baseline, and what is minimized. */
export interface Recipe {
  readonly kind: ModelSpec['kind'];
  readonly baseline: (moments: DataMoments) => DataMoments | null;
  readonly task: (spec: ModelSpec) => TrainingTask;
}

/** Trains on the input `dataset`; writes the outputs `checkpoint` (moving average of the weights), `log` and `curves`. */
export async function trainImageModel(stage: Stage<ImageTrainingParams>, recipe: Recipe): Promise<void> {
  const { runtime, schedule, network, training } = stage.params;
  const dataset = readDataset(stage.input('dataset'));
  const [imageSize, , inChannels] = dataset.shape;
  const spec: ModelSpec = {
    kind: recipe.kind,
    schedule,
    unet: { imageSize, inChannels, ...network },
    baseline: recipe.baseline(momentsOf(dataset)),
  };
  const backend = await openBackend(runtime.backend, { threads: stage.threads });
  const data = trainingBatches(dataset, training.batch, stage.seed);
  const { state, log } = await trainInStage(
    stage,
    backend,
    recipe.task(spec),
    batchShapeOf(spec, training.batch),
    data,
    training,
  );
  const weights = state['ema'] as Float32Array;
  writeModel(stage.output('checkpoint'), spec, weights);
  writeFileSync(stage.output('log'), trainingCsv(log));
  writeFileSync(stage.output('curves'), trainingCurves(`Training of the ${recipe.kind.toUpperCase()}`, log));

  stage.report('parameters', { value: weights.length, unit: 'parameters', kind: 'exact' });
  const lastTenth = log.slice(-Math.ceil(log.length / 10));
  for (const name of Object.keys(lastTenth[0]?.losses ?? {})) {
    const { mean, standardError, n } = meanAndStandardError(lastTenth.map(({ losses }) => losses[name]!));
    stage.report(`training-${name}`, {
      value: mean,
      standardError,
      n,
      unit: name === 'ce' ? 'nats' : '1',
      kind: 'estimate',
      better: name === 'accuracy' ? 'higher' : 'lower',
      note: 'mean over the batches of the last tenth of the steps',
    });
  }
}

/** Every loss against the step, each point the mean of up to 1/100 of the run. */
function trainingCurves(title: string, log: readonly TrainingRow[]): string {
  const width = Math.ceil(log.length / 100);
  const bins = Array.from({ length: Math.ceil(log.length / width) }, (_, i) => log.slice(i * width, (i + 1) * width));
  const names = Object.keys(log[0]?.losses ?? {}).filter((name) => name !== 'accuracy');
  return plotText({
    title,
    x: { label: 'step' },
    y: { label: 'loss of the training batches', log: true },
    series: names.map((name) => ({
      name,
      points: bins.map((rows) => [
        rows.at(-1)!.step,
        rows.reduce((sum, { losses }) => sum + losses[name]!, 0) / rows.length,
      ]),
    })),
  });
}
