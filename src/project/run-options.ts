// What may be asked of a run.
import type { Emit } from '../runner/event.ts';
import type { LimitOptions } from './limits.ts';
import type { PlanOptions } from './plan.ts';
import type { RemoteOptions } from './remote-results.ts';

export interface StageOptions extends PlanOptions, LimitOptions {
  /** Stages or cells, which are taken with what they need; all by default. */
  readonly stages?: readonly string[];
  /** Wait for another run of the project to end, instead of failing. */
  readonly wait?: boolean;
  /** Is told of everything as it happens. */
  readonly onEvent?: Emit;
  /** Its abort ends running stages and starts no others; what is finished is kept. */
  readonly signal?: AbortSignal;
}

export interface RunOptions extends StageOptions, RemoteOptions {
  /** After a failure start no other stage; by default those that do not need it go on. */
  readonly failFast?: boolean;
  /** Run Node stages under Node's permissions: an undeclared read fails the stage. */
  readonly strict?: boolean;
  /** Run stages under strace, and warn of what they read undeclared. */
  readonly trace?: boolean;
  /** Directories whose files need no declaration. */
  readonly system?: readonly string[];
  /** Keep the directories in which stages worked. */
  readonly keep?: boolean;
  /** Execute the stages although their results are known. */
  readonly force?: boolean;
}
