// From an error that was thrown to a failure that is reported: the world fails one stage, a bug of ours ends the run.
import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { ReproError } from '../error.ts';
import { errnoOf } from '../store/file-system.ts';
import type { SystemError } from '../store/file-system.ts';
import type { StageFailure } from './event.ts';

const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and run again',
  EDQUOT: 'The disk quota is used up: free some space and run again',
  EROFS: 'The file system is read-only: work in a copy of the project elsewhere, or mount it to be written',
  EACCES: 'Check the permissions of the file, and of the directories on the way to it',
  EPERM: 'Check the permissions of the file, and of the directories on the way to it',
  EIO: 'The disk, or the network it hangs on, has failed',
  ENOENT: 'It, or a directory on the way to it, is not there',
  EISDIR: 'It is a directory: name a file',
  ENOTDIR: 'Something on the way to it is a file',
  ENAMETOOLONG: 'A file system allows names of 255 bytes and paths of 4096: shorten the name, or move the project up',
  ELOOP: 'Links on the way to it lead in a circle: remove one of them',
  ENOTEMPTY: 'Another process writes there: end it, and run again',
  EEXIST: 'Another process writes there: end it, and run again',
  EBUSY: 'It is in use, or something is mounted there: run again when it is not',
  ETXTBSY: 'It is a program that runs: run again when it has ended',
  EMFILE: 'Too many files are open: raise the limit (ulimit -n), or run fewer stages at once with --jobs',
  ENFILE: 'Too many files are open on this machine: run fewer stages at once with --jobs',
  ENOMEM: 'The machine has no memory left: run fewer stages at once with --jobs',
  EFBIG: 'The file is larger than the file system, or the limit (ulimit -f), allows',
  EXDEV: 'Another file system is mounted within .repro: unmount it',
  ESTALE: 'The file system of a network has lost the file: run again, or mount it again',
  ENXIO: 'It is a socket, a pipe or a device: name a file',
  ENODEV: 'It is a socket, a pipe or a device: name a file',
};
const otherwise = 'The operating system refuses it, not repro: look at that path, its file system and its limits';

/** Of texts beyond what Node can hold as one. */
const tooLarge: readonly string[] = ['ERR_FS_FILE_TOO_LARGE', 'ERR_STRING_TOO_LONG'];

/** An error of the operating system as a `ReproError` that says what, where and what to do; null for any other. */
function systemFailure(error: unknown): ReproError | null {
  let name = errnoOf(error);
  if (error instanceof ReproError || name === null) return null;
  if (tooLarge.includes(name)) {
    const hint = 'No file of this kind is so large: look at what writes it';
    return new ReproError('file-system', (error as Error).message, { hint, cause: error });
  }
  if (!/^(E[A-Z0-9]+|UNKNOWN)$/.test(name)) return null;
  const { syscall, path } = error as SystemError;
  let { message } = error as SystemError;
  // What Node says of a directory that it cannot make, on a disk that is read-only, is that it is not there.
  const refused = name === 'ENOENT' && syscall === 'mkdir' && path !== undefined ? refusalAbove(path) : null;
  if (refused !== null) {
    name = errnoOf(refused)!;
    message = refused.message.replace(/, access .*/, `, mkdir '${path}'`);
  }
  // Errors that Node has no name for.
  if (!message.startsWith(name)) message = `${name}: ${message.replace(/^(UNKNOWN: |, |Unknown error: )+/, '')}`;
  if (path !== undefined && !message.includes(path)) message = `${message} '${path}'`;
  return new ReproError('file-system', message, { hint: hints[name] ?? otherwise, cause: error });
}

/** Why nothing can be made in the nearest directory above a path that is there; null when it could. */
function refusalAbove(path: string): Error | null {
  try {
    accessSync(dirname(path), constants.W_OK);
    return null;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') return error as Error;
    return dirname(path) === path ? null : refusalAbove(dirname(path));
  }
}

/** An error of the system as a `ReproError`, wherever it was met; others as they are. */
export function readable(error: unknown): unknown {
  return systemFailure(error) ?? error;
}

/** The failure that an error stands for. Errors that are neither ours nor the system's are thrown again. */
export function failureOf(thrown: unknown): StageFailure {
  const error = readable(thrown);
  if (!(error instanceof ReproError)) throw error;
  return { code: error.code, message: error.message, hint: error.hint, log: null, tail: [] };
}

/** Throws an error of the system as a `ReproError`, for what concerns the whole run; others as they are. */
export function rethrowReadable(error: unknown): never {
  throw readable(error);
}
