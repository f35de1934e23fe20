// Results that go to a remote: those of a run that is kept here, or of a stage as it is now.
import { createPublicKey, type KeyObject } from 'node:crypto';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { readManifest } from '../manifest/manifest.ts';
import type { Plan } from '../pipeline/plan.ts';
import { Meter } from '../remote/progress.ts';
import { type Pushed, type PushedRun, Pusher } from '../remote/pusher.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import { orAbsent } from '../store/file-system.ts';
import { openStore, type Store } from '../store/store.ts';
import { loadConfig } from './config.ts';
import { readKeyFile } from './key-file.ts';
import { meaningOf } from './meaning.ts';
import { loadManifest, readTag } from './named-manifest.ts';
import { type OpenRemote, openRemote } from './open-remote.ts';
import { manifestPath, type Place, tagFolder } from './places.ts';
import { explaining, never, type TransferOptions } from './transfer.ts';

export interface PushOptions extends TransferOptions {
  /** Sends also what is there already, in its place. */
  readonly force?: boolean;
}

export interface PushResult extends Pushed {
  /** Null where it was a stage. */
  readonly run: string | null;
  /** Its name. */
  readonly remote: string;
  readonly signed: boolean;
}

/**
 * Pushes a run that is kept here, the latest by default, with the tags that name it; or the results of a stage or a cell, as
 * they are now, with all that they need.
 * @throws {ReproError} `no-manifest`, `ambiguous-name`, `no-key`, `secret-record` (usage), `not-current`, `remote-failed`
 */
export async function push(place: Place, name: string | undefined, options: PushOptions): Promise<PushResult> {
  const { signal = never(), onProgress, force = false } = options;
  const opened = await openRemote(place.root, options.remote);
  const key = await signingKey(place.root, opened);
  const store = openStore(place.root);
  const pusher = new Pusher(opened.remote, { store, key, signal, meter: new Meter(onProgress), again: force });
  const what = await find(place, store, name, options);
  await explaining(opened, signal, () => (what.kind === 'run' ? pusher.run(what.run) : pusher.results(what.results)));
  const run = what.kind === 'run' ? what.run.manifest.run.id : null;
  const { leftOut, ...pushed } = pusher.pushed;
  const waiting = what.kind === 'run' ? [] : what.waiting;
  return { ...pushed, leftOut: [...leftOut, ...waiting], run, remote: opened.name, signed: key !== null };
}

/**
 * The key that signs; null where there is none, and none is needed.
 * @throws {ReproError} `no-key` (usage) where nobody would take what is not signed, or what this key signs
 */
export async function signingKey(root: string, { name, trust }: OpenRemote): Promise<KeyObject | null> {
  const { key } = await loadConfig(root);
  const signer = key === null ? null : await readKeyFile(key, 'private');
  if (trust === 'anyone') return signer;
  if (signer === null) {
    throw new ReproError('no-key', `From "${name}" only what is signed is taken, and there is no key to sign with`, {
      exit: exitCode.usage,
      hint: 'name a private key: key: FILE in ~/.config/repro/config.yaml, or REPRO_SIGNING_KEY',
    });
  }
  const itsPublic = createPublicKey(signer);
  if (trust.some((each) => each.equals(itsPublic))) return signer;
  throw new ReproError('no-key', `From "${name}" only what listed keys sign is taken, and "${key}" is none of them`, {
    exit: exitCode.usage,
    hint: `list its public key under trust: openssl pkey -in ${key} -pubout -out key.pub.pem; or sign with another`,
  });
}

async function find(place: Place, store: Store, word = 'run:latest', options: PushOptions) {
  const meaning = await meaningOf(place, word, options, {
    has: async (name) => (await loadManifest(place.root, name).catch(ifAbsent)) !== null,
    names: () => Promise.resolve(tagNames(store)),
    what: 'run',
  });
  if (meaning.kind === 'run') return { kind: 'run' as const, run: await keptRun(store, meaning.name) };
  return { kind: 'cells' as const, ...(await currentResults(meaning.plan, store)) };
}

function ifAbsent(error: unknown): null {
  if (error instanceof ReproError && error.code === 'no-manifest') return null;
  throw error;
}

/** What of a plan is up to date; the rest as it is told of. */
async function currentResults(plan: Plan, store: Store) {
  const cells = await inspectPipeline(plan, store);
  return {
    results: cells.flatMap(({ cell, state }) =>
      state.kind === 'current' ? { id: cell.id, record: state.record } : [],
    ),
    waiting: cells.flatMap(({ cell, state }) =>
      state.kind === 'current' ? [] : { cell: cell.id, why: 'it is not up to date here: run it first' },
    ),
  };
}

/** A run with its manifest byte for byte. One from elsewhere may name what is not here. */
export async function keptRun(store: Store, name: string): Promise<PushedRun> {
  const { id } = (await loadManifest(store.root, name)).manifest.run;
  const text = orAbsent(() => store.fileSystem.readFileSync(path.join(store.root, manifestPath(id)), 'utf8'));
  if (text === null) {
    throw new ReproError('no-manifest', `Run ${id} is not in .repro/manifests`, {
      exit: exitCode.usage,
      hint: 'push it from where it was made',
    });
  }
  const manifest = readManifest(text, manifestPath(id));
  if (manifest.stages.some(({ record }) => record?.format === 'repro.record/1')) {
    throw new ReproError('secret-record', `Run ${id} has records of format 1, which may hold secrets`, {
      exit: exitCode.usage,
      hint: 'their environment variables are in clear: run the pipeline again, and push that run',
    });
  }
  return { manifest, text, tags: await tagsOf(store, id) };
}

function tagNames(store: Store): string[] {
  return store.files.names(path.join(store.root, tagFolder)).map((file) => file.replace(/\.json$/, ''));
}

async function tagsOf(store: Store, run: string): Promise<string[]> {
  const tags = await Promise.all(tagNames(store).map(async (name) => [name, await readTag(store.root, name)] as const));
  return tags.filter(([, named]) => named === run).map(([name]) => name);
}
