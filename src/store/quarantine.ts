// What is damaged is kept out of the way, for whoever wants to know what happened to it; it counts as missing.
import { dirname } from 'node:path';
import { temporaryPath } from './atomic-write.ts';
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';

/** What reading says of what is no readable file. Not: too many open files, or a disk that may answer the next time. */
const damages = new Set([
  'EACCES',
  'EBADMSG',
  'EISDIR',
  'ELOOP',
  'ENODEV',
  'ENOTDIR',
  'ENXIO',
  'EPERM',
  'EUCLEAN',
  'ERR_FS_FILE_TOO_LARGE',
  'ERR_STRING_TOO_LONG',
]);

export const damaged = Symbol('damaged');

/** The result of looking at a file of the store, or `damaged` where what is there cannot be looked at. */
export function orDamaged<T>(look: () => T): T | typeof damaged {
  try {
    return look();
  } catch (error) {
    if (isDamage(error)) return damaged;
    throw error;
  }
}

export function isDamage(error: unknown): boolean {
  return damages.has(errnoOf(error) ?? '');
}

/** Moves what is damaged aside, whatever it is. What became of it, to follow "it"; null when another reader was first. */
export function setAside(fs: FileSystem, path: string, directory: string): string | null {
  try {
    if (isAnothers(fs, path)) return 'belongs to another user, is left where it is';
    makeWay(fs, directory);
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

/** In a store that users share, what one may not read another may. */
function isAnothers(fs: FileSystem, path: string): boolean {
  const user = process.getuid?.() ?? 0;
  return user !== 0 && fs.lstatSync(path).uid !== user;
}

/** Something else under the quarantine's own name becomes the first thing in it. */
function makeWay(fs: FileSystem, directory: string): void {
  if (!isOther(fs, directory)) return;
  const other = temporaryPath(fs, dirname(directory));
  fs.renameSync(directory, other);
  fs.renameSync(other, temporaryPath(fs, directory));
}

/** Whether something is there that is not a directory. */
export function isOther(fs: FileSystem, path: string): boolean {
  const status = orDamaged(() => fs.statSync(path, { throwIfNoEntry: false }));
  if (status === damaged) return true;
  if (status !== undefined) return !status.isDirectory();
  return fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
