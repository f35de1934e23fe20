// Deleting what we made, also where a stage left directories that nobody may write into.
import { join, sep } from 'node:path';
import { errnoOf, orAbsent } from './file-system.ts';
import type { FileSystem } from './file-system.ts';

const wholly = { recursive: true, force: true } as const;

/**
 * Removes a file, or a directory with all below it; nothing there is fine. Links are removed, never followed, and what is
 * mounted in there stays, which is an error. Directories that forbid it are opened first, as far as they are ours.
 */
export function removeTree(fs: FileSystem, path: string): void {
  try {
    removeAt(fs, path);
  } catch {
    openDirectories(fs, path);
    removeAt(fs, path);
  }
}

function removeAt(fs: FileSystem, path: string): void {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (status?.isDirectory()) removeDirectory(fs, Buffer.from(path));
  else if (status !== undefined) orAbsent(() => fs.unlinkSync(path));
}

/** Node's own goes, since version 23, into what is mounted in there. Paths are bytes: not every name is text. */
function removeDirectory(fs: FileSystem, path: Buffer): void {
  if (removeIfEmpty(fs, path)) return;
  for (const entry of orAbsent(() => fs.readdirSync(path, { encoding: 'buffer', withFileTypes: true })) ?? []) {
    const below = Buffer.concat([path, Buffer.from(sep), entry.name]);
    if (entry.isDirectory()) removeDirectory(fs, below);
    else orAbsent(() => fs.unlinkSync(below));
  }
  orAbsent(() => fs.rmdirSync(path));
}

/**
 * Removes a directory that holds nothing; false for one that does. Throws (`EBUSY`) where something is mounted at it: what
 * that holds is not ours.
 */
export function removeIfEmpty(fs: FileSystem, path: string | Buffer): boolean {
  try {
    fs.rmdirSync(path);
    return true;
  } catch (error) {
    // Of one that holds something, file systems say so in several ways.
    if (errnoOf(error) === 'EBUSY') throw error;
    return errnoOf(error) === 'ENOENT';
  }
}

/** Whether something is mounted at a directory, which goes if it holds nothing. */
function isMounted(fs: FileSystem, path: string): boolean {
  try {
    removeIfEmpty(fs, path);
    return false;
  } catch {
    return true;
  }
}

/** The same without making others wait: a disk may take longer for it than a short stage for all it does. */
export async function removeTreeLater(fs: FileSystem, path: string): Promise<void> {
  try {
    await fs.promises.rm(path, wholly);
  } catch (error) {
    if (!openDirectories(fs, path)) throw error;
    await fs.promises.rm(path, wholly);
  }
}

/** Removes what should be a file and may be there, as `removeQuietly` does, in fewer calls. */
export function removeFile(fs: FileSystem, path: string): void {
  try {
    const status = fs.lstatSync(path, { throwIfNoEntry: false });
    if (status === undefined) return;
    if (!status.isDirectory()) return fs.unlinkSync(path);
  } catch {
    // In a directory that a stage locked.
  }
  removeQuietly(fs, path);
}

/** Removes what may be there; used where an earlier error must not be hidden by a later one. */
export function removeQuietly(fs: FileSystem, path: string): void {
  try {
    removeTree(fs, path);
  } catch {
    // Left for the sweep of temporary files at the start of the next run.
  }
}

/** Lets the owner list and change every directory from here on. False where that changed nothing. */
function openDirectories(fs: FileSystem, path: string): boolean {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (!status?.isDirectory() || isMounted(fs, path)) return false;
  let opened = false;
  try {
    if ((status.mode & 0o700) !== 0o700) {
      fs.chmodSync(path, 0o700);
      opened = true;
    }
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory() && openDirectories(fs, join(path, entry.name))) opened = true;
    }
  } catch {
    // Somebody else's: deleting says what is wrong with it.
  }
  return opened;
}
