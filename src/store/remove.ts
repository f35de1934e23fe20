// Deleting what we made, also where a stage left directories that nobody may write into.
import { join } from 'node:path';
import type { FileSystem } from './file-system.ts';

const wholly = { recursive: true, force: true } as const;

/**
 * Removes a file, or a directory with all below it; nothing there is fine. Links are removed, never followed. Directories
 * that forbid it are opened first, as far as they are ours.
 */
export function removeTree(fs: FileSystem, path: string): void {
  try {
    fs.rmSync(path, wholly);
  } catch {
    openDirectories(fs, path);
    removeOneByOne(fs, path);
  }
}

/** Node's own call names, since version 24, the tree alone that it cannot remove; this one names what in it resists. */
function removeOneByOne(fs: FileSystem, path: string): void {
  const isDirectory = fs.lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  if (isDirectory) for (const name of fs.readdirSync(path)) removeOneByOne(fs, join(path, name));
  fs.rmSync(path, wholly);
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
  if (!status?.isDirectory()) return false;
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
