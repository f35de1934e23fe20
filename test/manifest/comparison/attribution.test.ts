// Changes as factors, the stages of one side with one factor of the other, and shares that add up.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attribute, factorsOf, withFactor } from '../../../src/manifest/comparison/attribution.ts';
import { diffManifests } from '../../../src/manifest/comparison/diff.ts';
import { isRecorded } from '../../../src/manifest/lineage.ts';
import { digestOf, sketchManifest, sketchStage, type StageSketch } from '../sample.ts';

const experiment = (changes: Partial<StageSketch>, loss: number) =>
  sketchManifest([
    sketchStage({ id: 'data', outputs: { set: { path: 'd.bin', digest: digestOf('set') } } }),
    sketchStage({
      id: 'train',
      dependsOn: ['data'],
      params: { train: { steps: 1, rate: 2 }, old: true },
      inputs: {
        set: { source: 'data.set', digest: digestOf('set') },
        raw: { source: 'raw.txt', digest: digestOf('raw') },
      },
      code: { 'a.ts': digestOf('a') },
      ...changes,
      numbers: { loss: { value: loss, unit: 'nats', kind: 'estimate' } },
    }),
  ]);
const before = experiment({}, 1);
const after = experiment(
  {
    params: { train: { steps: 9, rate: 2, warm: true } },
    inputs: {
      set: { source: 'data.set', digest: digestOf('set') },
      raw: { source: 'raw.txt', digest: digestOf('new') },
    },
    code: { 'a.ts': digestOf('a2'), 'b.ts': digestOf('b') },
    packages: { 'fast-png@9.0.0': 'sha512-other' },
    threads: 2,
    setup: ['module load cuda'],
  },
  3,
);
const difference = diffManifests(before, after);
const { factors, unmade } = factorsOf(difference);

test('factorsOf() keeps parameters, data and threads apart, and a program together', () => {
  expect(unmade).toEqual([]);
  expect(factors.map(({ kind, changes }) => [kind, changes.map(({ name }) => name)])).toEqual([
    ['parameter', ['old']],
    ['parameter', ['train.steps']],
    ['parameter', ['train.warm']],
    ['input', ['raw']],
    ['threads', ['threads']],
    ['program', ['a.ts', 'b.ts', 'fast-png', 'setup']],
  ]);
});

test('all factors together turn one side into the other, in either direction', () => {
  for (const [from, to] of [
    [before, after],
    [after, before],
  ] as const) {
    let stages = from.stages.filter(isRecorded);
    for (const factor of factors) {
      const { preimages } = withFactor(stages, to, from.pipeline.seed, factor);
      stages = stages.map((stage) => ({ ...stage, record: { ...stage.record, preimage: preimages.get(stage.id)! } }));
    }
    expect(stages.map((stage) => stage.record.preimage)).toEqual(to.stages.map((stage) => stage.record!.preimage));
  }
});

test('one factor changes nothing but itself', () => {
  const steps = factors.find(({ changes }) => changes[0]!.name === 'train.steps')!;
  const { preimages } = withFactor(before.stages.filter(isRecorded), after, 7, steps);
  const original = before.stages[1]!.record!.preimage;
  expect(preimages.get('train')).toEqual({ ...original, params: { train: { steps: 9, rate: 2 }, old: true } });
  expect(preimages.get('data')).toEqual(before.stages[0]!.record!.preimage);
});

test('effects and rest add up to the move, whatever came out', () => {
  const value = fc.option(fc.double({ min: -1e3, max: 1e3, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 6, maxLength: 6 }),
      fc.constantFrom(1 as const, -1 as const),
      (values, direction) => {
        const measured = values.map((each) => new Map(each === undefined ? [] : [['train.loss', each]]));
        const [loss] = attribute(difference, factors, direction, measured);
        expect(loss!.effects.map(({ delta }) => delta === null)).toEqual(values.map((each) => each === undefined));
        const sum = loss!.effects.reduce((total, { delta }) => total + (delta ?? 0), loss!.rest);
        expect(sum).toBeCloseTo(2, 8);
      },
    ),
  );
});
