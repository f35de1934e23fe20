// The records that the last complete run rested on, as its manifest has them. To parse one file takes a tenth of the time that it
// takes to read thousands of records and to check each. The manifest and the file of each record are known by their status, inode
// and change time included: what comes from elsewhere, or has changed since, is not taken for them.
import * as fs from 'node:fs';
import path from 'node:path';
import type { Manifest } from '../schema/types.ts';
import { hexOf, parseDigest } from '../store/digest.ts';
import type { KnownRecords } from '../store/records.ts';
import { statKey } from '../store/stat-cache.ts';
import { manifestPath } from './places.ts';
import type { RunIndex } from './run-answer.ts';

/** None where the manifest is not as that run left it. */
export function knownRecords(root: string, { snapshot, answer }: RunIndex): KnownRecords {
  const manifest = manifestPath(answer.runId);
  const known = new Map<string, string | null>(snapshot.own).get(manifest);
  const stages = typeof known === 'string' ? stagesOf(path.join(root, manifest), known) : [];
  const keys = new Map(snapshot.files);
  return new Map(
    stages.flatMap(({ record }) => {
      const fingerprint = record && parseDigest(record.fingerprint);
      const key = fingerprint && keys.get(`.repro/records/${hexOf(fingerprint)}.json`);
      return record && fingerprint && typeof key === 'string' ? [[fingerprint, { record, key }]] : [];
    }),
  );
}

/** What a manifest says of stages, whose file has this status before it is read and afterwards. */
function stagesOf(file: string, key: string): Manifest['stages'] {
  const isAsKnown = (): boolean => statKey(fs.lstatSync(file, { bigint: true })) === key;
  try {
    const text = isAsKnown() ? fs.readFileSync(file, 'utf8') : 'null';
    const manifest = isAsKnown() ? (JSON.parse(text) as Manifest | null) : null;
    // A later version may mean something else by a record.
    return manifest?.format === 'repro.manifest/2' ? manifest.stages : [];
  } catch {
    return []; // Gone, or not to be read.
  }
}
