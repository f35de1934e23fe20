// Whether the bytes a manifest names are still those bytes, and whether the manifest agrees with itself.
import { join } from 'node:path';
import { ReproError } from '../../error.ts';
import type { Artifact, Manifest, StageRecord } from '../../schema/types.ts';
import { canonicalJson } from '../../store/canonical-json.ts';
import { digestBytes, hashFile, parseDigest } from '../../store/digest.ts';
import type { Digest } from '../../store/digest.ts';
import { errnoOf, type FileSystem } from '../../store/file-system.ts';
import { pathBelow } from '../../store/path-below.ts';
import type { Store } from '../../store/store.ts';
import { listTree, treeText } from '../../store/tree.ts';
import { inconsistencies } from './consistency.ts';
import type { ReferenceManifest } from '../gates/gates.ts';

export interface Problem {
  /** `missing` and `damaged` in the store, `changed` among the published artifacts, `inconsistent` in the manifest. */
  readonly kind: 'missing' | 'damaged' | 'changed' | 'inconsistent';
  readonly stage: string;
  readonly message: string;
}

/** One digest of the manifest, hashed again. */
export interface CheckedArtifact {
  readonly stage: string;
  /** `output model`, `log`, `code train.ts`, or the path of a published file. */
  readonly name: string;
  readonly digest: string;
  readonly verdict: 'same' | 'absent' | Exclude<Problem['kind'], 'inconsistent'>;
}

export interface Verification {
  /** How many digests were looked for: of outputs, logs, code and published files. */
  readonly checked: number;
  /** How many of them were never here. */
  readonly absent: number;
  readonly artifacts: readonly CheckedArtifact[];
  readonly problems: readonly Problem[];
}

export interface VerifyOptions {
  /** Check the published artifacts too. Only those of the latest run are this manifest's. */
  readonly published: boolean;
  /** In a checkout that never had the results: what it never had is counted, and no problem. */
  readonly mayLack?: boolean;
  /** Manifests that its gates lie around, by digest, as far as they are at hand. */
  readonly references: ReadonlyMap<string, ReferenceManifest>;
}

/** Hashes everything a manifest names but data from outside, which is not kept. Damaged objects are set aside by the store. */
export async function verifyManifest(manifest: Manifest, store: Store, options: VerifyOptions): Promise<Verification> {
  const problems: Problem[] = inconsistencies(manifest, options.references).map((found) => ({
    kind: 'inconsistent',
    ...found,
  }));
  const artifacts: CheckedArtifact[] = [];
  const note = (artifact: CheckedArtifact, message: string): void => {
    artifacts.push(artifact);
    const { verdict: kind, stage } = artifact;
    if (kind !== 'same' && kind !== 'absent') problems.push({ kind, stage, message });
  };
  const hash = hashing(store);
  for (const { id: stage, record, published } of manifest.stages) {
    if (!record) continue;
    if (!isAsStored(record, store)) {
      problems.push({ kind: 'inconsistent', stage, message: 'Its record is not the one that was stored' });
    }
    const had = options.mayLack ? store.records.read(parseDigest(record.fingerprint)) : record;
    const expected = new Set(had === null ? [] : objectsOf(had).map(({ digest }) => digest));
    for (const { name, what, digest, kind } of objectsOf(record)) {
      const found = await hash(parseDigest(digest), kind);
      const verdict = found === 'missing' && !expected.has(digest) ? 'absent' : found;
      const message = `${what} is ${found === 'damaged' ? 'damaged' : 'not'} in the store: ${digest}`;
      note({ stage, name, digest, verdict }, message);
    }
    if (!options.published || published === undefined) continue;
    const wasPublished = !options.mayLack || store.fileSystem.existsSync(join(store.root, published));
    for (const artifact of Object.values(record.outputs)) {
      const path = `${published}/${artifact.path}`;
      const fault = await publishedFault(store, path, artifact);
      const verdict = fault === null ? 'same' : wasPublished ? 'changed' : 'absent';
      note({ stage, name: path, digest: artifact.digest, verdict }, fault ?? '');
    }
  }
  const absent = artifacts.filter(({ verdict }) => verdict === 'absent').length;
  return { checked: artifacts.length, absent, artifacts, problems };
}

