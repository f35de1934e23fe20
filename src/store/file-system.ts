// The seam through which the store touches the disk, so that tests can fail its n-th call.
import * as fs from 'node:fs';
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';

/** The part of `node:fs` the store and the runner use. Synchronous where files are small: ten times faster than promises. */
export type FileSystem = Pick<
  typeof fs,
  | 'chmodSync'
  | 'closeSync'
  | 'cpSync'
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
  | 'rmdirSync'
  | 'statSync'
  | 'symlinkSync'
  | 'unlinkSync'
  | 'writeSync'
> & { readonly promises: Pick<typeof fs.promises, 'copyFile' | 'open' | 'rm' | 'rmdir' | 'statfs'> };

export const nodeFileSystem: FileSystem = fs;

/** What Node's errors of the system have beside their message; some lack a part. */
export interface SystemError extends Error {
  code: string;
  readonly errno?: number;
  readonly syscall?: string;
  path?: string;
  readonly info?: { readonly code?: unknown };
}

/** The errno name of a failed call (`ENOENT`), or null for any other error. */
export function errnoOf(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return null;
  return nameOf(error as SystemError);
}

/** Words of the C library for what libuv words otherwise. */
const otherWords: Readonly<Record<string, string>> = {
  'input/output error': 'EIO',
  'device or resource busy': 'EBUSY',
  'disk quota exceeded': 'EDQUOT',
};

/** Node names errors that libuv knows; its `rmSync` since version 24 a few of them, and leaves the code empty for others. */
function nameOf({ code, errno = 0, message, syscall, info }: SystemError): string {
  if (code.startsWith('ERR_FS_') && typeof info?.code === 'string') return info.code;
  if (code !== 'UNKNOWN' && (code !== '' || syscall === undefined)) return code;
  const byNumber = Object.entries(constants.errno).find(([, number]) => number === Math.abs(errno));
  if (byNumber) return byNumber[0];
  const text = message.toLowerCase();
  const byText = [...getSystemErrorMap().values(), ...Object.entries(otherWords).map(([words, name]) => [name, words])];
  return byText.find(([, words]) => words !== 'unknown error' && text.includes(words!))?.[0] ?? 'UNKNOWN';
}

/** The result of a call; an error of the system that does not say of which file, such as that of a write, says it. */
export function locating<T>(path: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw located(error, path);
  }
}

/** The same error, which says of which file it is. */
export function located(error: unknown, path: string): unknown {
  if (error instanceof Error && 'syscall' in error) (error as SystemError).path ??= path;
  return error;
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

/** Creates a directory, with those above it. Asks first: a directory that is made again costs three times as much. */
export function makeDirectory(fs: FileSystem, path: string): void {
  if (!fs.existsSync(path)) fs.mkdirSync(path, { recursive: true });
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

/** Whether a path leads to a directory, through links too. */
export function isDirectory(fs: FileSystem, path: string): boolean {
  return reach(fs, path)?.isDirectory() ?? false;
}
