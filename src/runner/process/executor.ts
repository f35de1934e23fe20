// The seam between a stage and where it runs: a process here, or a cluster's job.
import type { Environment } from '../../schema/types.ts';

/** What a line of progress on standard output begins with; a JSON object follows. */
export const progressPrefix = '::repro progress ';

export interface StageJob {
  /** What it computes, for people: the cell. */
  readonly id: string;
  /** Absolute path of the program, and its arguments. */
  readonly program: string;
  readonly words: readonly string[];
  readonly directory: string;
  /** The whole environment but for `passed`: nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** Names of variables that it inherits from where it runs; their values are in no file. */
  readonly passed: readonly string[];
  /** File to which what the job prints is added, as it prints it. */
  readonly log: string;
  /** Directory for the executor's own files, which need not exist. */
  readonly control: string;
  /** Absolute paths of what it is to write; a directory ends in `/`. */
  readonly outputs: readonly string[];
  readonly timeoutSeconds: number | null;
  readonly resources: JobResources;
  /** What the latest execution of its cell took; null for one that was never executed. */
  readonly expectedSeconds: number | null;
  /** The program, where it follows what it starts from outside, and ends by itself when all of that has. */
  readonly tracer?: string;
}

export interface JobResources {
  readonly cpus: number;
  /** 0 where it declares none. */
  readonly memoryBytes: number;
  readonly gpus: number;
}

/** How a job ended, in order of precedence. */
export type JobEnd =
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled' }
  /** It goes on without this runner. */
  | { readonly kind: 'left' }
  | { readonly kind: 'out-of-memory' }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'exited'; readonly code: number }
  /** `errno`: as the system names what was wrong, `ENOENT`; or Node, for words that no process can be given. */
  | { readonly kind: 'not-started'; readonly message: string; readonly errno: string }
  /** Ended by the place that it ran at, which is no fault of its own; `message` says how. */
  | { readonly kind: 'preempted' | 'lost'; readonly message: string };

/** What is known of where and how a job ran. */
export interface JobFacts {
  /** As the scheduler names it. */
  readonly job?: string;
  readonly host?: string;
  readonly queuedSeconds?: number;
  /** Its own, without the time in the queue. */
  readonly seconds?: number;
  readonly environment?: Environment;
  /** SHA-256 in hex of the files that it wrote, as they were seen where it ran; by absolute path. */
  readonly outputs?: ReadonlyMap<string, string>;
}

export interface JobResult {
  readonly end: JobEnd;
  readonly facts: JobFacts;
}

/** Finds a job again that outlives the runner, whatever moment that is killed at. */
export interface JobHandle {
  /** Of the executor. */
  readonly executor: string;
  /** Unique: how the scheduler knows the job, or the jobs that it is one of. */
  readonly name: string;
  /** Which of them. */
  readonly task: number;
  /** Tells it from every other job that its directory ever had. */
  readonly nonce: string;
  /** Length of the log before it, in bytes. */
  readonly logBytes: number;
}

export interface JobObserver {
  /** Called before there is a job that may outlive the runner. */
  onAccepted?(handle: JobHandle): void;
  /** Called once, when the job runs: with the number of its process, where that is one of this machine. */
  onStart(facts: JobFacts & { readonly pid?: number }): void;
  /** A line of output as printed, control characters and all, without its line ending. */
  onLine(line: string): void;
}

/** Reason of an abort after which jobs that can go on without their runner do. */
const detached = Symbol('detached');

/** Stops a run: jobs that can, go on, and the next run takes them over. */
export function detach(controller: AbortController): void {
  controller.abort(detached);
}

export function isDetached(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason === detached;
}

export interface Executor {
  readonly name: string;
  /** What limits the jobs at a time: this machine, or their number. */
  readonly capacity: 'machine' | { readonly queued: number };
  /** Runs a job to its end; when the signal aborts, ends it and everything it started. */
  run(job: StageJob, observer: JobObserver, signal: AbortSignal): Promise<JobResult>;
  /** Where jobs outlive the runner. */
  readonly outliving?: OutlivingJobs;
}

export interface OutlivingJobs {
  /** Waits for the end of a job that an earlier runner began, as `run` does; null when there is no such job any more. */
  reattach(handle: JobHandle, job: StageJob, observer: JobObserver, signal: AbortSignal): Promise<JobResult | null>;
  /** The jobs of these handles that are waiting or running, as the scheduler names them. */
  alive(handles: readonly JobHandle[]): Promise<ReadonlyMap<JobHandle, string>>;
  /** Ends jobs, and waits until they have ended. */
  end(handles: readonly JobHandle[]): Promise<void>;
  /** The command that ends a job, for people. */
  endCommand(job: string): string;
}

/** Where each cell runs. */
export interface Executors {
  of(cell: { readonly id: string; readonly stage: string }): Executor;
  /** One that an earlier run may have used; null where none has that name. */
  named(name: string): Executor | null;
}
