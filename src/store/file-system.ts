// The seam through which the store touches the disk, so that tests can fail its n-th call.
import * as fs from 'node:fs';

/** The part of `node:fs` the store and the runner use. Synchronous where files are small: ten times faster than promises. */
export type FileSystem = Pick<
  typeof fs,
  | 'chmodSync'
  | 'closeSync'
  | 'existsSync'
  | 'fstatSync'
  | 'fsyncSync'
  | 'linkSync'
  | 'lstatSync'
  | 'mkdirSync'
  | 'openSync'
  | 'readFileSync'
  | 'readdirSync'
  | 'realpathSync'
  | 'renameSync'
  | 'rmSync'
  | 'statSync'
  | 'symlinkSync'
  | 'writeSync'
> & { readonly promises: Pick<typeof fs.promises, 'copyFile' | 'open' | 'rm'> };

export const nodeFileSystem: FileSystem = fs;

/** The errno name of a failed call (`ENOENT`), or null for any other error. */
export function errnoOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

/** The result of a call, or null where there is no such file; unlike asking first, every other error is one. */
export function orAbsent<T>(call: () => T): T | null {
  try {
    return call();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

/** The status of a path, links followed; null where nothing can be reached, be it that it is not there or not ours to see. */
export function reach(fs: FileSystem, path: string): fs.BigIntStats | null {
  try {
    return fs.statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  } catch (error) {
    if (errnoOf(error) === null) throw error;
    return null;
  }
}

export function isFile(fs: FileSystem, path: string): boolean {
  return reach(fs, path)?.isFile() ?? false;
}
