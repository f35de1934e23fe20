// Training inside a stage: resumable steps with progress, checkpoints and a log; the same for toys and images.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BatchShape } from '../../src/diffusion/evaluate.ts';
import {
  decodeProgress,
  encodeProgress,
  startTraining,
  train,
  type TrainingProgress,
  type TrainingRow,
} from '../../src/diffusion/training.ts';
import { trainingStep, type TrainingTask } from '../../src/diffusion/training-step.ts';
import { writeCheckpoint, type Stage } from '../../src/stage/index.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import { csvText } from './csv.ts';

/** A budget in steps, never in seconds. */
export interface TrainingBudget {
  readonly steps: number;
  readonly batch: number;
  /** In how many parts a batch is run, for batches that are larger than memory allows; default 1. */
  readonly accumulate?: number;
  /** Each clean sample twice in a batch, with noise of opposite sign; default false. */
  readonly antithetic?: boolean;
  readonly learningRate: number;
  readonly warmup: number;
  /** The learning rate is multiplied by `factor` after each `every` steps; without it, it decays as a cosine. */
  readonly drops?: { readonly every: number; readonly factor: number } | null;
  /** Adam's second; default 0.99, for runs of thousands of steps. */
  readonly beta2?: number;
  readonly emaDecay: number;
}

/** Steps between checkpoints: at most this many are taken again after a kill. */
const CHECKPOINT_STEPS = 100;

/**
 * Trains `task` from its start, or from the last checkpoint that an earlier, killed execution of this stage left behind:
 * the result is the same, bit for bit. `data` gives the clean batch [batch, ...shape] of each step,
 * or half of it for antithetic pairs; `labels`, for a conditional task, what its images are of. `taken` of the steps were
 * taken by this execution.
 */
export async function trainInStage(
  stage: Stage,
  backend: Backend,
  task: TrainingTask,
  batchShape: BatchShape,
  data: (step: number) => Float32Array,
  {
    steps,
    accumulate = 1,
    antithetic = false,
    learningRate: peak,
    warmup,
    drops,
    beta2 = 0.99,
    emaDecay,
  }: TrainingBudget,
  labels?: (step: number) => Int32Array,
): Promise<TrainingProgress & { readonly taken: number }> {
  const learningRate = { peak, warmup, steps, drops };
  const path = join(stage.scratch, 'progress.safetensors');
  const start = existsSync(path) ? decodeProgress(readFileSync(path), learningRate) : startTraining(task, stage.seed);
  if (start.step > 0) stage.log(`Going on after step ${start.step} of ${steps}`);
  const program = await backend.compile(trainingStep(task, batchShape, { beta1: 0.9, beta2 }, accumulate));
  const end = await train(
    {
      task,
      program,
      batchShape,
      accumulate,
      antithetic,
      data,
      ...(labels && { labels }),
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
  return { ...end, taken: steps - start.step };
}

/** One line for each step: the losses of its batch, and its learning rate. */
export function trainingCsv(log: readonly TrainingRow[]): string {
  const names = Object.keys(log[0]?.losses ?? {});
  return csvText(
    ['step', 'learning_rate', ...names],
    log.map(({ step, learningRate, losses }) => [step, learningRate, ...names.map((name) => losses[name]!)]),
  );
}
