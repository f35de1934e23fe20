import { describe, expect, it } from 'vitest';
import type { CellPlan } from '../../src/pipeline/plan.ts';
import { SourceFile } from '../../src/pipeline/source.ts';
import { comparePreimages, computeFingerprint, explainPreimage, makePreimage } from '../../src/runner/fingerprint.ts';
import { cellSeed } from '../../src/store/cell-seed.ts';
import type { Preimage } from '../../src/schema/types.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { EnvironmentKey } from '../../src/store/environment-key.ts';
import { sampleRecord } from '../rig/sample-record.ts';

const keyed = (value: string, key = 1): string => new EnvironmentKey(Buffer.alloc(32, key)).digest('HF_HOME', value);

const before = sampleRecord().preimage;
const context = {
  sources: {
    dataset: { cell: 'prepare-data', output: 'dataset' },
    all: [
      { cell: 'a', output: 'x' },
      { cell: 'b', output: 'x' },
    ],
  },
  importers: {
    'src/loss.ts': 'src/model.ts',
    'src/model.ts': 'stages/train.ts',
    'npm:onnxruntime-node': 'src/model.ts',
  },
};
const compare = (changes: Partial<Preimage>): string[] => comparePreimages(before, { ...before, ...changes }, context);

const plan: CellPlan = {
  id: 'train[toy=two]',
  stage: 'train',
  identity: 'train',
  axes: { toy: 'two' },
  run: { kind: 'module', path: 'stages/train.ts' },
  params: { train: { steps: 3 } },
  inputs: {},
  outputs: { model: 'model.bin' },
  numbers: null,
  env: ['SET', 'UNSET'],
  pass: [],
  cpus: 2,
  memoryBytes: 0,
  gpus: 0,
  retries: 0,
  timeoutSeconds: 5,
  setup: [],
  dependsOn: [],
  at: { file: new SourceFile('pipeline.yaml', ''), span: { start: 0, end: 0 } },
};
const code = {
  code: { 'stages/train.ts': digestBytes('code') },
  packages: {},
  importers: {},
  runtime: { node: 'v20.20.2' },
};

// Literal values: when one of them must change, so must the format version inside the preimage.
describe('fingerprints', () => {
  it('are these', () => {
    const preimage = makePreimage(
      plan,
      2024,
      code,
      { data: { path: 'data.csv', digest: digestBytes('data') }, none: null },
      { SET: keyed('x'), UNSET: null },
    );
    expect(preimage).toMatchObject({
      env: { SET: keyed('x'), UNSET: null },
      threads: 2,
      seed: cellSeed(2024, 'train', plan.axes),
    });
    expect(computeFingerprint(preimage)).toBe(
      'sha256:1268d36271feb7dfc16b903c99967c09ab622bb6d56f8f9dd153102e4cb14190',
    );
  });

  it('do not depend on limits, retries, or where the stage is declared', () => {
    const key = (changes: Partial<CellPlan>): string =>
      computeFingerprint(makePreimage({ ...plan, ...changes }, 1, code, {}, { SET: keyed('x') }));
    expect(key({ timeoutSeconds: null })).toBe(key({}));
    expect(key({ memoryBytes: 2 ** 30, gpus: 2, retries: 3 })).toBe(key({}));
    expect(key({ cpus: 1 })).not.toBe(key({}));
    expect(key({ setup: ['module load cuda'] })).not.toBe(key({}));
    expect(key({ axes: { toy: 'one' } })).not.toBe(key({}));
  });
});

describe('cellSeed', () => {
  it('is this 48-bit integer for this cell', () => {
    expect(cellSeed(2024, 'toy-check', { toy: 'two', replicate: 0 })).toBe(68119209779020);
  });

  it('differs with the pipeline seed, the stage and the cell', () => {
    const seeds = [
      cellSeed(1, 'a', {}),
      cellSeed(2, 'a', {}),
      cellSeed(1, 'b', {}),
      cellSeed(1, 'a', { replicate: 0 }),
      cellSeed(1, 'a', { replicate: 1 }),
      cellSeed(1, 'a', { replicate: '1' }),
    ];
    expect(new Set(seeds).size).toBe(seeds.length);
    for (const seed of seeds) expect(seed).toBeLessThan(2 ** 48);
  });
});

