// Training steps of the whole U-Net, with attention, dropout and labels: the same eager and compiled, at once and in parts.
import { describe, expect, test } from 'vitest';
import { balancedWeights } from '../../src/diffusion/loss.ts';
import { uniformLogSnr } from '../../src/diffusion/schedule.ts';
import { dropoutMasks, startTraining, train } from '../../src/diffusion/training.ts';
import { cdmTask, ddmTask, trainingStep, type TrainingTask } from '../../src/diffusion/training-step.ts';
import { cumsumHead } from '../../src/networks/heads.ts';
import { unetClassifier, unetDenoiser } from '../../src/networks/unet.ts';
import { openBackend, type BackendName } from '../../src/tensor/backend.ts';
import { integers, normals } from '../../src/tensor/random.ts';
import { expectClose } from '../support/close.ts';

const unet = { imageSize: 4, inChannels: 1, channels: 4, mult: [1, 2], blocks: 1, groups: 2, attention: [2], dropout: 0.3, labels: 3 }; // prettier-ignore
const schedule = uniformLogSnr({ T: 10 });
const tasks: Readonly<Record<string, TrainingTask>> = {
  cdm: cdmTask(unetClassifier(unet, cumsumHead(schedule)), schedule, balancedWeights(16)),
  ddm: ddmTask(unetDenoiser(unet), schedule),
};

async function twoSteps(task: TrainingTask, backend: BackendName, accumulate: number) {
  const batchShape = { batch: 4, shape: [4, 4, 1] };
  const program = await (await openBackend(backend, { threads: 1 })).compile(trainingStep(task, batchShape, {}, accumulate)); // prettier-ignore
  // Not zero anywhere, so that every unit counts from the first step on.
  const start = startTraining(task, 3);
  const noise = normals({ seed: 3, purpose: 'weights' }, start.state['parameters']!.length);
  const parameters = noise.map((z, i) => start.state['parameters']![i]! + 0.1 * z);
  const end = await train(
    {
      task,
      program,
      batchShape,
      accumulate,
      seed: 3,
      data: (step) => normals({ seed: 3, purpose: 'data', step }, 64),
      labels: (step) => integers({ seed: 3, purpose: 'label', step }, 4, 4),
      learningRate: { peak: 1e-3, warmup: 0, steps: 10 },
      emaDecay: 0.9,
    },
    { ...start, state: { ...start.state, parameters } },
    2,
  );
  await program.dispose();
  return end;
}

describe.each(Object.entries(tasks))('%s', (_, task) => {
  test('takes the same steps eager, compiled and in parts, and other ones without dropout', async () => {
    const whole = await twoSteps(task, 'cpu', 1);
    for (const other of [await twoSteps(task, 'tfjs', 1), await twoSteps(task, 'cpu', 2)]) {
      for (const [i, { losses }] of whole.log.entries()) {
        expectClose(Object.values(other.log[i]!.losses), Object.values(losses), 1e-5, `losses of step ${i + 1}`);
      }
    }
    const { dropout: _dropout, ...undropped } = task;
    expect((await twoSteps(undropped, 'cpu', 1)).log[0]!.losses).not.toEqual(whole.log[0]!.losses);
  });
});

test('dropout masks belong to the sample, and keep the mean', () => {
  const dropout = { rate: 0.1, size: 5000 };
  const key = { seed: 1, purpose: 'train/dropout', step: 2 };
  const masks = dropoutMasks(dropout, key, 0, 4);
  expect(dropoutMasks(dropout, key, 2, 2)).toEqual(masks.slice(2 * dropout.size));
  expect(new Set(masks)).toEqual(new Set([0, Math.fround(1 / 0.9)]));
  const dropped = masks.filter((value) => value === 0).length;
  expect(Math.abs(dropped - 2000)).toBeLessThan(3.9 * Math.sqrt(20_000 * 0.1 * 0.9));
});
