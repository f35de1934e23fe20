// Everything a complete run rests on, as the status of files: while none of it moves, the run would do nothing.
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { InputPlan, Plan, CellPlan } from '../pipeline/plan.ts';
import type { StageRecord } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { reach } from '../store/file-system.ts';
import type { Snapshot } from '../store/file-states.ts';
import { settlingAttempts, statKey, tickMilliseconds } from '../store/stat-cache.ts';
import type { Store } from '../store/store.ts';
import { listTree } from '../store/tree.ts';
import { namesIn } from './code/closure.ts';
import { findCode } from './code/code-files.ts';
import type { Content } from './fingerprint.ts';
import { codeKey, readExternal, sameContent } from './freeze.ts';
import type { FrozenCode, FrozenPlan } from './freeze.ts';
import type { PublishedDirectories, Publisher } from './outputs/publish.ts';
import { Runtimes } from './code/program.ts';
import type { CellOutcome } from './result.ts';

/** Something moved while it was looked at: this run leaves no snapshot, and the next one looks at everything. */
class Moving extends Error {}

/**
 * The status of every file that made the outcomes what they are. Each is known to belong to the bytes that were used;
 * null when that cannot be said of one. Only for the holder of the lock, of a run in which every cell has a record.
 */
export async function takeSnapshot(
  plan: Plan,
  frozen: FrozenPlan,
  outcomes: readonly CellOutcome[],
  publisher: Publisher,
  store: Store,
): Promise<Snapshot | null> {
  try {
    // The manifest will be written there, which must not show in the status of the project's directory.
    store.fileSystem.mkdirSync(join(store.root, 'artifacts'), { recursive: true });
    const snapshot = new SnapshotBuilder(store);
    const seen = new Set<string>();
    const runtimes = [0, 1].map(() => new Runtimes(store, process.env)) as [Runtimes, Runtimes];
    for (const { id, run, env, inputs } of plan.cells) {
      const key = codeKey({ run, env });
      if (!seen.has(key)) await addCode(snapshot, store, { run, env }, frozen.code.get(id)!, runtimes);
      seen.add(key);
      for (const input of Object.values(inputs)) {
        if (input.kind !== 'file' && input.kind !== 'directory') continue;
        if (!seen.has(input.path)) await addExternal(snapshot, store, input, frozen.external.get(input.path)!);
        seen.add(input.path);
      }
    }
    for (const { cell: stage, record } of outcomes) {
      if (record === undefined) return null;
      await addResult(snapshot, store, record);
      for (const [path, digest] of Object.entries(publisher.published(stage))) {
        // Directories are added below, with the names that they hold.
        if (!path.endsWith('/')) await snapshot.addOwn(path, digest);
      }
      await addDirectories(snapshot, store, publisher.directories(stage));
    }
    return snapshot.done();
  } catch (error) {
    if (error instanceof Moving) return null;
    throw error;
  }
}

