// From a remote into the store. It is trusted with nothing: every byte is hashed, every record must be of the fingerprint
// that was asked for and, unless anybody is trusted, signed. The record comes last, so that it names nothing that is not here.
import { readManifest } from '../manifest/manifest.ts';
import type { Manifest, StageRecord } from '../schema/types.ts';
import { temporaryPath } from '../store/atomic-write.ts';
import { type Digest, hashFile, parseDigest } from '../store/digest.ts';
import { lostLog } from '../store/lost-log.ts';
import { refusedRecord } from '../store/records.ts';
import { removeQuietly } from '../store/remove.ts';
import type { Store } from '../store/store.ts';
import { parseStrictJson, RefusedJson } from '../store/strict-json.ts';
import { isObjectWith, isText } from '../store/shape.ts';
import { open, type Kind, type Trust } from './envelope.ts';
import { manifestKey, objectKey, recordKey, tagKey } from './keys.ts';
import { inParallel } from './parallel.ts';
import { type Remote, RemoteFault } from './remote.ts';

/** Of a record, a manifest or a tag. */
const mostText = 600_000_000;
/** Of a log: the runner keeps fewer. */
const mostLog = 100_000_000;
/** Of the list of a directory's files. */
const mostTree = 400_000_000;

export interface FetchOptions {
  /** Its lock is held by the caller. */
  readonly store: Store;
  readonly trust: Trust;
  /** Platforms whose results are taken, the first that has one. */
  readonly platforms: readonly string[];
  readonly signal: AbortSignal;
  readonly onBytes?: (count: number) => void;
}

/**
 * Gets the result of a fingerprint with all that it names. False where the remote has none.
 * @throws {RemoteFault} where what is there is damaged, or cannot be had
 */
export async function fetchResult(remote: Remote, fingerprint: Digest, options: FetchOptions): Promise<boolean> {
  const { store, platforms } = options;
  for (const platform of platforms) {
    const text = await fetchText(remote, 'record', recordKey(platform, fingerprint), options);
    if (text === null) continue;
    const record = parseRecord(text, fingerprint, remote.url);
    for (const output of Object.values(record.outputs)) await fetchArtifact(remote, output, options);
    // Without its code a result is as good; with it, it can be executed again from the store.
    const code = Object.values(record.preimage.code).map(parseDigest);
    await inParallel(code, async (digest) => void (await fetchObject(remote, digest, mostText, options)));
    const log = parseDigest(record.log);
    const hasLog = await fetchObject(remote, log, mostLog, options);
    store.records.write(hasLog ? record : { ...record, log: store.objects.putBytes(lostLog).digest });
    return true;
  }
  return false;
}

/** Gets the results of many cells; the ids of those that the remote does not have. */
export async function fetchResults(
  remote: Remote,
  cells: readonly { readonly id: string; readonly record: StageRecord }[],
  options: FetchOptions,
): Promise<string[]> {
  const missing: string[] = [];
  await inParallel(cells, async ({ id, record }) => {
    if (!(await fetchResult(remote, parseDigest(record.fingerprint), options))) missing.push(id);
  });
  return missing.sort();
}

/** The manifest of a run, or of the run that a tag names, with its bytes; null where the remote has none. */
export async function fetchManifest(
  remote: Remote,
  name: string,
  options: FetchOptions,
): Promise<{ readonly manifest: Manifest; readonly text: string } | null> {
  const run = /^[0-9]/.test(name) ? name : await fetchTag(remote, name, options);
  const text = run === null ? null : await fetchText(remote, 'manifest', manifestKey(run), options);
  if (text === null) return null;
  const manifest = readManifest(text, `${remote.url}: ${name}`);
  // Somebody may have put another run in its place.
  if (manifest.run.id !== run) throw new RemoteFault('damaged', `${remote.url} has run ${manifest.run.id} as ${run}`);
  return { manifest, text };
}

const isTag = isObjectWith<{ readonly tag: string; readonly run: string }>({ tag: isText, run: isText });

async function fetchTag(remote: Remote, name: string, options: FetchOptions): Promise<string | null> {
  if (!/^[a-z][a-z0-9._-]*$/.test(name)) return null;
  const text = await fetchText(remote, 'tag', tagKey(name), options);
  if (text === null) return null;
  const tag = parse(text);
  if (isTag(tag) && tag.tag === name && /^[0-9A-Za-z-]+$/.test(tag.run)) return tag.run;
  throw new RemoteFault('damaged', `${remote.url}: tag "${name}" names no run`);
}

/** An output: the file, or the list of a directory's files and each of them. */
async function fetchArtifact(remote: Remote, output: StageRecord['outputs'][string], options: FetchOptions) {
  const { objects } = options.store;
  const digest = parseDigest(output.digest);
  const isFile = output.kind === 'file';
  if (!(await fetchObject(remote, digest, isFile ? output.sizeBytes : mostTree, options))) {
    throw new RemoteFault('damaged', `${remote.url} has a result whose output "${output.path}" is gone`);
  }
  if (isFile) return;
  const tree = objects.readTree(digest);
  if (tree === null) throw new RemoteFault('damaged', `${remote.url}: "${output.path}" is not the list of a directory`);
  await inParallel(tree.files, async (file) => {
    if (await fetchObject(remote, file.digest, file.sizeBytes, options)) return;
    throw new RemoteFault('damaged', `${remote.url} has a result of which "${output.path}${file.path}" is gone`);
  });
}

/** Whether an object is here now: it was, or it came and has the digest that it must have. */
async function fetchObject(
  remote: Remote,
  digest: Digest,
  mostBytes: number,
  { store, signal, onBytes }: FetchOptions,
): Promise<boolean> {
  const { objects, fileSystem } = store;
  if (await objects.verify(digest, 'file')) return true;
  const temporary = temporaryPath(fileSystem, store.temporary);
  try {
    const transfer = { signal, ...(onBytes && { onBytes }) };
    if (!(await remote.get(objectKey(digest), temporary, mostBytes, transfer))) return false;
    const found = await hashFile(fileSystem, temporary);
    if (found.digest !== digest) {
      throw new RemoteFault('damaged', `${remote.url} sent bytes of digest ${found.digest} for ${digest}`);
    }
    objects.adoptFile(temporary, digest);
    return true;
  } finally {
    removeQuietly(fileSystem, temporary);
  }
}

async function fetchText(remote: Remote, kind: Kind, key: string, options: FetchOptions): Promise<string | null> {
  const { store, trust, signal, onBytes } = options;
  const temporary = temporaryPath(store.fileSystem, store.temporary);
  try {
    if (!(await remote.get(key, temporary, mostText, { signal, ...(onBytes && { onBytes }) }))) return null;
    return open(kind, store.fileSystem.readFileSync(temporary), trust, `${remote.url}: ${key}`);
  } finally {
    removeQuietly(store.fileSystem, temporary);
  }
}

function parseRecord(text: string, fingerprint: Digest, url: string): StageRecord {
  const value = parse(text);
  const why = refusedRecord(value);
  if (why !== null) throw new RemoteFault('damaged', `${url} has no record for ${fingerprint}: ${why}`);
  const record = value as StageRecord;
  if (record.fingerprint === fingerprint && record.format === 'repro.record/2') return record;
  throw new RemoteFault('damaged', `${url} has the record of ${record.fingerprint} for ${fingerprint}`);
}

function parse(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (error instanceof RefusedJson) return undefined;
    throw error;
  }
}
