// The seam between a stage and where it runs: a process here today, a cluster's job tomorrow.

/** What a line of progress on standard output begins with; a JSON object follows. */
export const progressPrefix = '::repro progress ';

export interface StageJob {
  /** Absolute path of the program, and its arguments. */
  readonly program: string;
  readonly words: readonly string[];
  readonly directory: string;
  /** The whole environment: nothing else is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** File to which what the job prints is added, as it prints it. */
  readonly log: string;
  readonly timeoutSeconds: number | null;
  /** The program, where it follows what it starts from outside, and ends by itself when all of that has. */
  readonly tracer?: string;
}

/** How a job ended, in order of precedence. */
export type JobEnd =
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'killed'; readonly signal: string }
  | { readonly kind: 'exited'; readonly code: number }
  /** `errno`: as the system names what was wrong, `ENOENT`; or Node, for words that no process can be given. */
  | { readonly kind: 'not-started'; readonly message: string; readonly errno: string };

export interface JobObserver {
  /** Called once, when the job has a process whose number is known. */
  onStart(pid: number): void;
  /** A line of output as printed, control characters and all, without its line ending. */
  onLine(line: string): void;
}

export interface Executor {
  /** Runs a job to its end; when the signal aborts, ends it and everything it started. */
  run(job: StageJob, observer: JobObserver, signal: AbortSignal): Promise<JobEnd>;
}