describe('comparePreimages', () => {
  it('says nothing of equal ones', () => expect(compare({})).toEqual([]));

  it.each<[string, Partial<Preimage>, string[]]>([
    ['a parameter', { params: { train: { steps: 4000, rate: 0.002 } } }, ['params train.steps: 3000 -> 4000']],
    [
      'a new parameter',
      { params: { train: { steps: 3000, rate: 0.002, warm: true } } },
      ['params train.warm: none -> true'],
    ],
    [
      'lines that set it up',
      { setup: ['module load cuda', 'module load gcc'] },
      ['setup: none -> module load cuda; module load gcc'],
    ],
    ['a list', { params: { train: [1, 2] } }, ['params train: {"rate":0.002,"steps":3000} -> [1,2]']],
    [
      'an input',
      { inputs: { ...before.inputs, dataset: { path: 'd.bin', digest: digestBytes('other') } } },
      ['input dataset changed (prepare-data.dataset sha256:b277fd62… -> sha256:d9298a10…)'],
    ],
    [
      'a gathered input',
      { inputs: { ...before.inputs, all: [{ path: 'x', digest: digestBytes('a') }] } },
      ['input all changed (2 files sha256:855f97be… -> sha256:ca978112…)'],
    ],
    [
      'an input that appears',
      { inputs: { ...before.inputs, none: { path: 'a', digest: digestBytes('a') } } },
      ['input none changed (absent -> sha256:ca978112…)'],
    ],
    [
      'code',
      { code: { 'stages/train.ts': digestBytes('new'), 'src/loss.ts': digestBytes('x') } },
      ['code src/loss.ts added (stages/train.ts -> src/model.ts -> src/loss.ts)', 'code stages/train.ts changed'],
    ],
    [
      'a package',
      { packages: { 'onnxruntime-node@1.31.0': 'sha512-def==' } },
      ['package onnxruntime-node 1.30.0 -> 1.31.0 (stages/train.ts -> src/model.ts -> onnxruntime-node)'],
    ],
    [
      'a package in place',
      { packages: { 'onnxruntime-node@1.30.0': 'x' } },
      ['package onnxruntime-node 1.30.0 has other contents (stages/train.ts -> src/model.ts -> onnxruntime-node)'],
    ],
    [
      'packages come and gone',
      { packages: { '@scope/new@1.0.0': 'x' } },
      ['package @scope/new 1.0.0 added', 'package onnxruntime-node 1.30.0 removed'],
    ],
    ['a variable, without its value', { env: { HF_HOME: keyed('secret') } }, ['env HF_HOME is now set']],
    ['the runtime', { runtime: { node: 'v22.0.0' } }, ['runtime node: v20.20.2 -> v22.0.0']],
    ['the command', { run: ['python3', 'x.py'] }, ['run: stages/train.ts -> python3 x.py']],
    ['seed and threads', { seed: 1, threads: 4 }, ['seed: 139552163219871 -> 1', 'threads: 2 -> 4']],
    ['outputs', { outputs: { model: 'model.bin' } }, ['outputs frames: frames/ -> none']],
  ])('tells %s', (_name, changes, reasons) => expect(compare(changes)).toEqual(reasons));

  it('tells whether a variable changed, where that can be told, and never what it is', () => {
    const told = (from: string, to: string): string[] =>
      comparePreimages({ ...before, env: { HF_HOME: from } }, { ...before, env: { HF_HOME: to } }, context);
    const unknown = ['env HF_HOME may have changed: it was recorded under another key, or in clear'];
    expect(told(keyed('a'), keyed('b'))).toEqual(['env HF_HOME changed']);
    expect(told(keyed('a'), keyed('a'))).toEqual([]);
    expect(told(keyed('a'), keyed('a', 2))).toEqual(unknown);
    expect(told('a', keyed('a'))).toEqual(unknown);
  });

  it('tells whose seed it is', () => {
    const reasons = comparePreimages(before, { ...before, seed: 1 }, { ...context, pipelineSeed: 7 });
    expect(reasons).toEqual(["seed: 139552163219871 -> 1, which follows from the pipeline's seed 7"]);
  });

  it('finds a sentence for every difference that changes the fingerprint', () => {
    for (const key of Object.keys(before) as (keyof Preimage)[]) {
      if (key === 'format' || key === 'stage' || key === 'cell') continue;
      const value = before[key];
      const changed =
        typeof value === 'number'
          ? value + 1
          : typeof value === 'string'
            ? `${value}x`
            : Array.isArray(value)
              ? []
              : {};
      expect(compare({ [key]: changed }), key).not.toEqual([]);
    }
  });
});

describe('explainPreimage', () => {
  it('compares with the earlier execution that differs least, the latest among equals', () => {
    const earlier = [
      sampleRecord({ params: { steps: 1 }, seed: 7 }),
      sampleRecord({ params: { steps: 2 } }),
      sampleRecord({ params: { steps: 3 } }),
    ];
    const next = sampleRecord({ params: { steps: 9 } }).preimage;
    expect(explainPreimage(next, earlier, { sources: {} })).toEqual({
      nearest: earlier[1],
      reasons: ['params steps: 2 -> 9'],
    });
  });

  it('says when there is none', () => {
    expect(explainPreimage(before, [], { sources: {} })).toEqual({ nearest: null, reasons: ['no earlier execution'] });
  });

  it('leaves out inputs that are not known yet', () => {
    const next = { ...before, inputs: { ...before.inputs, dataset: null } };
    const unknown = { sources: {}, ignored: new Set(['dataset']) };
    expect(explainPreimage(next, [sampleRecord()], unknown).reasons).toEqual([]);
  });
});
