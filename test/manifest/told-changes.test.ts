// No two values that differ are told alike, and no change is without a cause: by `why` and by `diff`.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { changeText } from '../../src/manifest/comparison/change-text.ts';
import { diffManifests } from '../../src/manifest/comparison/diff.ts';
import { externalInputs, isRecorded, parameterLeaves } from '../../src/manifest/lineage.ts';
import { roCrate } from '../../src/manifest/exports/ro-crate.ts';
import { withFactor } from '../../src/manifest/comparison/attribution.ts';
import { keysOf, quotedKey } from '../../src/pipeline/dotted-path.ts';
import { cutTexts } from '../../src/pipeline/value-text.ts';
import { comparePreimages } from '../../src/runner/fingerprint.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { sampleRecord } from '../rig/sample-record.ts';
import { digestOf, sketchManifest, sketchStage, type StageSketch } from './sample.ts';

const number = (value: number) => ({ x: { value, unit: '1', kind: 'exact' as const } });
const manifestOf = (sketch: Partial<StageSketch>, value: number): Manifest =>
  sketchManifest([sketchStage({ id: 's', numbers: number(value), ...sketch })]);

function told(before: Partial<StageSketch>, after: Partial<StageSketch>): string[] {
  const [difference] = diffManifests(manifestOf(before, 1), manifestOf(after, 2)).numbers;
  expect(difference!.class).toBe('attributed');
  return difference!.changes.map(changeText);
}

const before = sampleRecord().preimage;
const why = (a: Partial<typeof before>, b: Partial<typeof before>): string[] =>
  comparePreimages({ ...before, ...a }, { ...before, ...b }, { sources: {} });

const long = 'a value that is long: '.repeat(6);
test.each<[string, unknown, unknown, string]>([
  ['a number and its digits as text', 1, '1', '1 -> "1"'],
  ['true and its name', 'true', true, '"true" -> true'],
  ['null and its name', null, 'null', 'null -> "null"'],
  ['nothing and its name', undefined, 'none', 'none -> "none"'],
  ['a blank at the end', 'a', 'a ', 'a -> "a "'],
  ['a list and its text', ['b'], '["b"]', '["b"] -> "[\\"b\\"]"'],
  ['ends far along', `${long}1`, `${long}2`, '…value that is long: 1 -> …value that is long: 2'],
])('%s are told apart', (_, a, b, text) => {
  const params = (value: unknown) => ({ params: value === undefined ? {} : { v: value } });
  expect(why(params(a), params(b))).toEqual([`params v: ${text}`]);
  expect(told(params(a), params(b))).toEqual([
    `parameter v ${text.replace('none ->', 'nothing ->').replace('->', '→')} (s)`,
  ]);
});

test('words of a command are told apart from their groups', () => {
  expect(why({ run: ['a', 'b c'] }, { run: ['a', 'b', 'c'] })).toEqual(['run: a "b c" -> a b c']);
  const [from, to] = [manifestOf({}, 1), manifestOf({}, 2)];
  from.stages[0]!.record!.preimage.run = ['a', 'b c'];
  to.stages[0]!.record!.preimage.run = ['a', 'b', 'c'];
  to.stages[0]!.record!.fingerprint = digestOf('another');
  expect(diffManifests(from, to).numbers[0]!.changes.map(changeText)).toEqual(['command run a "b c" → a b c (s)']);
});

test('a key with a dot is not a path', () => {
  const params = (whole: number, nested: number) => ({ params: { 'a.b': whole, a: { b: nested } } });
  expect(parameterLeaves(params(1, 2).params)).toEqual([
    ['"a.b"', 1],
    ['a.b', 2],
  ]);
  expect(why(params(1, 2), params(3, 2))).toEqual(['params "a.b": 1 -> 3']);
  expect(told(params(1, 2), params(1, 3))).toEqual(['parameter a.b 2 → 3 (s)']);
  expect(told(params(1, 2), params(2, 1))).toHaveLength(2);
  const [from, to] = [manifestOf(params(1, 2), 1), manifestOf(params(3, 2), 2)];
  const changes = diffManifests(from, to).numbers[0]!.changes;
  const { preimages } = withFactor(from.stages.filter(isRecorded), to, 1, { kind: 'parameter', changes });
  expect(preimages.get('s')!.params).toEqual(params(3, 2).params);
});

