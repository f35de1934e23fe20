// What executions, downloads and shells left in the store: `.repro/work`, `.repro/downloads`, `.repro/shell`. The next run, or
// a person, may go on from it, so that mostly its age tells what nobody will use.
import { join } from 'node:path';
import type { StageAssignment } from '../schema/types.ts';
import { validate_stage } from '../schema/validators.js';
import { hexOf, isDigest } from '../store/digest.ts';
import { orAbsent } from '../store/file-system.ts';
import { isProcessIdentity, isProvablyDead } from '../store/lock.ts';
import { removeTree } from '../store/remove.ts';
import type { Store } from '../store/store.ts';

export interface Leftover extends Fate {
  /** By project path. */
  readonly path: string;
  readonly bytes: number;
  /** When a file of it was last written, ISO 8601. */
  readonly touchedAt: string;
}

interface Fate {
  readonly isKept: boolean;
  /** Why, or why not. */
  readonly why: string;
}

/** How long what is unfinished is kept when nothing else is asked for. */
export const keptDays = 7;

export interface LeftoverRule {
  /** ISO 8601. What was touched at this moment or later is kept, unless it is known to be of no use. */
  readonly since: string;
  /** Under which names the stages of the pipeline are known, whatever the profile; null: nobody can tell. */
  readonly stages: ReadonlySet<string> | null;
}

export function findLeftovers(store: Store, rule: LeftoverRule): Leftover[] {
  const known = new Set(store.records.list().map((fingerprint) => hexOf(fingerprint).slice(0, 16)));
  const fates: Readonly<Record<string, (name: string, touchedAt: string) => Fate>> = {
    work: (name, touchedAt) => fateOfWork(store, name, { ...rule, isKnown: known.has(name), touchedAt }),
    downloads: (name, touchedAt) => fateOfDownload(store, name, touchedAt >= rule.since),
    shell: (name, touchedAt) => fateOfShell(store, name, touchedAt >= rule.since),
  };
  return Object.entries(fates).flatMap(([folder, fateOf]) => {
    const status = store.fileSystem.lstatSync(join(store.directory, folder), { throwIfNoEntry: false });
    // Nothing of ours lies behind a link.
    if (!status?.isDirectory()) return [];
    return store.files
      .names(join(store.directory, folder))
      .sort()
      .map((name) => {
        const { bytes, touched } = measure(store, join(store.directory, folder, name));
        const touchedAt = new Date(touched).toISOString();
        return { path: `.repro/${folder}/${name}`, bytes, touchedAt, ...fateOf(name, touchedAt) };
      });
  });
}

/** Deletes those that are not kept. Only for the holder of the lock, once the processes that work there have ended. */
export function deleteLeftovers({ fileSystem, root }: Store, leftovers: readonly Leftover[]): void {
  for (const { path, isKept } of leftovers) if (!isKept) removeTree(fileSystem, join(root, path));
}

const kept = (why: string): Fate => ({ isKept: true, why });
const given = (why: string): Fate => ({ isKept: false, why });
const old = given('untouched for long');

/** A directory whose attempt left something in `scratch/` is kept while it is young: code may be put back as it was. */
function fateOfWork(
  store: Store,
  name: string,
  { since, stages, isKnown, touchedAt }: LeftoverRule & { readonly isKnown: boolean; readonly touchedAt: string },
): Fate {
  const path = join(store.directory, 'work', name);
  const has = (file: string): boolean => store.fileSystem.existsSync(join(path, file));
  // Of a cluster: it may wait there longer than anything is kept. Runs find out when it has ended.
  if (has('job.json')) return kept('a job may be at work there');
  if (!/^[0-9a-f]{16}$/.test(name)) return given('of an execution that was only to be compared');
  const isYoung = touchedAt >= since;
  if (isKnown && has('kept')) return isYoung ? kept('as run --keep asked') : old;
  if (isKnown) return given('its stage ended well');
  if (!hasScratch(store, path)) {
    const { stage, cell } = readAssignment(store, path) ?? {};
    if (stage !== undefined && stages !== null && !stages.has(stage)) return given('its stage is no more');
    const later = stage === undefined ? undefined : store.records.earlier(stage, cell!, 1)[0];
    if (later && later.finishedAt > touchedAt) return given('its stage has ended well since');
  }
  return isYoung ? kept('a run may go on from it') : old;
}

function hasScratch({ files }: Store, path: string): boolean {
  return files.names(join(path, 'run', 'scratch')).length > 0;
}

function readAssignment({ fileSystem: fs }: Store, path: string): StageAssignment | null {
  try {
    const value: unknown = JSON.parse(fs.readFileSync(join(path, 'run', 'stage.json'), 'utf8'));
    return validate_stage(value) ? (value as unknown as StageAssignment) : null;
  } catch {
    return null; // It is being made, or was changed by the stage.
  }
}

function fateOfDownload({ objects }: Store, name: string, isYoung: boolean): Fate {
  const digest = `sha256:${name.slice(0, 64)}`;
  if (!/^[0-9a-f]{64}\.part(\.json)?$/.test(name) || !isDigest(digest)) return given('no part of a download');
  if (objects.has(digest)) return given('all of it has come since');
  return isYoung ? kept('a run may go on from it') : old;
}

function fateOfShell({ fileSystem, directory }: Store, name: string, isYoung: boolean): Fate {
  const text = orAbsent(() => fileSystem.readFileSync(join(directory, 'shell', name, 'process.json'), 'utf8'));
  if (isAlive(text)) return kept('its shell is open');
  return isYoung ? kept('as shell --keep asked, or its shell was killed') : old;
}

/** Whether the process that a note names may live. */
function isAlive(note: string | null): boolean {
  try {
    const owner: unknown = JSON.parse(note ?? 'null');
    return isProcessIdentity(owner) && !isProvablyDead(owner);
  } catch {
    return false; // Cut short.
  }
}

/** Bytes of all files, and when the last of them was written. Links are not followed. */
function measure(store: Store, path: string): { bytes: number; touched: number } {
  const status = store.fileSystem.lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined) return { bytes: 0, touched: 0 };
  if (!status.isDirectory()) return { bytes: status.size, touched: status.mtimeMs };
  // A directory that was partly deleted was not written in: only what it holds tells its age.
  const all = store.files.names(path).map((name) => measure(store, join(path, name)));
  return {
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    touched: all.reduce((latest, { touched }) => Math.max(latest, touched), 0),
  };
}
