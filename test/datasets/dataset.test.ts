import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decodeDataset, encodeDataset, readDataset, type Dataset } from '../../src/datasets/dataset.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import { field, textures } from '../../src/distributions/toys.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { encodeSafetensors, type TensorFile } from '../../src/tensor/safetensors.ts';

const continuous = syntheticDataset(textures(4), { train: 5, test: 3, seed: 7 });
const eightBit: Dataset = {
  kind: '8-bit',
  shape: [2, 1, 3],
  source: 'made up',
  train: Uint8Array.from({ length: 12 }, (_, i) => 20 * i),
  test: Uint8Array.of(0, 255, 1, 254, 2, 253),
};

describe('a data set', () => {
  test.each([
    ['continuous', continuous],
    ['8-bit', eightBit],
    ['labelled', { ...eightBit, labels: { count: 3, train: Uint8Array.of(2, 0), test: Uint8Array.of(1) } }],
  ])('of %s images survives its file', (_, dataset) => {
    expect(decodeDataset(encodeDataset(dataset))).toEqual(dataset);
  });

  test('is read from its file, and a failure names the file', () => {
    const directory = mkdtempSync(join(tmpdir(), 'dataset-'));
    try {
      const path = join(directory, 'd.safetensors');
      writeFileSync(path, encodeDataset(continuous));
      expect(readDataset(path)).toEqual(continuous);
      writeFileSync(path, encodeDataset(continuous).subarray(0, 300));
      expect(() => readDataset(path)).toThrow(`${path}: safetensors: truncated`);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  test('of partial images is not written', () => {
    expect(() => encodeDataset({ ...eightBit, test: Uint8Array.of(1) })).toThrow(
      '1 test values are not images of 2x1x3',
    );
    expect(() => encodeDataset({ ...eightBit, train: new Uint8Array() })).toThrow('0 train values');
  });

  const parts: TensorFile = {
    tensors: {
      train: { shape: [1, 1, 1, 1], data: Float32Array.of(1) },
      test: { shape: [1, 1, 1, 1], data: Float32Array.of(2) },
      'train-labels': { shape: [1], data: Uint8Array.of(1) },
      'test-labels': { shape: [1], data: Uint8Array.of(2) },
    },
    metadata: { kind: 'continuous', shape: '[1,1,1]', source: 's' },
  };
  test.each<[string, Partial<TensorFile>, string]>([
    ['no kind', { metadata: {} }, 'its kind is undefined'],
    ['no source', { metadata: { kind: 'continuous', shape: '[1,1,1]' } }, 'no "source"'],
    ['no shape', { metadata: { kind: 'continuous', source: 's' } }, 'its shape undefined is not'],
    [
      'another shape',
      { metadata: { ...parts.metadata, shape: '[1,2,1]' } },
      '"train" is [1, 1, 1, 1], its images are [1, 2, 1]',
    ],
    ['a density that is not JSON', { metadata: { ...parts.metadata, density: '{' } }, '"density" is not JSON'],
    ['one tensor only', { tensors: { train: parts.tensors['train']! } }, 'no tensor "test"'],
    ['a label beyond', { metadata: { ...parts.metadata, labels: '2' } }, '"test-labels" are not 1 labels below 2'],
    [
      'the wrong type',
      { metadata: { ...parts.metadata, kind: '8-bit' } },
      'holds Float32Array, but its kind is "8-bit"',
    ],
  ])('with %s is refused', (_, change, message) => {
    expect(() => decodeDataset(encodeSafetensors({ ...parts, ...change }))).toThrow(message);
  });
});

describe('syntheticDataset', () => {
  test('draws train and test independently from the density it names', () => {
    const {
      train,
      test: held,
      density,
      source,
      shape,
    } = syntheticDataset(field(8), { train: 400, test: 400, seed: 1 });
    expect(shape).toEqual([8, 8, 1]);
    expect(source).toBe('400 training and 400 test images drawn from the density given here, seed 1');
    expect(train.slice(0, 64)).not.toEqual(held.slice(0, 64));
    for (const images of [train, held]) {
      const logs = densityFromSpec(density!).logProb(images);
      const mean = logs.reduce((sum, log) => sum + log, 0) / 400;
      // -log p of a Gaussian in 64 dimensions has variance 32.
      expect(Math.abs(-mean - 74.98)).toBeLessThan(4 * Math.sqrt(32 / 400));
    }
  });

  test('labels each image with the component it was drawn from', () => {
    const { test: held, density, labels } = syntheticDataset(textures(8), { train: 1, test: 300, seed: 2 });
    if (density?.kind !== 'field-mixture') throw new Error('textures are a mixture of fields');
    const logs = density.components.map((component) =>
      densityFromSpec({ ...density, components: [component] }).logProb(held),
    );
    const likeliest = Array.from(labels!.test, (_, i) => {
      const values = logs.map((log) => log[i]!);
      return values.indexOf(Math.max(...values));
    });
    const right = likeliest.filter((label, i) => label === labels!.test[i]).length;
    expect(labels!.count).toBe(density.components.length);
    // Components overlap a little: the best guess is right about 95 times in 100.
    expect(right / 300).toBeGreaterThan(0.9);
  });

  test('of more images begins with those of fewer', () => {
    const few = syntheticDataset(field(4), { train: 3, test: 2, seed: 5 });
    const more = syntheticDataset(field(4), { train: 6, test: 4, seed: 5 });
    expect(more.train.slice(0, few.train.length)).toEqual(few.train);
    expect(more.test.slice(0, few.test.length)).toEqual(few.test);
    expect(syntheticDataset(field(4), { train: 3, test: 2, seed: 6 }).train).not.toEqual(few.train);
  });
});
