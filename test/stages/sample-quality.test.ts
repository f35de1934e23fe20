import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { judgeNetwork, writeJudge } from '../../src/models/judge.ts';
import { exportOnnx } from '../../src/tensor/export.ts';
import { initialize } from '../../src/tensor/flat.ts';
import type { ProgramDefinition } from '../../src/tensor/program.ts';
import { integers } from '../../src/tensor/random.ts';
import { encodeSafetensors } from '../../src/tensor/safetensors.ts';
import { tf } from '../../src/tensor/tf.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

/** Means over the rows of the first color: a stand-in for Inception. */
const network = (batch: number): ProgramDefinition => ({
  name: 'stand-in',
  state: {},
  inputs: { x: { shape: [batch, 3, 4, 4], dtype: 'float32' } },
  run: (_, { x }) => ({ outputs: { features: tf.mean(tf.slice(x!, [0, 0, 0, 0], [-1, 1, 4, 4]), [1, 3]) } }),
});

test('sample-quality tells samples of the data from others, in pixels, random features, those of a judge and of a network of ones own', () => {
  using directory = temporaryDirectory();
  const path = (name: string): string => join(directory.path, name);
  const count = 64;
  const pixels = (seed: number, below: number): Uint8Array =>
    Uint8Array.from(integers({ seed, purpose: 'test' }, count * 16, below));
  const dataset = {
    kind: '8-bit',
    shape: [4, 4, 1],
    source: 'test',
    train: pixels(1, 256),
    test: pixels(2, 256),
  } as const;
  writeFileSync(path('dataset'), encodeDataset(dataset));
  const images = (bytes: Uint8Array) => ({
    shape: [count, 4, 4, 1],
    data: Float32Array.from(bytes, (pixel) => (pixel + 0.5) / 128 - 1),
  });
  const tensors = { good: images(pixels(3, 256)), dark: images(pixels(4, 64)) };
  writeFileSync(path('samples'), encodeSafetensors({ tensors, metadata: {} }));
  writeFileSync(path('inception'), exportOnnx(network, {}, {}));
  const judge = { shape: [4, 4, 1], channels: 8, labels: 5 } as const;
  writeJudge(path('judge'), judge, initialize(judgeNetwork(judge).parameters, { seed: 1, purpose: 'test' }));
  const inceptionSha256 = createHash('sha256')
    .update(readFileSync(path('inception')))
    .digest('hex');
  const numbers = runStageProcess(directory.path, {
    stage: 'sample-quality',
    params: { quality: { networkSeed: 1, blocks: 8, neighbours: 3, inception: null, inceptionSha256 } },
    inputs: { dataset: path('dataset'), samples: path('samples'), judge: path('judge'), inception: path('inception') },
    outputs: [],
  });
  for (const space of ['pixels', 'random', 'judge', 'inception']) {
    for (const measure of ['frechet', 'mmd']) {
      const value = (name: string): number => numbers[`${measure}.${space}.${name}`]!.value;
      const error = numbers[`${measure}.${space}.dark`]!.standardError!;
      expect(value('dark') - value('good'), `${measure}.${space}`).toBeGreaterThan(3 * error);
      expect(Math.abs(value('good') - value('data')), `${measure}.${space}`).toBeLessThan(
        value('dark') - value('data'),
      );
    }
    expect(numbers[`precision.${space}.good`]!.value).toBeGreaterThan(0.6);
    expect(numbers[`recall.${space}.dark`]!.value).toBeLessThan(0.3);
  }
  // The last layer of this judge is zero: it is never sure, and of nothing.
  for (const name of ['good', 'dark', 'data']) {
    expect(numbers[`recognized.${name}`]).toMatchObject({ value: 0, n: count });
    expect(numbers[`label-score.${name}`]!.value).toBeCloseTo(1, 6);
  }
});
