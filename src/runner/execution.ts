// What an execution of a cell is given.
import { dirname } from 'node:path';
import type { Preimage } from '../schema/types.ts';
import type { Digest } from '../store/digest.ts';
import type { Emit, StageFailure } from './event.ts';
import type { FrozenCode } from './freeze.ts';
import type { InputContext } from './inputs.ts';
import type { Clock } from './process/clock.ts';
import type { Executor, Executors } from './process/executor.ts';
import type { WorkDirectory } from './process/work-directory.ts';
import type { Watch } from './watch/declared.ts';

export interface Execution extends InputContext {
  readonly runId: string;
  readonly fingerprint: Digest;
  readonly preimage: Preimage;
  readonly code: FrozenCode;
  readonly reasons: readonly string[];
  /** What a killed attempt left in `scratch/`. */
  readonly scratch: 'keep' | 'discard';
  /** A repeat is compared with the record there is, and does not replace it. */
  readonly purpose: 'record' | 'repeat';
  /** Deletes its directory, whose results are stored: outputs of so many bytes. */
  readonly clear: (work: WorkDirectory, bytes?: number) => void;
  /** Puts an emptied directory of an earlier stage where this one works, if there is one and nothing lies there. */
  readonly offer: (work: WorkDirectory) => boolean;
  /** Devices that are the stage's own while it runs, as `CUDA_VISIBLE_DEVICES` names them. */
  readonly gpus: readonly string[];
  /** Which attempt this is and why, when it is not the first; it adds to the log of those before. */
  readonly retry?: Retry;
  readonly executor: Executor;
  /** Those whose jobs may be found in its directory. */
  readonly executors: Executors;
  readonly watch: Watch;
  readonly clock: Clock;
  readonly emit: Emit;
}

export interface Retry {
  readonly attempt: number;
  /** At most. */
  readonly attempts: number;
  /** How the attempt before ended. */
  readonly failure: StageFailure;
}

/** A path of the store as people know it, relative to the project. */
export function projectPath({ store }: Pick<Execution, 'store'>, path: string): string {
  return path.slice(dirname(store.directory).length + 1);
}
