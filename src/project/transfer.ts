// What moving results to and from a remote has in common: options, the lock, and what went wrong as an error for people.
import { exitCode, ReproError } from '../error.ts';
import type { Progress } from '../remote/progress.ts';
import { RemoteFault } from '../remote/remote.ts';
import { rethrowReadable } from '../runner/failure.ts';
import { systemClock } from '../runner/process/clock.ts';
import type { Store } from '../store/store.ts';
import type { OpenRemote } from './open-remote.ts';
import type { PlanOptions } from './plan.ts';

export interface TransferOptions extends PlanOptions {
  /** Name of a remote; the only one, where it is left out. */
  readonly remote?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export const never = (): AbortSignal => new AbortController().signal;

/** Nobody else is at work in the store until it is done. */
export async function withLock<T>(store: Store, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  using _lock = await store.lock({ since: systemClock.now(), wait: false, signal, onWait: () => {} });
  return await act();
}

const hints = {
  unreachable: 'nothing is lost: the same command goes on from what is there',
  silent: 'nothing is lost: the same command goes on from what is there',
  refused: 'look at the credentials, at what they allow, and at what the server can do',
  full: 'make room there',
  'not-taken':
    'its log says why: its disk may be full, or it may not write there; the same command goes on from what is there',
  damaged:
    'push it again from where it was computed, with --force; or run the pipeline, which computes what is missing',
} as const;

/** What a remote did not do, as an error for people. */
export async function explaining<T>(
  { name }: Pick<OpenRemote, 'name'>,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    if (signal.aborted) {
      const hint = 'what has arrived whole is kept: the same command goes on from there';
      throw new ReproError('interrupted', 'Interrupted before all was there', {
        exit: exitCode.interrupted,
        hint,
        cause,
      });
    }
    if (!(cause instanceof RemoteFault)) return rethrowReadable(cause);
    throw new ReproError('remote-failed', `Remote "${name}": ${cause.message}`, { hint: hints[cause.kind], cause });
  }
}
