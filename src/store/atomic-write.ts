// A file is either as it was or complete: write a temporary file in the same file system, then rename it into place.
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { dirname, join, sep } from 'node:path';
import { errnoOf, locating, makeDirectory } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { pathBelow } from './path-below.ts';
import { removeQuietly } from './remove.ts';

export interface AtomicWriteOptions {
  /** Directory for the temporary file; in the same file system as the target. */
  readonly temporary: string;
  /** Wait until bytes and name are on the disk. For files that cannot be recomputed. */
  readonly durable?: boolean;
}

/** A fresh path in a directory, which is created. */
export function temporaryPath(fs: FileSystem, directory: string): string {
  makeDirectory(fs, directory);
  return join(directory, randomUUID());
}

/** Replaces or creates a file. On failure the target is untouched and the temporary file removed. */
export function writeAtomically(
  fs: FileSystem,
  path: string,
  data: string | Uint8Array,
  { temporary, durable = false }: AtomicWriteOptions,
): void {
  replace(fs, path, data, { temporary: () => temporaryPath(fs, temporary), durable });
  if (durable) syncNames(fs, dirname(path), dirname(dirname(temporary)));
}

/**
 * The same outside the store, where the target may lie in any file system. So the temporary file lies beside the
 * target. What a killed process left there goes with the next write. A pipe or a device is written to as it is. A link
 * stays, and the file it leads to is replaced.
 */
export function writeBeside(fs: FileSystem, path: string, data: string | Uint8Array): void {
  const status = fs.statSync(path, { throwIfNoEntry: false });
  if (status && !status.isFile() && !status.isDirectory()) {
    writeAll(fs, path, fs.openSync(path, 'w'), data);
    return;
  }
  const target = status?.isFile() ? fs.realpathSync(path) : path;
  const directory = dirname(target);
  replace(fs, target, data, { temporary: () => freshBeside(fs, directory), durable: false });
}

/**
 * The same at a place in the project that nobody named, such as `artifacts/report.html`. No folder below the first one
 * may be a link. A link, a pipe or a device at the place itself gives way to the file. Returns the absolute path.
 * @throws {ReproError} `unsafe-path` where a folder on the way is a link
 */
export function writeInProject(fs: FileSystem, root: string, path: string, data: string | Uint8Array): string {
  const [top = '', ...below] = path.split('/');
  const target = below.length === 0 ? join(root, top) : pathBelow(fs, join(root, top), below.join('/'), 'replaced');
  replace(fs, target, data, { temporary: () => freshBeside(fs, dirname(target)), durable: false });
  return target;
}

function freshBeside(fs: FileSystem, directory: string): string {
  fs.mkdirSync(directory, { recursive: true });
  sweepBeside(fs, directory);
  return temporaryBeside(directory);
}

/** A fresh path in a directory outside the store. Of one length, whatever it is to become: names have a limit. */
export function temporaryBeside(directory: string): string {
  return join(directory, `.repro-tmp-${process.pid}-${randomUUID()}`);
}

/** Whether a name is that of a temporary file whose process has ended. */
export function isLeftBeside(name: string): boolean {
  const [, pid] = /^\.repro-tmp-(\d+)-[0-9a-f-]{36}$/.exec(name) ?? [];
  return pid !== undefined && hasEnded(Number(pid));
}

/** Removes temporary files of processes that have ended. */
function sweepBeside(fs: FileSystem, directory: string): void {
  try {
    for (const name of fs.readdirSync(directory)) {
      if (isLeftBeside(name)) removeQuietly(fs, join(directory, name));
    }
  } catch {
    // Left for the next.
  }
}

function hasEnded(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
}

function replace(
  fs: FileSystem,
  path: string,
  data: string | Uint8Array,
  { temporary: fresh, durable }: { readonly temporary: () => string; readonly durable: boolean },
): void {
  for (let attempt = 1; ; attempt++) {
    const temporary = fresh();
    try {
      writeNewFile(fs, temporary, data, { durable });
      makeDirectory(fs, dirname(path));
      fs.renameSync(temporary, path);
      return;
    } catch (error) {
      removeQuietly(fs, temporary);
      // Whoever takes the lock sweeps temporary files away, those of a verb that needs no lock among them.
      if (errnoOf(error) !== 'ENOENT' || attempt === 3) throw error;
    }
  }
}

/** Writes a file that must not exist yet. */
export function writeNewFile(
  fs: FileSystem,
  path: string,
  data: string | Uint8Array,
  options: { readonly mode?: number; readonly durable?: boolean } = {},
): void {
  writeAll(fs, path, fs.openSync(path, 'wx', options.mode ?? 0o644), data, options.durable);
}

function writeAll(fs: FileSystem, path: string, file: number, data: string | Uint8Array, durable = false): void {
  const bytes = typeof data === 'string' ? Buffer.from(data) : data;
  try {
    locating(path, () => {
      for (let written = 0; written < bytes.length;) written += fs.writeSync(file, bytes, written);
      if (durable) fs.fsyncSync(file);
    });
  } finally {
    fs.closeSync(file);
  }
}

/** Directories whose names this process has seen to the disk. */
const named = new Set<string>();

/** The names in a directory, and those of the directories above it as far as `top`, which may be new. */
function syncNames(fs: FileSystem, directory: string, top: string): void {
  syncToDisk(fs, directory);
  for (let each = directory; each.startsWith(`${top}${sep}`) && !named.has(each); each = dirname(each)) {
    syncToDisk(fs, dirname(each));
    named.add(each);
  }
}

/** Waits until a file, or the names in a directory, are on the disk. A rename survives a power failure only when both are. */
export function syncToDisk(fs: FileSystem, path: string): void {
  const file = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
}

/** With more, one call for their whole file system is quicker: 5,000 small files took 27 s one by one, and .4 s so. */
const manyPaths = 64;

/** The same for many paths, all of them in the file system of one directory. */
export function syncAllToDisk(fs: FileSystem, paths: readonly string[], directory: string): void {
  if (paths.length > manyPaths && syncFileSystem(directory)) return;
  for (const path of paths) syncToDisk(fs, path);
}

/** Node cannot ask the system for it. Elsewhere than on Linux the program knows no directory, or does not wait. */
function syncFileSystem(directory: string): boolean {
  if (process.platform !== 'linux') return false;
  return spawnSync('sync', ['-f', directory], { stdio: 'ignore' }).status === 0;
}
