// Which stages a seed chooses, and what comparing two executions of one says.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseStages, compareExecutions } from '../../../src/manifest/verification/recomputation.ts';
import type { RecordedStage } from '../../../src/manifest/lineage.ts';
import type { StageRecord } from '../../../src/schema/types.ts';
import { digestOf, sketchManifest, sketchStage } from '../sample.ts';

const manifest = sketchManifest([
  ...Array.from({ length: 8 }, (_, index) => sketchStage({ id: `s${index}` })),
  { ...sketchStage({ id: 'failed' }), record: undefined as never },
]);

test('chooseStages() takes as many recorded stages as asked, always the same, and every stage by some seed', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(), (count, seed) => {
      const ids = chooseStages(manifest, count, seed).map(({ id }) => id);
      expect(ids).toEqual(chooseStages(manifest, count, seed).map(({ id }) => id));
      expect(ids).toHaveLength(Math.min(count, 8));
      expect(ids).toEqual([...ids].sort());
      for (const id of ids) met.add(id);
    }),
  );
  expect(met.size).toBe(8);
});

const stage = sketchStage({
  id: 'train',
  inputs: { data: { source: 'data.set', digest: digestOf('set') } },
  outputs: { model: { path: 'm.bin', digest: digestOf('model') } },
  numbers: { loss: { value: 1, unit: 'nats', kind: 'estimate', standardError: 0.25 } },
}) as RecordedStage;
const again = (changes: Partial<StageRecord>): StageRecord => ({ ...stage.record, ...changes });
const otherModel = { model: { ...stage.record.outputs.model!, digest: digestOf('other') } };

test.each<[string, Partial<StageRecord>, string]>([
  ['all the same', {}, 'bitwise'],
  ['other bytes, the same number', { outputs: otherModel }, 'within-error'],
  ['a number within its error', { numbers: { loss: { ...stage.record.numbers.loss!, value: 1.125 } } }, 'within-error'],
  ['a number beyond it', { numbers: { loss: { ...stage.record.numbers.loss!, value: 1.5 } } }, 'unstable'],
  ['a number gone', { numbers: {} }, 'unstable'],
  [
    'another duration',
    { numbers: { ...stage.record.numbers, seconds: { value: 3, unit: 's', kind: 'timing' } } },
    'bitwise',
  ],
])('compareExecutions() of %s', (_, changes, verdict) => {
  expect(compareExecutions(stage, again(changes)).verdict).toBe(verdict);
});

test('other bytes of a stage without numbers are another result', () => {
  const bare = { ...stage, record: { ...stage.record, numbers: {} } };
  expect(compareExecutions(bare, again({ numbers: {}, outputs: otherModel })).verdict).toBe('unstable');
});

test('inputs that came out otherwise are named, and an impossible execution is told from one that failed', () => {
  const preimage = { ...stage.record.preimage, inputs: { data: digestOf('other set') } };
  expect(compareExecutions(stage, again({ preimage })).otherInputs).toEqual(['data']);
  expect(compareExecutions(stage, { message: 'no', hasFailed: false }).verdict).toBe('not-recomputed');
  expect(compareExecutions(stage, { message: 'no', hasFailed: true }).verdict).toBe('unstable');
});
