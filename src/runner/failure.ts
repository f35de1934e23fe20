// From an error that was thrown to a failure that is reported: the world fails one stage, a bug of ours ends the run.
import { ReproError } from '../error.ts';
import { errnoOf } from '../store/file-system.ts';
import type { StageFailure } from './event.ts';

const diskHints: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full: free some space and run again',
  EDQUOT: 'The disk quota is used up: free some space and run again',
  EROFS: 'The file system is read-only',
  EACCES: 'Check the permissions of the file',
  EPERM: 'Check the permissions of the file',
  EIO: 'The disk, or the network it hangs on, has failed',
  EISDIR: 'It is a directory: name a file',
  ENOTDIR: 'Something on the way to it is a file',
};

/** An error of the disk as a `ReproError`, wherever it was met; others as they are. */
export function readable(error: unknown): unknown {
  const errno = errnoOf(error);
  if (error instanceof ReproError || errno === null || !(errno in diskHints)) return error;
  return new ReproError('file-system', (error as Error).message, { hint: diskHints[errno], cause: error });
}

/** The failure that an error stands for. Errors that are neither ours nor the file system's are thrown again. */
export function failureOf(error: unknown): StageFailure {
  const bare = { log: null, tail: [] };
  if (error instanceof ReproError) return { code: error.code, message: error.message, hint: error.hint, ...bare };
  const errno = errnoOf(error);
  if (errno === null || !/^E[A-Z]+$/.test(errno)) throw error;
  return { code: 'file-system', message: (error as Error).message, hint: diskHints[errno], ...bare };
}

/** Throws an error of the file system as a `ReproError`, for what concerns the whole run; others as they are. */
export function rethrowReadable(error: unknown): never {
  if (error instanceof ReproError) throw error;
  const { code, message, hint } = failureOf(error);
  throw new ReproError(code, message, { hint, cause: error });
}
