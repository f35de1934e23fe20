// What an executor of a cluster is given.
import type { Grouping } from './batches.ts';
import type { Scheduler } from './scheduler.ts';

export interface ClusterOptions {
  readonly name: string;
  readonly scheduler: Scheduler;
  /** Jobs at a time, waiting ones included. */
  readonly queued: number;
  readonly grouping: Grouping | null;
  /** Where what the scheduler says of its jobs is kept while they are there; absolute. */
  readonly directory: string;
  /** Is told what a person should know meanwhile. */
  readonly report: (message: string) => void;
}
