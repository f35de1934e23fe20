// A stage's job as its runner sees it: what it has been told to do, and what has been heard of it.
import { randomBytes } from 'node:crypto';
import { closeSync, mkdirSync, openSync, readSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { systemClock } from '../runner/process/clock.ts';
import type { JobEnd, JobHandle, JobObserver, JobResult, StageJob } from '../runner/process/executor.ts';
import { LineSplitter } from '../runner/process/line-splitter.ts';
import { parseProgress } from '../runner/process/progress-line.ts';
import { StageLog } from '../runner/process/stage-log.ts';
import type { Exit, Started } from './exit-file.ts';
import {
  endOf,
  environmentOf,
  missingOutput,
  namesNow,
  readExit,
  readStarted,
  secondsOf,
  writtenOutputs,
} from './exit-file.ts';
import type { JobView } from './scheduler.ts';
import { controlFiles, controlPath, stageText } from './script.ts';

/** Read of a log at a time: others are looked at as well. */
const mostBytes = 16 * 1024 * 1024;

export class Attempt {
  readonly job: StageJob;
  readonly signal: AbortSignal;
  /** Not to be put into a task with others. */
  isAlone = false;
  /** The one of its task that comes before it. */
  before: Attempt | null = null;
  view: JobView | null = null;
  /** Successful polls in a row that did not tell of it, and when the first was. */
  absent = 0;
  absentSince = 0;
  /** When it was first seen that it runs no more. */
  endSeenAt: number | null = null;
  exit: Exit | null = null;
  isSettled = false;
  readonly #observer: JobObserver;
  readonly #resolve: (result: JobResult) => void;
  readonly #reject: (error: unknown) => void;
  #handle: JobHandle | null = null;
  #submittedAt = systemClock.seconds();
  #started: Started | null = null;
  #startedAfter: number | null = null;
  #log: StageLog | null = null;
  #offset = 0;
  readonly #lines: LineSplitter;

  constructor(
    job: StageJob,
    observer: JobObserver,
    signal: AbortSignal,
    ended: { resolve: (result: JobResult) => void; reject: (error: unknown) => void },
  ) {
    this.job = job;
    this.signal = signal;
    this.#observer = observer;
    this.#resolve = ended.resolve;
    this.#reject = ended.reject;
    this.#lines = new LineSplitter((line) => {
      const text = line.toString('utf8');
      if (parseProgress(text) === null) this.#log?.write(line);
      observer.onLine(text);
    });
  }

  get handle(): JobHandle {
    if (this.#handle === null) throw new Error(`Internal error: ${this.job.id} has not been submitted`);
    return this.#handle;
  }

  get isStarted(): boolean {
    return this.#started !== null;
  }

  /** Writes what the node will run. From here on it may be found again. */
  prepare(executor: string, name: string, task: number): void {
    const { control, log } = this.job;
    rmSync(control, { recursive: true, force: true });
    mkdirSync(control, { recursive: true });
    const nonce = randomBytes(8).toString('hex');
    writeFileSync(controlPath(control, 'stage'), stageText(this.job, nonce), { mode: 0o600 });
    const logBytes = statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    this.#adopt({ executor, name, task, nonce, logBytes });
    this.#observer.onAccepted?.(this.handle);
  }

  /** Takes a job over that was submitted earlier: what it has printed is read again. */
  takeOver(handle: JobHandle): void {
    const size = statSync(this.job.log, { throwIfNoEntry: false })?.size ?? 0;
    if (size > handle.logBytes) truncateSync(this.job.log, handle.logBytes);
    this.#adopt(handle);
    this.#observer.onAccepted?.(handle);
  }

  #adopt(handle: JobHandle): void {
    this.#handle = handle;
    this.#submittedAt = systemClock.seconds();
    [this.view, this.absent, this.endSeenAt, this.exit] = [null, 0, null, null];
    [this.#started, this.#startedAfter, this.#offset] = [null, null, 0];
    this.#log ??= new StageLog(this.job.log);
  }

  /** Looks at what the node has written; says whether there was anything new. */
  look(): 'nothing' | 'output' | 'change' {
    const { control } = this.job;
    const { nonce } = this.handle;
    const names = namesNow(control);
    const hadStarted = this.#started !== null;
    if (!hadStarted && names.includes(controlFiles.started)) {
      this.#started = readStarted(control, nonce);
      if (this.#started !== null) this.#begin(this.#started);
    }
    const before = this.#offset;
    if (this.isStarted && names.includes(controlFiles.output)) this.#readOutput();
    if (this.exit === null && names.includes(controlFiles.exit)) {
      this.exit = readExit(control, nonce);
      if (this.exit !== null) return 'change';
    }
    if (!hadStarted && this.isStarted) return 'change';
    return this.#offset > before ? 'output' : 'nothing';
  }

  #begin({ host, job }: Started): void {
    this.#startedAfter = systemClock.seconds() - this.#submittedAt;
    this.#observer.onStart({ host, job });
  }

  #readOutput(): void {
    let file;
    try {
      file = openSync(controlPath(this.job.control, 'output'), 'r');
    } catch {
      return; // Not yet.
    }
    try {
      const chunk = Buffer.alloc(64 * 1024);
      for (let read = 0; read < mostBytes;) {
        const length = readSync(file, chunk, 0, chunk.length, this.#offset);
        if (length === 0) return;
        // What is kept of a line that goes on is a part of these bytes.
        this.#lines.write(Buffer.from(chunk.subarray(0, length)));
        this.#offset += length;
        read += length;
      }
    } finally {
      closeSync(file);
    }
  }

  /** What the exit file speaks of that has not arrived yet; null when all has. */
  notArrived(): string | null {
    if (this.exit === null) return null;
    if (this.#offset < this.exit.logBytes) return 'its log';
    return missingOutput(this.job, this.exit);
  }

  /** As the exit file tells it. */
  get ownEnd(): JobEnd {
    if (this.exit === null) throw new Error(`Internal error: ${this.job.id} has not ended`);
    return endOf(this.exit);
  }

  settle(end: JobEnd): void {
    if (this.isSettled) return;
    this.#close();
    const { exit } = this;
    const { host, job } = exit ?? this.#started ?? {};
    const waited = systemClock.seconds() - this.#submittedAt - (exit ? secondsOf(exit) : 0);
    const queuedSeconds = Math.max(0, Math.min(this.#startedAfter ?? waited, waited));
    this.#resolve({
      end,
      facts: {
        ...(host !== undefined && { host, queuedSeconds }),
        ...(job !== undefined && { job }),
        ...(exit && {
          seconds: secondsOf(exit),
          environment: environmentOf(exit),
          outputs: writtenOutputs(this.job, exit),
        }),
      },
    });
  }

  fail(error: unknown): void {
    if (this.isSettled) return;
    this.#close();
    this.#reject(error);
  }

  #close(): void {
    this.isSettled = true;
    this.#lines.end();
    this.#log?.[Symbol.dispose]();
    this.#log = null;
    // It may hold values of variables that are nobody's business.
    if (this.exit !== null) rmSync(controlPath(this.job.control, 'stage'), { force: true });
  }
}
