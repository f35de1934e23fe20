// What the store holds for no run that is kept: found by following every manifest, moved aside, then deleted.
import { dirname, join } from 'node:path';
import { ReproError } from '../error.ts';
import type { Manifest, StageRecord } from '../schema/types.ts';
import { pathBelow } from '../store/path-below.ts';
import { removeQuietly, removeTree } from '../store/remove.ts';
import { hexOf, isDigest, parseDigest, type Digest } from '../store/digest.ts';
import { filesOf } from '../store/input-files.ts';
import { orAbsent } from '../store/file-system.ts';
import { momentOfRun } from '../store/run-id.ts';
import { damaged, orDamaged } from '../store/quarantine.ts';
import type { Store } from '../store/store.ts';
import { readManifest } from './manifest.ts';

export interface KeepRule {
  /** Keep the latest runs, this many; null: all. */
  readonly keep: number | null;
  /** Keep runs that ended, or by their names began, at this moment (ISO 8601) or later; null: all. */
  readonly since: string | null;
  /** ISO 8601. A name that lies beyond says nothing about age: it was given while a clock was ahead, or after such a run. */
  readonly now: string;
}

/** Files of the store by project path, and what they come to. */
export interface Heap {
  readonly runs: readonly string[];
  readonly records: readonly string[];
  readonly objects: readonly string[];
  /** Damaged files that were set aside, and what an earlier collection left. */
  readonly others: readonly string[];
  readonly bytes: number;
}

export interface Garbage {
  /** What stays: runs, records and objects. */
  readonly kept: { readonly runs: number; readonly tagged: number; readonly records: number; readonly objects: number };
  readonly heap: Heap;
}

const manifests = '.repro/manifests';
const trash = '.repro/trash';

/**
 * Finds what no kept run reaches. Kept are tagged runs, the latest, and those that a rule keeps; without a rule, all. A
 * run may be killed before it writes a manifest. What it computed is kept like the rest.
 * @throws {ReproError} `bad-manifest` where a manifest cannot be read, since what it needs is not known
 */
export function findGarbage(store: Store, rule: KeepRule): Garbage {
  const runs = readRuns(store);
  const tagged = taggedRuns(store, runs);
  const newest = new Set([...runs.keys()].sort().slice(rule.keep === null ? 0 : -rule.keep));
  const isKept = ({ id, endedAt, isLatest }: Run): boolean =>
    isLatest ||
    tagged.has(id) ||
    (rule.keep !== null && rule.keep > 0 && newest.has(id)) ||
    (rule.since !== null && (endedAt >= rule.since || beganWithin(id, rule.since, rule.now))) ||
    (rule.keep === null && rule.since === null);
  const kept = [...runs.values()].filter(isKept);
  const dropped = [...runs.values()].filter((run) => !isKept(run) && run.file !== null);
  const reached = new Map(kept.flatMap(({ records }) => records.map((record) => [record.fingerprint, record])));
  const live = liveObjects(store, reached.values());
  const records = store.records
    .list()
    .filter((fingerprint) => !reached.has(fingerprint))
    .map((fingerprint) => `.repro/records/${hexOf(fingerprint)}.json`);
  const objects = filesBelow(store, '.repro/objects').filter((path) => !live.has(digestOf(path)));
  const others = [...filesBelow(store, '.repro/quarantine'), ...filesBelow(store, trash)];
  const manifestFiles = dropped.map(({ file }) => file!);
  const all = [...manifestFiles, ...records, ...objects, ...others];
  return {
    kept: { runs: kept.length, tagged: tagged.size, records: reached.size, objects: live.size },
    heap: {
      runs: manifestFiles,
      records,
      objects,
      others,
      bytes: all.reduce((sum, path) => sum + sizeOf(store, path), 0),
    },
  };
}

/**
 * Deletes garbage; only for the holder of the lock. Everything is moved aside before anything is deleted, records
 * before the objects they name. So what is left is whole, whenever the work is cut short. The next collection takes up
 * the rest.
 */
export function deleteGarbage({ fileSystem, root }: Store, { runs, records, objects, others }: Heap): void {
  for (const path of [...runs, ...records, ...objects]) {
    const inStore = path.slice('.repro/'.length);
    const aside = pathBelow(fileSystem, join(root, trash), inStore, 'replaced');
    fileSystem.mkdirSync(dirname(aside), { recursive: true });
    fileSystem.renameSync(pathBelow(fileSystem, join(root, '.repro'), inStore, 'replaced'), aside);
  }
  for (const path of others) fileSystem.rmSync(join(root, path), { force: true });
  // Manifests last: they tell a collection that begins after a crash which runs were given up.
  for (const name of ['objects', 'records', '']) removeTree(fileSystem, join(root, trash, name));
  removeQuietly(fileSystem, join(root, '.repro', 'quarantine'));
}

function beganWithin(id: string, since: string, now: string): boolean {
  const moment = momentOfRun(id);
  return moment !== null && moment >= Date.parse(since) && moment <= Date.parse(now);
}

interface Run {
  readonly id: string;
  readonly endedAt: string;
  readonly isLatest: boolean;
  /** Its manifest by project path; null for a run that was killed. */
  readonly file: string | null;
  readonly records: readonly StageRecord[];
}

