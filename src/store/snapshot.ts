// Files as they were when they were last read: their status stands for their bytes, and looking again costs a stat each.
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { statKey } from './stat-cache.ts';

/** `statKey` by path, absolute or relative to the project; null where nothing was. */
export interface Snapshot {
  /** Links followed. */
  readonly files: Readonly<Record<string, string | null>>;
  /** Files of our own making, which a link must not replace. */
  readonly own: Readonly<Record<string, string | null>>;
}

/** Whether every file is as it was. */
export function isUnchanged(fs: FileSystem, root: string, { files, own }: Snapshot): boolean {
  const options = { bigint: true, throwIfNoEntry: false } as const;
  const agree = (known: Snapshot['files'], status: typeof fs.statSync | typeof fs.lstatSync): boolean => {
    for (const path in known) {
      const stat = status(path.startsWith('/') ? path : `${root}/${path}`, options);
      if ((stat === undefined ? null : statKey(stat)) !== known[path]) return false;
    }
    return true;
  };
  try {
    return agree(own, fs.lstatSync) && agree(files, fs.statSync);
  } catch (error) {
    // A directory that may no longer be entered, or has become a file.
    if (errnoOf(error) !== null) return false;
    throw error;
  }
}