class SnapshotBuilder {
  readonly #files = new Map<string, string | null>();
  readonly #own = new Map<string, string | null>();
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  done(): Snapshot {
    return { files: [...this.#files], own: [...this.#own] };
  }

  /** A file as it was when it had this digest. */
  async addFile(path: string, digest: Digest): Promise<void> {
    this.#files.set(this.#shorten(path), await this.#keyOf(path, digest));
  }

  /** A published file; a link to the right bytes would be replaced by the bytes. */
  async addOwn(path: string, digest: Digest): Promise<void> {
    const target = join(this.#store.root, path);
    const key = await this.#keyOf(target, digest);
    const stat = this.#store.fileSystem.lstatSync(target, { bigint: true, throwIfNoEntry: false });
    if (!stat?.isFile() || statKey(stat) !== key) throw new Moving();
    this.#own.set(path, key);
  }

  /** A directory of published files, with the names that `holds` says; a link to it would be replaced. */
  async addOwnDirectory(path: string, holds: () => boolean): Promise<void> {
    if (this.#own.has(path)) return;
    const { fileSystem, statCache, root } = this.#store;
    for (let attempt = 0; attempt < settlingAttempts; attempt++) {
      const stat = fileSystem.lstatSync(join(root, path), { bigint: true, throwIfNoEntry: false });
      if (!stat?.isDirectory()) throw new Moving();
      if (statCache.isSettled(stat)) {
        if (!holds()) throw new Moving();
        this.#own.set(path, statKey(stat));
        return;
      }
      await delay(tickMilliseconds);
    }
    throw new Moving();
  }

  /** A path whose status is known already. */
  addKey(path: string, key: string | null): void {
    this.#files.set(this.#shorten(path), key);
  }

  /** A path as it is now; for what cannot have changed since it was used. */
  addNow(path: string): void {
    const stat = reach(this.#store.fileSystem, path);
    this.addKey(path, stat && statKey(stat));
  }

  /** A directory whose names are as `holds` says now, and cannot change without showing in its status. */
  async addDirectory(path: string, holds: () => boolean = () => true): Promise<void> {
    const { statCache } = this.#store;
    for (let attempt = 0; attempt < settlingAttempts; attempt++) {
      const stat = reach(this.#store.fileSystem, path);
      if (stat === null) {
        if (!holds()) throw new Moving();
        return this.addKey(path, null);
      }
      if (statCache.isSettled(stat)) {
        if (!holds()) throw new Moving();
        return this.addKey(path, statKey(stat));
      }
      await delay(tickMilliseconds);
    }
    throw new Moving();
  }

  async #keyOf(path: string, digest: Digest): Promise<string> {
    const key = await this.#store.statCache.settledKey(path, digest);
    if (key === null) throw new Moving();
    return key;
  }

  #shorten(path: string): string {
    const { root } = this.#store;
    return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
  }
}

async function addCode(
  snapshot: SnapshotBuilder,
  store: Store,
  { run, env }: Pick<CellPlan, 'run' | 'env'>,
  frozen: FrozenCode,
  [first, second]: readonly [Runtimes, Runtimes],
): Promise<void> {
  // A run puts back code that the store has lost.
  for (const digest of Object.values(frozen.code)) snapshot.addNow(store.objects.path(digest));
  if (frozen.bundle !== null) snapshot.addNow(store.objects.path(frozen.bundle));
  if (run.kind === 'module') {
    if (frozen.origin === null) throw new Moving();
    for (const [path, key] of Object.entries(frozen.origin.files)) snapshot.addKey(path, key);
    for (const [path, names] of Object.entries(frozen.origin.directories)) {
      await snapshot.addDirectory(path, () => namesIn(store, path) === names);
    }
    return;
  }
  const { looked } = await findCode(store, run.code);
  for (const path of looked) await snapshot.addDirectory(path);
  for (const [path, digest] of Object.entries(frozen.code)) await snapshot.addFile(join(store.root, path), digest);
  // Looked for again now that all that decides it is noted: a file that came since the run began is in neither.
  const again = await findCode(store, run.code);
  const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join('\0') === b.join('\0');
  if (!isSame(again.files, Object.keys(frozen.code).sort()) || !isSame(again.looked, looked)) throw new Moving();
  const found = await first.of(run, frozen.code, env);
  // What a program was asked, it may answer otherwise though no file has changed.
  if (found.asked) throw new Moving();
  for (const path of found.looked) await snapshot.addDirectory(path);
  const still = await second.of(run, frozen.code, env);
  const isAsFrozen = ({ runtime, packages }: Pick<FrozenCode, 'runtime' | 'packages'>): boolean =>
    canonicalJson({ runtime, packages }) === canonicalJson({ runtime: frozen.runtime, packages: frozen.packages });
  if (!isSame(still.looked, found.looked) || !isAsFrozen(still)) throw new Moving();
}

async function addExternal(
  snapshot: SnapshotBuilder,
  store: Store,
  input: Extract<InputPlan, { kind: 'file' | 'directory' }>,
  content: Content,
): Promise<void> {
  const path = resolve(store.root, input.path);
  if (input.kind === 'file') await snapshot.addFile(path, content.digest);
  else await addTree(snapshot, store, path);
  if (!sameContent(await readExternal(store, input), content)) throw new Moving();
}

async function addTree(snapshot: SnapshotBuilder, store: Store, path: string): Promise<void> {
  const directories: string[] = [];
  const { files } = listTree(store.fileSystem, path, 'follow', (directory) => directories.push(directory));
  for (const directory of directories) await snapshot.addDirectory(resolve(path, directory));
  for (const file of files) {
    const place = join(path, file.path);
    await snapshot.addFile(place, await store.statCache.digest(place));
  }
}

/**
 * What a run would make of directories again: a file more in a directory output, or a link in place of a stage's directory.
 * Those of cells show in the one of their stage.
 */
async function addDirectories(
  snapshot: SnapshotBuilder,
  { fileSystem, root }: Store,
  directories: PublishedDirectories,
): Promise<void> {
  for (const [path, names] of directories) {
    if (names !== null) {
      await snapshot.addOwnDirectory(path, () => {
        const found = fileSystem.readdirSync(join(root, path));
        return found.length === names.size && found.every((name) => names.has(name));
      });
    } else if (path.split('/').length === 2) await snapshot.addOwnDirectory(path, () => true);
  }
}

/** The record, and everything that makes it usable. */
async function addResult(snapshot: SnapshotBuilder, { objects, records }: Store, record: StageRecord): Promise<void> {
  snapshot.addNow(records.path(parseDigest(record.fingerprint)));
  await snapshot.addFile(objects.path(parseDigest(record.log)), parseDigest(record.log));
  for (const { digest, kind } of Object.values(record.outputs)) {
    const name = parseDigest(digest);
    await snapshot.addFile(objects.path(name), name);
    if (kind === 'file') continue;
    for (const entry of objects.readTree(name)?.files ?? [])
      await snapshot.addFile(objects.path(entry.digest), entry.digest);
  }
}
