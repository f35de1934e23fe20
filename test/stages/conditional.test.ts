// Conditional models, from training with labels to guided samples, a judge and zero-shot classes: bright and dark images,
// which few steps suffice to tell apart.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDataset, type EightBitDataset } from '../../src/datasets/dataset.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import { decodeSafetensors } from '../../src/tensor/safetensors.ts';
import { trainingBatches, trainingLabels } from '../../src/models/images.ts';
import { drawLabels } from '../../src/models/labels.ts';
import { captionOf } from '../../src/report/png-caption.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const density = {
  kind: 'field-mixture',
  size: 4,
  components: [
    { weight: 3, power: 2, mean: -1.5 },
    { weight: 1, power: 2, mean: 1.5 },
  ],
} as const;
const training = { batch: 32, learningRate: 0.01, warmup: 5, emaDecay: 0.9 };

const directory = temporaryDirectory();
const path = (name: string): string => join(directory.path, name);
afterAll(() => directory[Symbol.dispose]());

beforeAll(() => {
  writeFileSync(path('dataset'), encodeDataset(syntheticDataset(density, { train: 1000, test: 200, seed: 7 })));
  // In a directory of its own, like every stage: training goes on from what lies in it.
  for (const name of ['judge', 'cdm', 'ddm']) mkdirSync(path(name));
  const judged = runStageProcess(path('judge'), {
    stage: 'train-judge',
    params: { judge: { channels: 8, training: { ...training, steps: 150 } } },
    inputs: { dataset: path('dataset') },
    outputs: ['judge', 'log'],
  });
  expect(judged['accuracy']!.value).toBeGreaterThan(0.95);
}, 60_000);

test.each([
  ['cdm', 150],
  ['ddm', 500],
] as const)(
  'a conditional %s draws what it is asked for, guided or not',
  (model, steps) => {
    const dataset = path('dataset');
    const own = path(model);
    runStageProcess(own, {
      stage: 'train-conditional',
      cell: { model },
      params: {
        schedule: { kind: 'uniform-log-snr', T: 20, sigmaMin: 0.1, logSnrMin: -6 },
        network: { kind: 'unet', channels: 8, mult: [1, 2], blocks: 1, groups: 4 },
        cdm: { head: { kind: 'cumsum', baseline: 'gaussian' }, loss: { ce: 1, mse: 1 } },
        training: { ...training, steps },
        labelDropout: 0.2,
      },
      inputs: { dataset },
      outputs: ['checkpoint', 'denoiser', 'log', 'curves'],
    });

    const count = 40;
    const numbers = runStageProcess(own, {
      stage: 'conditional-sample',
      params: {
        sampling: { count, spacing: 'leading', ddpmSteps: 20, ddimSteps: 10, dpmSolverSteps: 5, dpmSolver: 'taylor' },
        guided: { weights: [0, 1], samplers: ['ddim', 'dpm-solver'], shown: 3 },
      },
      inputs: { dataset, model: join(own, 'checkpoint'), judge: path('judge/judge') },
      outputs: ['grid', 'samples'],
    });
    const value = (name: string): number => numbers[name]!.value;
    expect(value('label-accuracy-exact.data')).toBeGreaterThan(0.95);
    for (const key of ['ddim-w0', 'ddim-w1', 'dpm-solver-w0', 'dpm-solver-w1']) {
      // Labels that nobody heeds agree with the drawn ones in (3/4)^2 + (1/4)^2 = 5/8 of the cases.
      expect(value(`label-accuracy-exact.${key}`), key).toBeGreaterThan(0.85);
      expect(value(`label-accuracy.${key}`), key).toBeGreaterThan(0.85);
    }
    expect([value('nfe.ddim-w0'), value('nfe.ddim-w1'), value('nfe.dpm-solver-w1')]).toEqual([10, 20, 10]);
    const { tensors } = decodeSafetensors(readFileSync(join(own, 'samples')));
    expect(tensors['ddim-w1']!.shape).toEqual([count, 4, 4, 1]);
    expect(tensors['ddim-w1']!.data).not.toEqual(tensors['ddim-w0']!.data);
    // Two rows of three images for each of four sets, of 48 pixels and a gap of 2.
    const { width, height } = decode(readFileSync(join(own, 'grid')));
    const { description } = captionOf(readFileSync(join(own, 'grid')));
    expect(description).toContain(
      'A row for each label, from 0 at the top to 1. From left to right, 3 samples each by',
    );
    expect(description).toContain('ddim in 10 steps, w = 0; dpm-solver in 5 steps, w = 0; ddim in 10 steps, w = 1;');
    expect([width, height]).toEqual([12 * 50 + 2, 2 * 50 + 2]);

    if (model === 'ddm') return;
    const shot = runStageProcess(own, {
      stage: 'zero-shot',
      params: { zeroShot: { levels: [1, 3, 8], images: 100 } },
      inputs: { dataset, cdm: join(own, 'checkpoint') },
      outputs: ['levels'],
    });
    expect(shot['accuracy']!.value).toBeGreaterThan(0.9);
    // The level of the most right answers on training images, and there as good on others.
    const tried = readFileSync(join(own, 'levels'), 'utf8').trim().split('\n').slice(1).map((row) => row.split(',').map(Number)); // prettier-ignore
    expect(tried.map(([t]) => t)).toEqual([1, 3, 8]);
    const most = Math.max(...tried.map(([, accuracy]) => accuracy!));
    expect(shot['level']!.value).toBe(tried.find(([, accuracy]) => accuracy === most)![0]);
    expect(shot['accuracy-noised']!.value).toBeGreaterThan(0.85);
    expect(shot['accuracy-bayes']!.value).toBeGreaterThan(0.95);
    expect(shot['accuracy']!.n).toBe(200);
  },
  300_000,
);

test('labels go with the images of a batch, and are dropped as often as asked', () => {
  const n = 50;
  const pixels = Uint8Array.from({ length: n }, (_, i) => 5 * i);
  const labels = { count: 50, train: Uint8Array.from({ length: n }, (_, i) => i), test: Uint8Array.of(0) };
  const dataset: EightBitDataset = { kind: '8-bit', shape: [1, 1, 1], source: 'test', train: pixels, test: pixels, labels }; // prettier-ignore
  const images = trainingBatches(dataset, 10, 3);
  const [known, dropped] = [trainingLabels(labels, 10, 3), trainingLabels(labels, 10, 3, 0.3)];
  let unknown = 0;
  for (let step = 1; step <= 200; step++) {
    // The pixel of label i is 5 i, and less than one more.
    const expected = Array.from(images(step), (value) => Math.floor(((value + 1) * 128) / 5));
    expect(Array.from(known(step))).toEqual(expected);
    for (const [i, label] of dropped(step).entries()) {
      if (label === labels.count) unknown++;
      else expect(label).toBe(expected[i]);
    }
  }
  // Five standard errors of a share of 2,000.
  expect(Math.abs(unknown / 2000 - 0.3)).toBeLessThan(5 * Math.sqrt((0.3 * 0.7) / 2000));
});

test('labels are drawn as often as they are in the data, in random order', () => {
  const labels = { count: 3, train: Uint8Array.of(0, 0, 0, 0, 0, 1, 1, 1, 2, 2), test: Uint8Array.of(0) };
  const drawn = Array.from(drawLabels(labels, 100, { seed: 1, purpose: 'test' }));
  expect([0, 1, 2].map((label) => drawn.filter((other) => other === label).length)).toEqual([50, 30, 20]);
  expect(drawn).not.toEqual(drawn.toSorted((a, b) => a - b));
});
