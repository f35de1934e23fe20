import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { encodeDataset, readDataset } from '../../src/datasets/dataset.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { denoisingProgram, readModel } from '../../src/models/model.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { expectClose } from '../support/close.ts';

test('nll.onnx of train-cdm gives the log densities that one-shot-nll reports, and the schedule says how to use denoiser.onnx', async () => {
  using directory = temporaryDirectory();
  const path = (name: string): string => join(directory.path, name);
  const runStage = (stage: string, params: object, inputs: Record<string, string>, outputs: string[]): void => {
    runStageProcess(directory.path, { stage, params, inputs, outputs });
  };
  const schedule = { kind: 'uniform-log-snr', T: 10, sigmaMin: 0.01, logSnrMin: -9 };
  const density = { kind: 'field-mixture', size: 4, components: [{ weight: 1, power: 2 }] } as const;
  writeFileSync(path('dataset'), encodeDataset(syntheticDataset(density, { train: 64, test: 12, seed: 7 })));
  runStage(
    'train-cdm',
    {
      schedule,
      network: { kind: 'unet', channels: 4, mult: [1, 2], blocks: 1, groups: 2 },
      cdm: { head: { kind: 'cumsum', baseline: 'gaussian' }, loss: { ce: 1, mse: 1 } },
      training: { steps: 3, batch: 8, learningRate: 0.01, warmup: 0, emaDecay: 0.5 },
    },
    { dataset: path('dataset') },
    ['checkpoint', 'nll', 'denoiser', 'log', 'curves'],
  );
  runStage('one-shot-nll', {}, { dataset: path('dataset'), cdm: path('checkpoint') }, ['samples']);

  const [header, ...rows] = readFileSync(path('samples'), 'utf8').trim().split('\n').map((line) => line.split(',')); // prettier-ignore
  const reported = rows.map((row) => Number(row[header!.indexOf('log_density')]));
  const { test: images } = readDataset(path('dataset'));
  const x = new Tensor('float32', Float32Array.from(images), [12, 4, 4, 1]);
  const nll = await InferenceSession.create(path('nll'));
  const { log_density: densities } = await nll.run({ x });
  expect(reported).toHaveLength(12);
  expectClose(densities!.data as Float32Array, reported, 2e-6);

  const denoiser = await InferenceSession.create(path('denoiser'));
  const { epsilon } = await denoiser.run({ x, t: new Tensor('int32', new Int32Array(12).fill(10), [12]) });
  expect(epsilon!.dims).toEqual([12, 4, 4, 1]);
  const own = await (
    await openBackend('cpu', { threads: 1 })
  ).compile(denoisingProgram(readModel(path('checkpoint')), 12));
  own.load({ parameters: readModel(path('checkpoint')).weights });
  const { value } = await own.run({ x: Float32Array.from(images), t: new Int32Array(12).fill(10) });
  expectClose(epsilon!.data as Float32Array, value!, 2e-6);
  // What the files say of themselves is plain text in them.
  const text = readFileSync(path('denoiser'), 'latin1');
  for (const words of [
    'classification diffusion model',
    '"kind":"uniform-log-snr","T":10',
    '"sigma":[0,0.01',
    'Eq. 8',
  ]) {
    expect(text).toContain(words);
  }
  expect(readFileSync(path('nll'), 'latin1')).toContain('nats per image. Bits per dimension: -log_density / (16 ln 2)');
}, 120_000); // Two processes that each load TensorFlow.js