/** Hashes objects, each once: stages share their code. */
function hashing({
  objects,
}: Store): (digest: Digest, kind: Artifact['kind']) => Promise<'same' | 'missing' | 'damaged'> {
  const known = new Map<string, 'same' | 'missing' | 'damaged'>();
  return async (digest, kind) => {
    const key = `${kind} ${digest}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const isThere = objects.has(digest);
    const isSame = isThere && (await objects.verify(digest, kind, 'thorough'));
    const found = isSame ? 'same' : isThere ? 'damaged' : 'missing';
    known.set(key, found);
    return found;
  };
}

interface NamedObject extends Pick<Artifact, 'digest' | 'kind'> {
  readonly name: string;
  /** The subject of a sentence. */
  readonly what: string;
}

function objectsOf({ outputs, log, curves, preimage }: StageRecord): NamedObject[] {
  return [
    ...Object.entries(outputs).map(([name, { digest, kind }]) => {
      return { name: `output ${name}`, what: `Output "${name}"`, digest, kind };
    }),
    { name: 'log', what: 'The log', digest: log, kind: 'file' },
    ...(curves === undefined
      ? []
      : [{ name: 'curves', what: 'The file of curves', digest: curves, kind: 'file' } as const]),
    ...Object.entries(preimage.code).map(([path, digest]): NamedObject => {
      return { name: `code ${path}`, what: `Code "${path}"`, digest, kind: 'file' };
    }),
  ];
}

/**
 * How a published artifact is not what its record says, or null. Only what lies among the artifacts is read, and only
 * regular files: where the manifest names another place, it was not written by a run.
 */
async function publishedFault(store: Store, path: string, artifact: Artifact): Promise<string | null> {
  const fs = store.fileSystem;
  const [top, ...below] = path.split('/');
  if (top !== 'artifacts') return `"${path}" does not lie in artifacts/`;
  try {
    const place = pathBelow(fs, join(store.root, top), below.join('/'));
    const status = fs.lstatSync(place, { throwIfNoEntry: false });
    if (status === undefined) return `"${path}" is gone`;
    const isKind = artifact.kind === 'file' ? status.isFile() : status.isDirectory();
    if (!isKind) return `"${path}" is not a ${artifact.kind}`;
    const isExecutable = (status.mode & 0o111) !== 0;
    if (artifact.kind === 'file' && isExecutable !== (artifact.executable === true)) {
      return `"${path}" ${isExecutable ? 'has become' : 'is no longer'} executable`;
    }
    const found = await digestOf(fs, place, artifact);
    return found === artifact.digest ? null : `"${path}" has been changed: it is now ${found}`;
  } catch (error) {
    if (error instanceof ReproError) return `"${path}" cannot be checked: ${error.message}`;
    const errno = errnoOf(error);
    if (errno === null) throw error;
    return `"${path}" cannot be read (${errno})`;
  }
}

async function digestOf(fs: FileSystem, path: string, { kind }: Artifact): Promise<string> {
  if (kind === 'file') return (await hashFile(fs, path)).digest;
  const files = [];
  const found = listTree(fs, path, 'refuse');
  for (const file of found.files) {
    files.push({ ...file, digest: (await hashFile(fs, join(path, file.path))).digest });
  }
  return digestBytes(treeText({ ...found, files }));
}

/** Whether the store has nothing else to say of this execution. It may have lost it, or have another of the same. */
function isAsStored(record: StageRecord, store: Store): boolean {
  const stored = store.records.read(parseDigest(record.fingerprint));
  if (stored === null || stored.run !== record.run || stored.startedAt !== record.startedAt) return true;
  return canonicalJson(stored) === canonicalJson(record);
}
