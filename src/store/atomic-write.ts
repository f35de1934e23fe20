// A file is either as it was or complete: write a temporary file in the same file system, then rename it into place.
import { randomUUID } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { FileSystem } from './file-system.ts';

export interface AtomicWriteOptions {
  /** Directory for the temporary file; in the same file system as the target. */
  readonly temporary: string;
  /** Wait until bytes and name are on the disk. For files that cannot be recomputed. */
  readonly durable?: boolean;
}

/** A fresh path in a directory, which is created. */
export function temporaryPath(fs: FileSystem, directory: string): string {
  fs.mkdirSync(directory, { recursive: true });
  return join(directory, randomUUID());
}

/** Replaces or creates a file. On failure the target is untouched and the temporary file removed. */
export function writeAtomically(
  fs: FileSystem,
  path: string,
  data: string | Uint8Array,
  options: AtomicWriteOptions,
): void {
  const temporary = temporaryPath(fs, options.temporary);
  try {
    writeNewFile(fs, temporary, data, { durable: options.durable ?? false });
    fs.mkdirSync(dirname(path), { recursive: true });
    fs.renameSync(temporary, path);
    if (options.durable) syncDirectory(fs, dirname(path));
  } catch (error) {
    removeQuietly(fs, temporary);
    throw error;
  }
}

/** Writes a file that must not exist yet. */
export function writeNewFile(
  fs: FileSystem,
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number; readonly durable?: boolean } = {},
): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  const file = fs.openSync(path, 'wx', options.mode ?? 0o644);
  try {
    for (let written = 0; written < bytes.length;) written += fs.writeSync(file, bytes, written);
    if (options.durable) fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** Removes what may be there; used where an earlier error must not be hidden by a later one. */
export function removeQuietly(fs: FileSystem, path: string): void {
  try {
    fs.rmSync(path, { force: true, recursive: true });
  } catch {
    // Left for the sweep of temporary files at the start of the next run.
  }
}

/** A rename survives a power failure only when its directory has been synced too. */
function syncDirectory(fs: FileSystem, path: string): void {
  const directory = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(directory);
  } finally {
    fs.closeSync(directory);
  }
}
