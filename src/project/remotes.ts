// Runs that go to remotes and come from them.
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { isRecorded } from '../manifest/lineage.ts';
import type { FetchOptions } from '../remote/fetch.ts';
import type { Pushed, Progress } from '../remote/push.ts';
import { RemoteFault } from '../remote/remote.ts';
import { Publisher } from '../runner/outputs/publish.ts';
import { systemClock } from '../runner/process/clock.ts';
import type { Manifest } from '../schema/types.ts';
import { writeAtomically, writeInProject } from '../store/atomic-write.ts';
import { parseDigest } from '../store/digest.ts';
import { orAbsent } from '../store/file-system.ts';
import { openStore, type Store } from '../store/store.ts';
import { loadConfig } from './config.ts';
import { loadManifest, readTag } from './named-manifest.ts';
import { readKeyFile } from './key-file.ts';
import { type OpenRemote, openRemote } from './open-remote.ts';
import { latestManifest, manifestPath, tagFolder } from './places.ts';

export interface TransferOptions {
  /** Name of a remote; the only one, where it is left out. */
  readonly remote?: string;
  readonly signal?: AbortSignal;
}

const never = (): AbortSignal => new AbortController().signal;

export interface PushOptions extends TransferOptions {
  readonly onProgress?: (progress: Progress) => void;
}

export interface PushedRun extends Pushed {
  readonly run: string;
  /** Its name. */
  readonly remote: string;
  readonly signed: boolean;
}

/** Pushes a run that is kept here, with the tags that name it. */
export async function push(root: string, name: string, options: PushOptions): Promise<PushedRun> {
  const { signal = never(), onProgress } = options;
  const opened = await openRemote(root, options.remote);
  const { key: file } = await loadConfig(root);
  const key = file === null ? null : await readKeyFile(file, 'private');
  const { manifest } = await loadManifest(root, name);
  const run = manifest.run.id;
  const store = openStore(root);
  const text = keptManifest(store, run);
  const { pushRun } = await import('../remote/push.ts');
  const tags = await tagsOf(store, run);
  const pushed = await explaining(opened, signal, () =>
    pushRun(opened.remote, { manifest, text, tags }, { store, key, signal, ...(onProgress && { onProgress }) }),
  );
  return { ...pushed, run, remote: opened.name, signed: key !== null };
}

/** Byte for byte: a manifest from elsewhere may name what is not here. */
function keptManifest({ fileSystem, root }: Store, run: string): string {
  const text = orAbsent(() => fileSystem.readFileSync(path.join(root, manifestPath(run)), 'utf8'));
  if (text !== null) return text;
  throw new ReproError('no-manifest', `Run ${run} is not in .repro/manifests`, {
    exit: exitCode.usage,
    hint: 'push it from where it was made',
  });
}

export interface PullOptions extends TransferOptions {
  /** False leaves artifacts and the latest manifest as they are: the run comes into the store alone. */
  readonly publish?: boolean;
  /** Is told of what could not be had. */
  readonly onWarning?: (message: string) => void;
}

export interface Pulled {
  readonly run: string;
  readonly remote: string;
  readonly manifest: Manifest;
  readonly bytes: number;
}

/**
 * Brings a run, or that of a tag, with all its results into the store, puts its artifacts where people look for them, and
 * makes it the latest.
 * @throws {ReproError} `no-manifest` (usage), `remote-failed`
 */
export async function pull(root: string, name: string, options: PullOptions = {}): Promise<Pulled> {
  const { signal = never() } = options;
  const opened = await openRemote(root, options.remote);
  const store = openStore(root);
  // TypeScript leaves the paths of imports in a function with `using` as they are in the sources.
  const fetching = await import('../remote/fetch.ts');
  return withLock(store, signal, () =>
    explaining(opened, signal, () => pullLocked(opened, store, fetching, name, { ...options, signal })),
  );
}

/** Nobody else is at work in the store until it is done. */
async function withLock<T>(store: Store, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  using _lock = await store.lock({ since: systemClock.now(), wait: false, signal, onWait: () => {} });
  return await act();
}