test('dotted paths are read back as the keys they were made of', () => {
  const keys = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '.', '"', '\\\\') }), { minLength: 1 });
  fc.assert(
    fc.property(keys, (all) => {
      expect(keysOf(all.map(quotedKey).join('.'))).toEqual(all);
    }),
  );
});

test('whatever differs is told with two sides that differ', () => {
  const values = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('1', 1, 'true', true, null, 'null', 'none', '', ' '),
    fc.tuple(fc.constant(long), fc.string({ maxLength: 80 })).map((parts) => parts.join('')),
  );
  const separator = { why: ' -> ', diff: ' → ' };
  fc.assert(
    fc.property(values, values, (a, b) => {
      fc.pre(canonicalJson(a) !== canonicalJson(b) && !/->|→|\(/.test(JSON.stringify([a, b])));
      const [lines, changes] = [
        why({ params: { v: a } }, { params: { v: b } }),
        told({ params: { v: a } }, { params: { v: b } }),
      ];
      expect(lines.length).toBeGreaterThan(0);
      expect(changes.length).toBeGreaterThan(0);
      for (const [all, arrow] of [
        [lines.map((line) => line.replace(/^params [^:]*: /, '')), separator.why],
        [changes.map((line) => line.replace(/^parameter \S+ /, '').replace(/ \(s\)$/, '')), separator.diff],
      ] as const) {
        for (const line of all) {
          const [from, to] = line.split(arrow);
          expect(from).not.toBe(to);
        }
      }
    }),
  );
});

test('texts are cut to where they differ, whole characters at both ends', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      fc.string({ unit: 'grapheme', maxLength: 200 }),
      (a, b) => {
        fc.pre(a !== b);
        for (const text of cutTexts(a, b)) expect(text.length).toBeLessThanOrEqual(63);
        const [from, to] = cutTexts(`${a}x`, `${b}y`);
        expect(from).not.toBe(to);
        expect(/\p{Surrogate}/u.test(from + to)).toBe(false);
      },
    ),
  );
});

const empty = digestOf('');
const twice = (e: string, name = 'exclude.txt'): Manifest => {
  const b = { t: { source: 'a.o', digest: empty, path: 'o.txt' }, e: { source: name, digest: e } };
  return sketchManifest([
    sketchStage({ id: 'a', outputs: { o: { path: 'o.txt', digest: empty } } }),
    sketchStage({ id: 'b', dependsOn: ['a'], inputs: b, numbers: number(e === empty ? 1 : 2) }),
  ]);
};

test('inputs with the same bytes are told apart by where they come from', () => {
  const manifest = twice(empty);
  const stage = manifest.stages.filter(isRecorded)[1]!;
  expect(externalInputs(stage, manifest).map(({ name }) => name)).toEqual(['e']);
  const action = roCrate(manifest, 'MIT')['@graph'].find((entity) => entity['@id'] === '#action/b')!;
  expect(action['object']).toEqual([{ '@id': 'exclude.txt' }, { '@id': 'artifacts/a/o.txt' }]);
  const [difference] = diffManifests(manifest, twice(digestOf('id7'))).numbers;
  expect(difference!.changes).toMatchObject([{ kind: 'input', name: 'e', stages: ['b'] }]);
});

test('a renamed input is a cause', () => {
  const to = twice(empty, 'other.txt');
  to.numbers[0]!.number.value = 5;
  const [difference] = diffManifests(twice(empty), to).numbers;
  expect(difference!.changes.map(changeText)).toEqual(['input e exclude.txt → other.txt (same bytes) (b)']);
});

test('of format 1 a text that is spelt as an output, and has its bytes, is that output', () => {
  const manifest = twice(empty);
  const stage = manifest.stages.filter(isRecorded)[1]!;
  manifest.format = 'repro.manifest/1';
  for (const { record } of manifest.stages) {
    record!.format = 'repro.record/1';
    record!.preimage.format = 'repro.fingerprint/1';
  }
  stage.record.preimage.inputs = { t: empty, e: empty };
  stage.sources = { t: 'a.o', e: 'exclude.txt' };
  expect(externalInputs(stage, manifest)).toMatchObject([{ name: 'e', source: 'exclude.txt', digest: empty }]);
});
