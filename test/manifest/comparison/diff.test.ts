// Every class of difference, each with causes from the number's own closure only.
import { expect, test } from 'vitest';
import { diffManifests, type NumberDifference } from '../../../src/manifest/comparison/diff.ts';
import type { Manifest, ReportedNumber } from '../../../src/schema/types.ts';
import { digestOf, sketchManifest, sketchStage, type StageSketch } from '../sample.ts';

const number = (value: number, standardError?: number): ReportedNumber => ({
  value,
  unit: 'nats',
  kind: 'estimate',
  better: 'lower',
  ...(standardError !== undefined && { standardError }),
});

type Name = 'data' | 'train' | 'nll' | 'toy';

/** data -> train -> nll, and toy on its own. */
function experiment(changes: Partial<Record<Name, Partial<StageSketch>>> = {}, top: Partial<Manifest> = {}): Manifest {
  const dataset = changes.data?.outputs?.dataset?.digest ?? digestOf('dataset');
  const model = changes.train?.outputs?.model?.digest ?? digestOf('model');
  const stages: (StageSketch & { id: Name })[] = [
    {
      id: 'data',
      inputs: { files: { source: 'mnist', digest: digestOf('mnist') } },
      outputs: { dataset: { path: 'd.bin', digest: dataset } },
    },
    {
      id: 'train',
      dependsOn: ['data'],
      inputs: { dataset: { source: 'data.dataset', digest: dataset } },
      params: { training: { steps: 100, batch: 64 } },
      outputs: { model: { path: 'm.bin', digest: model } },
    },
    {
      id: 'nll',
      dependsOn: ['train'],
      inputs: { model: { source: 'train.model', digest: model } },
      numbers: { nll: number(2.5, 0.01) },
    },
    { id: 'toy', params: { toys: { points: 10 } }, numbers: { error: number(0.1) } },
  ];
  return sketchManifest(
    stages.map((stage) => sketchStage({ ...stage, ...changes[stage.id] })),
    top,
  );
}

function entry(from: Manifest, to: Manifest, address: string): NumberDifference {
  return diffManifests(from, to).numbers.find((difference) => difference.address === address)!;
}

test('a manifest does not differ from itself', () => {
  const difference = diffManifests(experiment(), experiment());
  expect(difference.numbers.map((each) => each.class)).toEqual(['unchanged', 'unchanged']);
  expect(difference.stages.every((stage) => stage.class === 'same' && !stage.moved)).toBe(true);
  expect(difference.gates).toEqual([]);
});

const longer = {
  train: {
    params: { training: { steps: 200, batch: 64 } },
    outputs: { model: { path: 'm.bin', digest: digestOf('model 2') } },
  },
  nll: { numbers: { nll: number(2.4, 0.01) } },
};

test('a number that moved names the change in its closure, and no change outside it', () => {
  const changed = experiment({ ...longer, toy: { params: { toys: { points: 20 } } } });
  const moved = entry(experiment(), changed, 'nll.nll');
  expect(moved).toMatchObject({ class: 'attributed', improved: true, divergences: [] });
  expect(moved.delta).toBeCloseTo(-0.1);
  expect(moved.standardErrors).toBeCloseTo(0.1 / Math.hypot(0.01, 0.01));
  expect(moved.changes).toEqual([
    { kind: 'parameter', name: 'training.steps', from: '100', to: '200', stages: ['train'] },
  ]);
  expect(diffManifests(experiment(), changed).stages.map((stage) => [stage.id, stage.class, stage.moved])).toEqual([
    ['data', 'same', false],
    ['train', 'changed', true],
    ['nll', 'downstream', true],
    ['toy', 'changed', false],
  ]);
});

test('a number that did not move though its inputs changed is insensitive', () => {
  const changed = experiment({ toy: { params: { toys: { points: 20 } } } });
  expect(entry(experiment(), changed, 'toy.error')).toMatchObject({
    class: 'insensitive',
    changes: [{ kind: 'parameter', name: 'toys.points' }],
  });
  expect(entry(experiment(), changed, 'nll.nll')).toMatchObject({ class: 'unchanged', changes: [] });
});

test('a number that moved while nothing changed is unexplained and points at the stage that diverged', () => {
  const again = experiment({
    train: { outputs: { model: { path: 'm.bin', digest: digestOf('another model') } }, cpu: 'Other CPU' },
    nll: { numbers: { nll: number(2.6, 0.01) } },
  });
  expect(entry(experiment(), again, 'nll.nll')).toMatchObject({
    class: 'unexplained',
    improved: false,
    changes: [],
    divergences: [
      { stage: 'train', outputs: ['model'], numbers: [], machines: { to: expect.stringContaining('Other CPU') } },
    ],
  });
});

test('the same things giving other numbers is a divergence of the stage itself', () => {
  const again = experiment({ toy: { numbers: { error: number(0.2) } } });
  expect(entry(experiment(), again, 'toy.error')).toMatchObject({
    class: 'unexplained',
    divergences: [{ stage: 'toy', outputs: [], numbers: ['error'], machines: null }],
  });
  expect(diffManifests(experiment(), again).stages.find((stage) => stage.id === 'toy')?.class).toBe('diverged');
});