async function pullLocked(
  { name: remoteName, remote, trust, platforms }: OpenRemote,
  store: Store,
  { fetchManifest, fetchResults }: typeof import('../remote/fetch.ts'),
  name: string,
  { signal, publish = true, onWarning: warn = () => {} }: PullOptions & { readonly signal: AbortSignal },
): Promise<Pulled> {
  let bytes = 0;
  const onBytes = (count: number): void => void (bytes += count);
  const fetching: FetchOptions = { store, trust, platforms, signal, onBytes };
  const found = await fetchManifest(remote, name, fetching);
  if (found === null) {
    throw new ReproError('no-manifest', `Remote "${remoteName}" has no run or tag "${name}"`, { exit: exitCode.usage });
  }
  const { manifest, text } = found;
  for (const id of await fetchResults(remote, manifest.stages.filter(isRecorded), fetching)) {
    warn(`${id}: the remote has its numbers and not its result`);
  }
  if (publish) await publishRun(store, manifest, warn);
  keepManifest(store, manifest, text, publish);
  if (name !== manifest.run.id) keepTag(store, name, manifest.run.id);
  store.save();
  return { run: manifest.run.id, remote: remoteName, manifest, bytes };
}

async function publishRun(store: Store, manifest: Manifest, warn: (message: string) => void): Promise<void> {
  const publisher = new Publisher(store, manifest.run.id);
  for (const { id, stage, cell: axes, record } of manifest.stages.filter(isRecorded)) {
    // Not what the manifest says, which may name what did not come, but what is here by its fingerprint.
    const known = store.records.read(parseDigest(record.fingerprint));
    if (known) await publisher.publish({ id, stage, axes }, known, (message) => warn(`${id}: ${message}`));
  }
  publisher.save();
}

function keepManifest(store: Store, manifest: Manifest, text: string, isLatest: boolean): void {
  const kept = path.join(store.root, manifestPath(manifest.run.id));
  writeAtomically(store.fileSystem, kept, text, { temporary: store.temporary, durable: true });
  if (isLatest) writeInProject(store.fileSystem, store.root, latestManifest, Buffer.from(text));
}

function keepTag(store: Store, name: string, run: string): void {
  const file = path.join(store.root, tagFolder, `${name}.json`);
  writeAtomically(store.fileSystem, file, `${JSON.stringify({ run })}\n`, {
    temporary: store.temporary,
    durable: true,
  });
}

async function tagsOf(store: Store, run: string): Promise<string[]> {
  const names = store.files.names(path.join(store.root, tagFolder)).map((file) => file.replace(/\.json$/, ''));
  const tags = await Promise.all(names.map(async (name) => [name, await readTag(store.root, name)] as const));
  return tags.filter(([, named]) => named === run).map(([name]) => name);
}

/** What a remote did not do, as an error for people. */
async function explaining<T>({ name }: OpenRemote, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (signal.aborted) {
      const hint = 'what has arrived whole is kept: the same command goes on from there';
      throw new ReproError('interrupted', 'Interrupted before all was there', {
        exit: exitCode.interrupted,
        hint,
        cause,
      });
    }
    if (!(cause instanceof RemoteFault)) throw cause;
    const hints = {
      unreachable: 'nothing is lost: the same command goes on from what is there',
      refused: 'look at the credentials, and at what they allow',
      full: 'make room there',
      damaged: 'push it again from where it was computed, or run the pipeline: what is missing is computed',
    } as const;
    throw new ReproError('remote-failed', `Remote "${name}": ${cause.message}`, { hint: hints[cause.kind], cause });
  }
}

/** A remote as a source of results for a run, which tells of what is wrong with it. */
export async function resultsOf(root: string, store: Store, name: string, warn: (message: string) => void) {
  const { remote, trust, platforms } = await openRemote(root, name);
  const { RemoteResults } = await import('../remote/results.ts');
  return new RemoteResults(remote, { store, trust, platforms }, warn);
}