/** Every run there is something of. */
function readRuns(store: Store): Map<string, Run> {
  const runs = new Map<string, Run>();
  const latest = readLatest(store);
  for (const file of filesBelow(store, manifests).filter((path) => path.endsWith('.json'))) {
    const manifest = readFile(store, file);
    if (manifest !== null) runs.set(manifest.run.id, runOf(manifest, file, latest?.id ?? null));
  }
  if (latest !== null && !runs.has(latest.id)) runs.set(latest.id, latest);
  const givenUp = new Set(filesBelow(store, `${trash}/manifests`).map((path) => path.split('/').at(-1)!));
  const orphans = new Map<string, { endedAt: string; records: StageRecord[] }>();
  const told = new Set([...runs.values()].flatMap(({ records }) => records.map(({ fingerprint }) => fingerprint)));
  for (const fingerprint of store.records.list().filter((each) => !told.has(each))) {
    const record = store.records.read(fingerprint);
    if (record === null || runs.has(record.run) || givenUp.has(`${record.run}.json`)) continue;
    const orphan = orphans.get(record.run) ?? { endedAt: '', records: [] };
    orphan.records.push(record);
    if (record.finishedAt > orphan.endedAt) orphan.endedAt = record.finishedAt;
    orphans.set(record.run, orphan);
  }
  for (const [id, orphan] of orphans) runs.set(id, { id, isLatest: false, file: null, ...orphan });
  return runs;
}

/** Names of the stages that `artifacts/manifest.json` says are published. */
export function latestStages(store: Store): string[] {
  return (readFile(store, 'artifacts/manifest.json')?.stages ?? []).map(({ stage }) => stage);
}

function readLatest(store: Store): Run | null {
  const manifest = readFile(store, 'artifacts/manifest.json');
  return manifest && { ...runOf(manifest, null, null), isLatest: true };
}

function runOf({ run, stages }: Manifest, file: string | null, latest: string | null): Run {
  const records = stages.flatMap(({ record }) => record ?? []);
  return { id: run.id, endedAt: run.finishedAt, isLatest: run.id === latest, file, records };
}

/** The manifest at a project path, or null where there is none. */
function readFile(store: Store, path: string): Manifest | null {
  if (!isReadable(store, path)) return null;
  const bytes = store.fileSystem.readFileSync(join(store.root, path));
  try {
    return readManifest(bytes, path);
  } catch (cause) {
    if (!(cause instanceof ReproError)) throw cause;
    const hint = `What it needs is not known: delete "${path}" to give that run up, then collect again`;
    throw new ReproError(cause.code, cause.message, { hint, cause });
  }
}

/** Whether there is a file. Of the store, something else is set aside. */
function isReadable({ fileSystem, root, files }: Store, path: string): boolean {
  const status = orDamaged(() => fileSystem.statSync(join(root, path), { throwIfNoEntry: false }));
  if (status === undefined) return false;
  if (status !== damaged && status.isFile()) return true;
  if (path.startsWith('.repro/')) files.setAside(join(root, path), `"${path}"`);
  return false;
}

/** Runs that a file of `.repro/tags` names. */
function taggedRuns(store: Store, runs: ReadonlyMap<string, Run>): Set<string> {
  const tags = filesBelow(store, '.repro/tags')
    .filter((path) => path.endsWith('.json') && isReadable(store, path))
    .map((path) => store.fileSystem.readFileSync(join(store.root, path), 'utf8'));
  return new Set([...runs.keys()].filter((id) => tags.some((text) => text.includes(`"${id}"`))));
}

/**
 * Objects that records name, files of directories included, and the code that is at hand for the next run.
 * @throws {ReproError} `store-damaged` where the list of a directory's files is lost
 */
function liveObjects(store: Store, records: Iterable<StageRecord>): Set<Digest> {
  const live = new Set<Digest>();
  for (const record of records) {
    for (const digest of namedBy(record)) live.add(digest);
    for (const [name, { digest, kind }] of Object.entries(record.outputs)) {
      if (kind === 'file') continue;
      const tree = store.objects.readTree(parseDigest(digest));
      if (tree === null) {
        const message = `The list of files of output "${name}" of stage "${record.preimage.stage}" is lost or damaged`;
        throw new ReproError('store-damaged', `${message}: which objects it needs is not known`, {
          hint: `Run the pipeline again, or give up run ${record.run}`,
        });
      }
      for (const entry of tree.files) live.add(entry.digest);
    }
  }
  const cache = orAbsent(() => store.fileSystem.readFileSync(join(store.directory, 'cache', 'closures.json'), 'utf8'));
  for (const [digest] of (cache ?? '').matchAll(/sha256:[0-9a-f]{64}/g)) live.add(digest as Digest);
  return live;
}

function namedBy({ outputs, log, curves, preimage }: StageRecord): Digest[] {
  return [
    ...Object.values(outputs).map(({ digest }) => digest),
    log,
    ...(curves === undefined ? [] : [curves]),
    ...Object.values(preimage.code),
    ...Object.values(preimage.inputs).flatMap((input) => filesOf(input).map(({ digest }) => digest)),
  ].filter(isDigest);
}

/** Files below a folder of the project, by project path, sorted. */
function filesBelow(store: Pick<Store, 'fileSystem' | 'root'>, folder: string): string[] {
  const { fileSystem, root } = store;
  const status = orDamaged(() => fileSystem.statSync(join(root, folder), { throwIfNoEntry: false }));
  if (status === damaged || !status?.isDirectory()) return [];
  const entries = fileSystem.readdirSync(join(root, folder), { withFileTypes: true });
  return entries
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      return entry.isDirectory() ? filesBelow(store, path) : [path];
    })
    .sort();
}

function digestOf(objectPath: string): Digest {
  return `sha256:${objectPath.split('/').slice(-2).join('')}`;
}

function sizeOf({ fileSystem, root }: Store, path: string): number {
  return fileSystem.lstatSync(join(root, path), { throwIfNoEntry: false })?.size ?? 0;
}
