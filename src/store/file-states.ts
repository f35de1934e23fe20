// Files as they were when they were last read: their status stands for their bytes, and looking again costs a stat each.
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { statKey } from './stat-cache.ts';

/**
 * Paths, absolute or relative to the project, each with its `statKey`; null where nothing was. Pairs, as JSON parses them in
 * half the time of an object with thousands of keys.
 */
export type FileStates = readonly (readonly [path: string, key: string | null])[];

export interface Snapshot {
  /** Links followed. */
  readonly files: FileStates;
  /** Files of our own making, which a link must not replace. */
  readonly own: FileStates;
}

/** Whether every file is as it was. What cannot be reached, for whatever reason, is as good as not there. */
export function isUnchanged(fs: FileSystem, root: string, { files, own }: Snapshot): boolean {
  const options = { bigint: true, throwIfNoEntry: false } as const;
  const keyOf = (path: string, status: typeof fs.statSync | typeof fs.lstatSync): string | null => {
    try {
      const stat = status(path.startsWith('/') ? path : `${root}/${path}`, options);
      return stat === undefined ? null : statKey(stat);
    } catch (error) {
      // A directory that may not be entered, or has become a file.
      if (errnoOf(error) !== null) return null;
      throw error;
    }
  };
  return (
    own.every(([path, key]) => keyOf(path, fs.lstatSync) === key) &&
    files.every(([path, key]) => keyOf(path, fs.statSync) === key)
  );
}
