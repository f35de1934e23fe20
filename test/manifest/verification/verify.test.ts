// Verification over a real store: intact, damaged, missing and edited bytes are told apart.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { gapsOf } from '../../../src/manifest/gaps.ts';
import { reportedNumbers } from '../../../src/manifest/manifest.ts';
import { verifyManifest } from '../../../src/manifest/verification/verify.ts';
import type { Manifest } from '../../../src/schema/types.ts';
import { cellSeed } from '../../../src/store/cell-seed.ts';
import { fingerprintOf } from '../../../src/store/records.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { sketchManifest, sketchStage } from '../sample.ts';

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

/** A project with one stage that published a file and a directory. */
async function project(): Promise<{ root: string; store: Store; manifest: Manifest }> {
  const root = mkdtempSync(path.join(tmpdir(), 'repro-verify-'));
  roots.push(root);
  const published = path.join(root, 'artifacts', 'train');
  mkdirSync(path.join(published, 'folder'), { recursive: true });
  writeFileSync(path.join(published, 'model.bin'), 'weights');
  writeFileSync(path.join(published, 'folder', 'a.txt'), 'a');
  const store = openStore(root);
  const file = await store.objects.putFile(path.join(published, 'model.bin'));
  const folder = await store.objects.putDirectory(path.join(published, 'folder'));
  const log = store.objects.putBytes('printed\n');
  const stage = sketchStage({ id: 'train', numbers: { loss: { value: 1, unit: 'nats', kind: 'estimate' } } });
  const record = stage.record!;
  record.outputs = {
    model: { path: 'model.bin', kind: 'file', ...file },
    folder: { path: 'folder/', kind: 'directory', ...folder },
  };
  record.preimage.outputs = { model: 'model.bin', folder: 'folder/' };
  record.log = log.digest;
  record.preimage.code = { 'train.ts': store.objects.putBytes('code').digest };
  record.preimage.seed = cellSeed(sketchManifest([]).pipeline.seed, 'train', {});
  record.fingerprint = fingerprintOf(record.preimage);
  const facts = { numbers: reportedNumbers([stage]), gaps: gapsOf({ git: null, stages: [stage] }) };
  return { root, store, manifest: sketchManifest([stage], facts) };
}

const kinds = async ({ manifest, store }: { manifest: Manifest; store: Store }) =>
  (await verifyManifest(manifest, store, { published: true, references: new Map() })).problems.map(
    (problem) => problem.kind,
  );

function objectPath(root: string, digest: string): string {
  const hex = digest.slice('sha256:'.length);
  return path.join(root, '.repro', 'objects', hex.slice(0, 2), hex.slice(2));
}

test('a manifest whose bytes are all there verifies', async () => {
  const { manifest, store } = await project();
  expect(await verifyManifest(manifest, store, { published: true, references: new Map() })).toMatchObject({
    checked: 6,
    problems: [],
  });
});

test('a flipped byte in the store is found even when size and name are as before', async () => {
  const made = await project();
  const target = objectPath(made.root, made.manifest.stages[0]!.record!.outputs.model!.digest);
  chmodSync(target, 0o644);
  writeFileSync(target, 'weightz');
  expect(await kinds(made)).toEqual(['damaged']);
});

test('a file lost from a stored directory is found', async () => {
  const made = await project();
  const { digest } = made.store.objects.putBytes('a');
  rmSync(objectPath(made.root, digest));
  expect(await kinds(made)).toEqual(['damaged']);
});

test('code that is damaged is found', async () => {
  const made = await project();
  const target = objectPath(made.root, made.manifest.stages[0]!.record!.preimage.code['train.ts']!);
  chmodSync(target, 0o644);
  writeFileSync(target, 'mode');
  expect(await kinds(made)).toEqual(['damaged']);
});

test('a store that never had the results lacks them; one that lost them misses them', async () => {
  const { root, manifest, store } = await project();
  const model = objectPath(root, manifest.stages[0]!.record!.outputs.model!.digest);
  rmSync(model);
  rmSync(path.join(root, 'artifacts'), { recursive: true });
  const options = { published: true, mayLack: true, references: new Map() };
  expect(await verifyManifest(manifest, store, options)).toMatchObject({ absent: 3, problems: [] });
  store.records.write(manifest.stages[0]!.record!);
  expect((await verifyManifest(manifest, store, options)).problems).toMatchObject([{ kind: 'missing' }]);
});

test('an object that is gone is missing', async () => {
  const made = await project();
  rmSync(objectPath(made.root, made.manifest.stages[0]!.record!.log));
  expect(await kinds(made)).toEqual(['missing']);
});

test.each([
  ['edited', (root: string) => writeFileSync(path.join(root, 'artifacts/train/model.bin'), 'mine')],
  ['deleted', (root: string) => rmSync(path.join(root, 'artifacts/train/model.bin'))],
  ['joined by another', (root: string) => writeFileSync(path.join(root, 'artifacts/train/folder/b.txt'), 'b')],
])('a published artifact that was %s is changed, unless a later run published', async (_, change) => {
  const made = await project();
  change(made.root);
  expect(await kinds(made)).toEqual(['changed']);
  expect(
    (await verifyManifest(made.manifest, made.store, { published: false, references: new Map() })).problems,
  ).toEqual([]);
});

test('an edited number, closure or preimage does not agree with its manifest', async () => {
  const made = await project();
  made.manifest.numbers[0]!.number = { ...made.manifest.numbers[0]!.number, value: 0.5 };
  expect(await kinds(made)).toEqual(['inconsistent']);
  const other = await project();
  other.manifest.stages[0]!.record!.preimage.seed = 5;
  expect(await kinds(other)).toEqual(['inconsistent', 'inconsistent']); // Nor does it follow from the pipeline's.
  const third = await project();
  third.manifest.numbers[0]!.closure = third.manifest.numbers[0]!.closure.replace(/.$/, (last) =>
    last === '0' ? '1' : '0',
  );
  expect(await kinds(third)).toEqual(['inconsistent']);
});

test('a record that was edited together with its numbers is not the one that was stored', async () => {
  const { manifest, store } = await project();
  const { record } = manifest.stages[0]!;
  store.records.write(record!);
  const verified = async () =>
    (await verifyManifest(manifest, store, { published: false, references: new Map() })).problems;
  expect(await verified()).toEqual([]);
  record!.numbers['loss']!.value = 0.5;
  expect(await verified()).toEqual([
    { kind: 'inconsistent', stage: 'train', message: 'Its record is not the one that was stored' },
  ]);
  // Another execution of the same, as after a loss, may have given something else.
  record!.startedAt = '2026-11-23T22:15:01.000Z';
  expect(await verified()).toEqual([]);
});
