// What executions and downloads that did not come to their end left in the store: `.repro/work`, `.repro/downloads`. The next
// run may go on from it, so that only its age tells what nobody will use.
import { join } from 'node:path';
import { hexOf, isDigest } from '../store/digest.ts';
import { removeTree } from '../store/remove.ts';
import type { Store } from '../store/store.ts';

export interface Leftover {
  /** By project path. */
  readonly path: string;
  readonly bytes: number;
  /** When a file of it was last written, ISO 8601. */
  readonly touchedAt: string;
  /** Whether a run may go on from it. */
  readonly isKept: boolean;
}

/** How long what is unfinished is kept when nothing else is asked for. */
export const keptDays = 7;

/** @param since ISO 8601. What was touched at this moment or later is kept, unless its result is known. */
export function findLeftovers(store: Store, since: string): Leftover[] {
  const known = new Set(store.records.list().map((fingerprint) => hexOf(fingerprint).slice(0, 16)));
  const isAwaited = (folder: string, name: string): boolean => {
    if (folder === 'work') return /^[0-9a-f]{16}$/.test(name) && !known.has(name);
    const digest = `sha256:${name.slice(0, 64)}`;
    return /^[0-9a-f]{64}\.part(\.json)?$/.test(name) && isDigest(digest) && !store.objects.has(digest);
  };
  // Of a cluster: it may wait there longer than anything is kept. Runs find out when it has ended.
  const hasJob = (folder: string, name: string): boolean =>
    store.fileSystem.existsSync(join(store.directory, folder, name, 'job.json'));
  return ['work', 'downloads'].flatMap((folder) => {
    const status = store.fileSystem.lstatSync(join(store.directory, folder), { throwIfNoEntry: false });
    // Nothing of ours lies behind a link.
    if (!status?.isDirectory()) return [];
    return store.files
      .names(join(store.directory, folder))
      .sort()
      .map((name) => {
        const { bytes, touched } = measure(store, join(store.directory, folder, name));
        const touchedAt = new Date(touched).toISOString();
        const isKept = hasJob(folder, name) || (isAwaited(folder, name) && touchedAt >= since);
        return { path: `.repro/${folder}/${name}`, bytes, touchedAt, isKept };
      });
  });
}

/** Deletes those that are not kept. Only for the holder of the lock, once the processes that work there have ended. */
export function deleteLeftovers({ fileSystem, root }: Store, leftovers: readonly Leftover[]): void {
  for (const { path, isKept } of leftovers) if (!isKept) removeTree(fileSystem, join(root, path));
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
