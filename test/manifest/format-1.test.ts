// Manifests of format 1 are read by everything that reads manifests. One is kept here: those in artifacts/reference move on.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { diffManifests } from '../../src/manifest/comparison/diff.ts';
import { provenanceStatements } from '../../src/manifest/exports/in-toto.ts';
import { roCrate } from '../../src/manifest/exports/ro-crate.ts';
import { isRecorded, lineageOf, readInputs, sourcesOf } from '../../src/manifest/lineage.ts';
import { readManifest } from '../../src/manifest/manifest.ts';
import { inconsistencies } from '../../src/manifest/verification/consistency.ts';
import type { Manifest } from '../../src/schema/types.ts';
import { fingerprintOf } from '../../src/store/records.ts';

const read = (): Manifest => {
  const path = 'test/fixtures/manifest-format-1.json';
  return readManifest(readFileSync(path, 'utf8'), path);
};

test('it is read, with every origin and every digest', () => {
  const manifest = read();
  expect(manifest.format).toBe('repro.manifest/1');
  for (const stage of manifest.stages.filter(isRecorded)) {
    expect(fingerprintOf(stage.record.preimage)).toBe(stage.record.fingerprint);
    const edges = Object.values(sourcesOf(stage, manifest))
      .filter((source) => typeof source === 'object')
      .flatMap((source) => source ?? []);
    expect(new Set(edges.map(({ cell }) => cell))).toEqual(new Set(stage.dependsOn));
    for (const { digests } of readInputs(stage, manifest)) {
      for (const digest of digests) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    }
  }
  expect(lineageOf(manifest, manifest.numbers[0]!).stages.length).toBeGreaterThan(0);
  expect(provenanceStatements(manifest, fingerprintOf(manifest.stages.find(isRecorded)!.record.preimage))).toHaveLength(
    manifest.stages.filter(isRecorded).length + 1,
  );
  expect(roCrate(manifest, 'MIT')['@graph'].length).toBeGreaterThan(manifest.stages.length);
});

test('gaps that are left out are missed by number, as their wordings were several', () => {
  const manifest = read();
  manifest.gaps = [];
  expect(inconsistencies(manifest, new Map()).map(({ message }) => message)).toEqual(['Its gaps are not all stated']);
});

test('compared with itself in format 2, nothing changed', () => {
  const before = read();
  const after = structuredClone(before);
  after.format = 'repro.manifest/2';
  for (const stage of after.stages.filter(isRecorded)) {
    const { record } = stage;
    stage.sources = sourcesOf(stage, before);
    record.format = 'repro.record/2';
    record.preimage.format = 'repro.fingerprint/2';
    record.preimage.inputs = Object.fromEntries(
      readInputs(stage, after).map(({ name, source, digests }) => {
        const files = digests.map((digest) => ({ path: source, digest }));
        const isList = Array.isArray(record.preimage.inputs[name]);
        return [name, isList ? files : (files[0] ?? null)];
      }),
    );
    record.fingerprint = fingerprintOf(record.preimage);
  }
  const difference = diffManifests(before, after);
  expect(new Set(difference.stages.map((stage) => stage.class))).toEqual(new Set(['same']));
  expect(new Set(difference.numbers.map((number) => number.class))).toEqual(new Set(['unchanged']));
});
