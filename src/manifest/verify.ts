// Whether the bytes a manifest names are still those bytes, and whether the manifest agrees with itself.
import { join } from 'node:path';
import type { Artifact, Manifest, StageRecord } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes, hashFile, parseDigest } from '../store/digest.ts';
import { fingerprintOf } from '../store/records.ts';
import type { Store } from '../store/store.ts';
import { listTree, treeText } from '../store/tree.ts';
import { closureDigest } from './manifest.ts';

export interface Problem {
  /** `missing` and `damaged` in the store, `changed` among the published artifacts, `inconsistent` in the manifest. */
  readonly kind: 'missing' | 'damaged' | 'changed' | 'inconsistent';
  readonly stage: string;
  readonly message: string;
}

export interface Verification {
  /** How many artifacts and logs were hashed. */
  readonly checked: number;
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  /** Check the published artifacts too. Only those of the latest run are this manifest's. */
  readonly published: boolean;
}

/** Hashes everything a manifest names. Damaged objects are set aside by the store. */
export async function verifyManifest(manifest: Manifest, store: Store, options: VerifyOptions): Promise<Verification> {
  const problems: Problem[] = disagreements(manifest);
  let checked = 0;
  for (const { id: stage, record, published } of manifest.stages) {
    if (!record) continue;
    for (const { what, digest, kind } of objectsOf(record)) {
      checked++;
      const name = parseDigest(digest);
      if (!store.objects.has(name)) {
        problems.push({ kind: 'missing', stage, message: `${what} is not in the store: ${digest}` });
      } else if (!(await store.objects.verify(name, kind, 'thorough'))) {
        problems.push({ kind: 'damaged', stage, message: `${what} is damaged in the store: ${digest}` });
      }
    }
    if (!options.published || published === undefined) continue;
    for (const artifact of Object.values(record.outputs)) {
      const path = join(published, artifact.path);
      checked++;
      const found = await publishedDigest(store, join(store.root, path), artifact);
      if (found === artifact.digest) continue;
      const message = found === null ? `"${path}" is gone` : `"${path}" has been changed: it is now ${found}`;
      problems.push({ kind: 'changed', stage, message });
    }
  }
  return { checked, problems };
}

function objectsOf({ outputs, log }: StageRecord): { what: string; digest: string; kind: Artifact['kind'] }[] {
  return [
    ...Object.entries(outputs).map(([name, { digest, kind }]) => ({ what: `Output "${name}"`, digest, kind })),
    { what: 'The log', digest: log, kind: 'file' },
  ];
}

async function publishedDigest(store: Store, path: string, { kind }: Artifact): Promise<string | null> {
  const fs = store.fileSystem;
  const stat = fs.statSync(path, { throwIfNoEntry: false });
  if (stat === undefined || stat.isDirectory() !== (kind === 'directory')) return null;
  if (kind === 'file') return (await hashFile(fs, path)).digest;
  const entries = [];
  for (const file of listTree(fs, path, 'follow')) {
    entries.push({ ...file, digest: (await hashFile(fs, join(path, file.path))).digest });
  }
  return digestBytes(treeText(entries));
}

/** Places where a manifest was edited: fingerprints, closures and numbers all follow from its records. */
function disagreements(manifest: Manifest): Problem[] {
  const problems: Problem[] = [];
  for (const { id: stage, record } of manifest.stages) {
    if (record && fingerprintOf(record.preimage) !== record.fingerprint) {
      problems.push({ kind: 'inconsistent', stage, message: 'The fingerprint is not that of its preimage' });
    }
  }
  for (const { address, stage, name, number, closure } of manifest.numbers) {
    const reported = manifest.stages.find((candidate) => candidate.id === stage)?.record?.numbers[name];
    if (reported === undefined || canonicalJson(reported) !== canonicalJson(number)) {
      problems.push({ kind: 'inconsistent', stage, message: `"${address}" is not what its stage recorded` });
    }
    if (closureDigest(manifest.stages, stage) !== closure) {
      problems.push({ kind: 'inconsistent', stage, message: `The closure of "${address}" is not that of its stages` });
    }
  }
  return problems;
}
