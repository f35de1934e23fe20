// Training inside a stage: what a budget that does not say gets, and what a kill leaves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeProgress } from '../../../src/diffusion/training.ts';
import type { TrainingTask } from '../../../src/diffusion/training-step.ts';
import { Stage } from '../../../src/stage/index.ts';
import { openBackend } from '../../../src/tensor/backend.ts';
import { tf } from '../../../src/tensor/tf.ts';
import { trainInStage } from '../../../stages/shared/training.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

/** Its gradient is 1 everywhere. */
const slope: TrainingTask = {
  name: 'slope',
  parameters: [{ name: 'w', shape: [1], init: { kind: 'zeros' } }],
  loss: ({ w }) => ({ loss: tf.sum(w!) as tf.Scalar }),
  classes: { first: 0, count: 1 },
};

class QuietStage extends Stage {
  override progress(): void {}
}

async function trainSlope(directory: string, steps: number) {
  const assignment = { protocol: 1, stage: 's', cell: {}, seed: 7, threads: 1, params: {}, inputs: {}, outputs: {} };
  const backend = await openBackend('tfjs', { threads: 1 });
  const budget = { steps, batch: 1, learningRate: 1e-3, warmup: 0, emaDecay: 0.5 };
  const shape = { batch: 1, shape: [1] };
  const stage = new QuietStage(assignment as ConstructorParameters<typeof Stage>[0], directory);
  const end = await trainInStage(stage, backend, slope, shape, () => new Float32Array(1), budget);
  return { end, checkpoint: join(stage.scratch, 'progress.safetensors') };
}

test('the decay of the squared gradient is .99 where the budget says none', async () => {
  using directory = temporaryDirectory();
  const { end } = await trainSlope(directory.path, 2);
  // Sums of what decays: beta^0 + beta^1.
  expect(end.state['firstMoment']![0]).toBeCloseTo(1.9, 6);
  expect(end.state['secondMoment']![0]).toBeCloseTo(1.99, 6);
});

test('every 100 steps are kept: a kill costs no more', async () => {
  using directory = temporaryDirectory();
  const { end, checkpoint } = await trainSlope(directory.path, 199);
  expect(end.taken).toBe(199);
  const kept = decodeProgress(readFileSync(checkpoint), { peak: 1e-3, warmup: 0, steps: 199 });
  expect(kept.step).toBe(100);
  // What goes on from there takes the rest.
  const again = await trainSlope(directory.path, 199);
  expect(again.end.taken).toBe(99);
  expect(again.end.state).toEqual(end.state);
});
