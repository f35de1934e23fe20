// Training of a dependence network on a fixed set of pairs, and of the moving averages after every so many
// steps, the one that scores best on held-out pairs.
import { cdmLoss, type LossWeights, type NoisedBatch } from '../../src/diffusion/loss.ts';
import { epochBatches } from '../../src/diffusion/batches.ts';
import type { Schedule } from '../../src/diffusion/schedule.ts';
import { startTraining, train, type LearningRate } from '../../src/diffusion/training.ts';
import { trainingStep, type TrainingTask } from '../../src/diffusion/training-step.ts';
import type { CanonicalPairs } from '../../src/information/coordinates.ts';
import { interleave } from '../../src/information/pair.ts';
import type { DependenceNetwork } from '../../src/networks/dependence.ts';
import type { Stage } from '../../src/stage/index.ts';
import type { Backend } from '../../src/tensor/backend.ts';
import { tf } from '../../src/tensor/tf.ts';

export interface DependenceBudget {
  readonly steps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly warmup: number;
  readonly beta2: number;
  readonly emaDecay: number;
  readonly loss: LossWeights;
  /** Steps between two looks at the held-out score. */
  readonly every: number;
}

export interface DependenceTraining {
  /** The moving average of the weights at the step of the best score, step 0 among them. */
  readonly weights: Float32Array;
  readonly step: number;
  /** After how many steps, the score. */
  readonly curve: readonly (readonly [number, number])[];
}

/**
 * Rows [y, x] of the batch: the loss of the CDM that knows x and, where the marginal of y is to be learned, of the one that
 * does not, at the same noise. Noise is added to y alone.
 */
export function dependenceTask(
  network: DependenceNetwork,
  schedule: Schedule,
  dimY: number,
  weights: LossWeights,
): TrainingTask {
  return {
    name: 'dependence',
    parameters: network.parameters,
    classes: { first: 0, count: schedule.T + 2 },
    loss(values, batch) {
      const { marginal, dependence } = network;
      const x = tf.slice(batch.x0, [0, dimY], [-1, -1]) as tf.Tensor2D;
      const cut = (rows: tf.Tensor): tf.Tensor => tf.slice(rows, [0, 0], [-1, dimY]);
      const noised: NoisedBatch = { ...batch, x0: cut(batch.x0), epsilon: cut(batch.epsilon) };
      const knowing = cdmLoss(
        (y) => {
          const added = dependence(values, y as tf.Tensor2D, x);
          return marginal === null ? added : tf.add(marginal(values, y as tf.Tensor2D), added);
        },
        schedule,
        noised,
        weights,
      );
      if (marginal === null) return { loss: knowing.loss, 'ce-known': knowing['ce']! };
      const alone = cdmLoss((y) => marginal(values, y as tf.Tensor2D), schedule, noised, weights);
      return { loss: tf.add(knowing.loss, alone.loss), 'ce-known': knowing['ce']!, 'ce-alone': alone['ce']! };
    },
  };
}

/** Trains on pairs in canonical coordinates; keeps the weights whose `score`, on pairs that are not these, is largest. */
export async function trainDependence(
  stage: Stage,
  seed: number,
  backend: Backend,
  task: TrainingTask,
  { pairs, dimX, dimY }: { pairs: CanonicalPairs; dimX: number; dimY: number },
  budget: DependenceBudget,
  score: (weights: Float32Array) => Promise<number>,
): Promise<DependenceTraining> {
  const dim = dimX + dimY;
  const batchShape = { batch: budget.batch, shape: [dim] };
  const program = await backend.compile(trainingStep(task, batchShape, { beta1: 0.9, beta2: budget.beta2 }));
  const learningRate: LearningRate = { peak: budget.learningRate, warmup: budget.warmup, steps: budget.steps };
  const data = epochBatches(interleave(pairs.y, dimY, pairs.x, dimX), dim, budget.batch, seed);
  const run = { task, program, batchShape, data, seed, learningRate, emaDecay: budget.emaDecay };
  let progress = startTraining(task, seed);
  let best = { weights: progress.state['ema'] as Float32Array, step: 0, score: -Infinity };
  const curve: [number, number][] = [];
  for (;;) {
    const weights = progress.state['ema'] as Float32Array;
    const own = await score(weights);
    curve.push([progress.step, own]);
    if (own > best.score) best = { weights, step: progress.step, score: own };
    stage.progress({ step: progress.step, total: budget.steps, metrics: { score: own } });
    if (progress.step >= budget.steps) break;
    progress = await train(run, progress, Math.min(budget.steps, progress.step + budget.every));
  }
  await program.dispose();
  return { weights: best.weights, step: best.step, curve };
}
