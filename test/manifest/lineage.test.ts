// The closure of a number: everything behind it and nothing else.
import { expect, test } from 'vitest';
import fc from 'fast-check';
import { closureOf, lineageOf, parameterLeaves } from '../../src/manifest/lineage.ts';
import { digestOf, sketchManifest, sketchStage } from './sample.ts';

const dataset = { dataset: { source: 'data.dataset', digest: digestOf('dataset') } };

const manifest = sketchManifest([
  sketchStage({
    id: 'data',
    inputs: {
      files: { source: '/elsewhere/files', digest: digestOf('files') },
      extra: { source: 'extra.txt', digest: null },
    },
    outputs: { dataset: { path: 'd.bin', digest: digestOf('dataset') } },
    code: { 'stages/data.ts': digestOf('data code') },
  }),
  sketchStage({
    id: 'train',
    dependsOn: ['data'],
    inputs: dataset,
    packages: { 'onnxruntime-node@1.30.0': 'sha512-ort' },
  }),
  sketchStage({ id: 'unrelated', inputs: { other: { source: 'other.txt', digest: digestOf('other') } } }),
  sketchStage({
    id: 'nll',
    dependsOn: ['train'],
    code: { 'stages/nll.ts': digestOf('nll code') },
    numbers: { nll: { value: 1, unit: 'nats', kind: 'estimate' } },
  }),
]);

test('lineageOf() follows a number to its stages, code, packages and external bytes', () => {
  const lineage = lineageOf(manifest, manifest.numbers[0]!);
  expect(lineage.stages.map((stage) => stage.id)).toEqual(['data', 'train', 'nll']);
  expect(Object.keys(lineage.code)).toEqual(['src/stage/index.ts', 'stages/data.ts', 'stages/nll.ts']);
  expect(Object.keys(lineage.packages)).toEqual(['fast-png@8.0.0', 'onnxruntime-node@1.30.0']);
  expect(lineage.inputs).toEqual([
    {
      stage: 'data',
      name: 'files',
      source: '/elsewhere/files',
      path: '/elsewhere/files',
      digest: digestOf('files'),
    },
    { stage: 'data', name: 'extra', source: 'absent', path: null, digest: null },
  ]);
});

test('closureOf() is closed, contains the stage, and keeps the order of the manifest', () => {
  const graph = fc
    .integer({ min: 1, max: 12 })
    .chain((size) =>
      fc.tuple(
        ...Array.from({ length: size }, (_, index) => fc.subarray(Array.from({ length: index }, (_, i) => `s${i}`))),
      ),
    );
  fc.assert(
    fc.property(graph, (dependencies) => {
      const stages = dependencies.map((dependsOn, index) => ({ id: `s${index}`, dependsOn }));
      const last = `s${stages.length - 1}`;
      const closure = closureOf(stages, last);
      expect(closure).toContain(last);
      for (const id of closure) {
        for (const needed of stages.find((stage) => stage.id === id)!.dependsOn) expect(closure).toContain(needed);
      }
      const positions = closure.map((id) => Number(id.slice(1)));
      expect(positions).toEqual([...positions].sort((a, b) => a - b));
      // Nothing in it that the stage does not need: each other member has a dependent inside.
      for (const id of closure.filter((member) => member !== last)) {
        expect(closure.some((member) => stages.find((stage) => stage.id === member)!.dependsOn.includes(id))).toBe(
          true,
        );
      }
    }),
    { numRuns: 100 },
  );
});

test('parameterLeaves() names nested parameters by dotted path', () => {
  expect(parameterLeaves({ a: { b: 1, c: { d: [1, { e: 2 }] } }, f: {}, g: null })).toEqual([
    ['a.b', 1],
    ['a.c.d', [1, { e: 2 }]],
    ['f', {}],
    ['g', null],
  ]);
});
