// What a scheduler of a cluster must be able to do: take jobs, tell what becomes of them, end them.
import type { JobResources } from '../runner/process/executor.ts';

/** Jobs that are submitted together: tasks 0, 1, …, of one script that knows which of them it is. */
export interface Batch {
  /** Unique; it finds them before they have a number. */
  readonly name: string;
  readonly tasks: number;
  /** Of POSIX sh; `repro_task` and `repro_job` are set by what `Scheduler.identity` returns. */
  readonly script: string;
  /** Where what the script itself prints goes, to a file for each task; `reportFile` names it. */
  readonly directory: string;
  readonly resources: JobResources;
  readonly timeSeconds: number | null;
}

/** File that has what the scheduler said in a task. */
export const reportFile = (task: number | string): string => `${task}.out`;

export type JobState =
  | 'queued'
  | 'running'
  /** Its script has ended, whatever with. */
  | 'ended'
  | 'timed-out'
  | 'out-of-memory'
  | 'preempted'
  | 'cancelled'
  /** The node went down, or the job could not be launched. */
  | 'failed-node';

export interface JobView {
  /** As people name it: `123_4`. */
  readonly id: string;
  readonly name: string;
  readonly task: number;
  readonly state: JobState;
}

export type Submission =
  | { readonly kind: 'accepted' }
  /** It says no, and would again. */
  | { readonly kind: 'refused'; readonly message: string }
  /** Nobody knows yet: the jobs may be there. */
  | { readonly kind: 'unclear'; readonly message: string };

export interface Scheduler {
  /**
   * Lines of sh that set `repro_task` and `repro_job`; and `repro_guarded`, where the end of a job may reach no more than
   * its script: a stage is in a process group of its own.
   */
  readonly identity: string;
  /** Tasks of one submission, at most. */
  readonly mostTasks: number;
  submit(batch: Batch): Promise<Submission>;
  /**
   * All jobs of these names that it knows, those that have ended lately among them.
   * @throws when it does not answer
   */
  jobs(names: readonly string[]): Promise<readonly JobView[]>;
  /** @throws when it does not answer */
  cancel(ids: readonly string[]): Promise<void>;
  /** The command that ends a job, for people. */
  cancelCommand(id: string): string;
}
