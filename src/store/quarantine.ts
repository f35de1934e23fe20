// Damaged files are kept out of the way, for whoever wants to know what happened to them; they count as missing.
import { temporaryPath } from './atomic-write.ts';
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';

/** Moves a damaged file aside. What became of it, to follow "it"; null when another reader was first. */
export function setAside(fs: FileSystem, path: string, directory: string): string | null {
  try {
    const aside = temporaryPath(fs, directory);
    fs.renameSync(path, aside);
    return `was moved to "${aside}"`;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT') return null;
    if (errno === null) throw error;
    return `cannot be moved aside (${errno})`;
  }
}