test('a duration moves by itself: that is no divergence, and only a change may be why it moved', () => {
  const seconds = (value: number) => ({ error: number(0.1), seconds: { value, unit: 's', kind: 'timing' } as const });
  const before = experiment({ toy: { numbers: seconds(1) } });
  const again = experiment({ toy: { numbers: seconds(1.1) } });
  expect(entry(before, again, 'toy.seconds')).toMatchObject({ class: 'unchanged', delta: expect.closeTo(0.1) });
  expect(diffManifests(before, again).stages.find((stage) => stage.id === 'toy')).toMatchObject({
    class: 'same',
    moved: false,
  });
  const changed = experiment({ toy: { params: { toys: { points: 20 } }, numbers: seconds(1.1) } });
  expect(entry(before, changed, 'toy.seconds')).toMatchObject({ class: 'attributed' });
});

test('numbers that appear or vanish are shown', () => {
  const other = experiment({ toy: { numbers: { bias: number(0.2) } } });
  expect(entry(experiment(), other, 'toy.error')).toMatchObject({ class: 'gone', to: null });
  expect(entry(experiment(), other, 'toy.bias')).toMatchObject({ class: 'new', from: null, to: { value: 0.2 } });
});

test('a change of standard error or sample size alone is a move', () => {
  const other = experiment({ toy: { params: { toys: { points: 20 } }, numbers: { error: number(0.1, 0.02) } } });
  expect(entry(experiment(), other, 'toy.error')).toMatchObject({ class: 'attributed', delta: 0 });
});

test.each<[string, Partial<Record<Name, Partial<StageSketch>>>, object]>([
  [
    'bytes from outside',
    {
      data: {
        inputs: { files: { source: 'mnist', digest: digestOf('fashion') } },
        outputs: { dataset: { path: 'd.bin', digest: digestOf('dataset 2') } },
      },
    },
    { kind: 'input', name: 'files', from: digestOf('mnist'), to: digestOf('fashion'), stages: ['data'] },
  ],
  [
    'a code file',
    { nll: { code: { 'src/stage/index.ts': digestOf('kit 2') } } },
    { kind: 'code', name: 'src/stage/index.ts', stages: ['nll'] },
  ],
  [
    'a package',
    { nll: { packages: { 'fast-png@8.1.0': 'sha512-other' } } },
    { kind: 'package', name: 'fast-png', from: '8.0.0 (sha512-fastpng)', to: '8.1.0 (sha512-other)' },
  ],
  ['threads', { train: { threads: 2 } }, { kind: 'threads', from: '1', to: '2', stages: ['train'] }],
  [
    'lines that set it up',
    { train: { setup: ['module load cuda'] } },
    { kind: 'setup', from: null, to: '["module load cuda"]', stages: ['train'] },
  ],
  ['a seed', { train: { seed: 12 } }, { kind: 'seed', from: '11', to: '12', stages: ['train'] }],
  [
    'wiring',
    { nll: { inputs: { model: { source: 'train.other', digest: digestOf('model') } } } },
    { kind: 'edge', name: 'model', from: 'train.model', to: 'train.other' },
  ],
])('the cause may be %s', (_, changes, expected) => {
  const moved = experiment({ ...changes, nll: { numbers: { nll: number(3) }, ...changes.nll } });
  const difference = entry(experiment(), moved, 'nll.nll');
  expect(difference.class).toBe('attributed');
  expect(difference.changes).toEqual([expect.objectContaining(expected)]);
});

test('a change of the pipeline seed is one cause for every stage it reaches', () => {
  const seeds = { data: { seed: 21 }, train: { seed: 22 }, nll: { seed: 23, numbers: { nll: number(3) } } };
  const before = experiment();
  const after = experiment(seeds, { pipeline: { ...before.pipeline, seed: 7 } });
  expect(entry(before, after, 'nll.nll').changes).toEqual([
    { kind: 'seed', name: 'seed', from: '2024', to: '7', stages: ['data', 'train', 'nll'] },
  ]);
});

test('a stage added to the closure is a cause', () => {
  const before = experiment();
  const after = experiment(longer);
  after.stages.splice(1, 0, sketchStage({ id: 'augment' }));
  after.stages.find((stage) => stage.id === 'train')!.dependsOn.push('augment');
  expect(entry(before, after, 'nll.nll').changes).toContainEqual({
    kind: 'stage',
    name: 'augment',
    from: null,
    to: 'recorded',
    stages: ['augment'],
  });
});

test('gates whose verdict changed are listed', () => {
  const gates = (verdict: 'PASS' | 'FAIL'): Partial<Manifest> => ({
    gates: [{ name: 'g', number: 'toy.error', max: 1, verdict, measured: [] }],
  });
  expect(diffManifests(experiment({}, gates('PASS')), experiment({}, gates('FAIL'))).gates).toEqual([
    { name: 'g', from: 'PASS', to: 'FAIL' },
  ]);
});

test('a move beyond the largest number is told as the largest, and in standard errors as it is', () => {
  const [before, after] = [1.7e308, -1.7e308].map((value) => {
    const changes = { nll: { numbers: { nll: number(value, 1.7e308) } } };
    return experiment(changes);
  }) as [Manifest, Manifest];
  const { delta, standardErrors, beyondError } = entry(before, after, 'nll.nll');
  expect(delta).toBe(-Number.MAX_VALUE);
  expect(standardErrors).toBeCloseTo(Math.SQRT2, 12);
  expect(beyondError).toBe(false);
});
