import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readWeights, writeWeights } from '../../src/models/weights-file.ts';
import { decodeSafetensors, encodeSafetensors } from '../../src/tensor/safetensors.ts';

const directory = mkdtempSync(join(tmpdir(), 'repro-weights-'));
afterAll(() => rmSync(directory, { recursive: true }));
const path = join(directory, 'model.safetensors');

const spec = { kind: 'cdm', head: { basis: Float32Array.of(0.1, -2, 1e-30), rest: 0.5 }, none: null };

test('arrays of a spec are tensors of the file, and come back to the bit', () => {
  writeWeights(path, 'model', spec, Float32Array.of(1, 2));
  expect(readWeights(path, 'model')).toEqual({ spec, weights: Float32Array.of(1, 2) });
  expect(Object.keys(decodeSafetensors(readFileSync(path)).tensors).toSorted()).toEqual(['model/basis', 'weights']);
});

test('a file of another kind, or without one of its arrays, is named', () => {
  writeWeights(path, 'model', spec, Float32Array.of(1, 2));
  expect(() => readWeights(path, 'judge')).toThrow(`Not the weights of a judge: ${path}`);
  const { tensors, metadata } = decodeSafetensors(readFileSync(path));
  writeFileSync(
    path,
    encodeSafetensors({ tensors: { weights: tensors['weights']! }, metadata: { model: metadata['model']! } }),
  );
  expect(() => readWeights(path, 'model')).toThrow(`"model/basis" is missing: ${path}`);
});

test('two arrays of one name are refused', () => {
  const twice = { a: { basis: new Float32Array(1) }, b: { basis: new Float32Array(1) } };
  expect(() => writeWeights(path, 'model', twice, new Float32Array(1))).toThrow('Two arrays called "basis"');
});
