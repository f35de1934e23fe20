// Stages as jobs of a cluster. What is ready is submitted together; one poller asks for all jobs; what counts are the files that
// the nodes leave, and the scheduler tells of those that leave none.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isDetached } from '../runner/process/executor.ts';
import type {
  Executor,
  JobHandle,
  JobObserver,
  JobResult,
  OutlivingJobs,
  StageJob,
} from '../runner/process/executor.ts';
import { Attempt } from './attempt.ts';
import { isShort, planBatches } from './batches.ts';
import type { BatchPlan } from './batches.ts';
import { readExit, readStarted } from './exit-file.ts';
import type { ClusterOptions } from './options.ts';
import { batchText } from './script.ts';
import { Watcher } from './watcher.ts';

/** In milliseconds: what is ready is submitted when nothing more has become so for a while, or the first has waited long. */
const quickGather = { quiet: 60, longest: 500 };
const patientGather = { quiet: 750, longest: 3_000 };
const firstPauseMilliseconds = 2_000;
const longestPauseMilliseconds = 60_000;
const endMilliseconds = 500;

export class ClusterExecutor implements Executor {
  readonly name: string;
  readonly capacity: { readonly queued: number };
  readonly outliving: OutlivingJobs;
  readonly #options: ClusterOptions;
  readonly #watcher: Watcher;
  readonly #ready = new Set<Attempt>();
  readonly #heard = new WeakSet<AbortSignal>();
  #gathering: { readonly since: number; timer: NodeJS.Timeout } | null = null;

  constructor(options: ClusterOptions) {
    this.name = options.name;
    this.capacity = { queued: options.queued };
    this.#options = options;
    this.#watcher = new Watcher(options, (attempt) => this.#gather(attempt));
    this.outliving = {
      reattach: (handle, job, observer, signal) => this.#reattach(handle, job, observer, signal),
      alive: (handles) => this.#alive(handles),
      end: (handles) => this.#end(handles),
      endCommand: (job) => options.scheduler.cancelCommand(job),
    };
  }

  run(job: StageJob, observer: JobObserver, signal: AbortSignal): Promise<JobResult> {
    return this.#begin(job, observer, signal, (attempt) => this.#gather(attempt));
  }

  #begin(
    job: StageJob,
    observer: JobObserver,
    signal: AbortSignal,
    begin: (attempt: Attempt) => void,
  ): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      const attempt = new Attempt(job, observer, signal, { resolve, reject });
      if (signal.aborted) return attempt.settle({ kind: 'cancelled' });
      begin(attempt);
      this.#listen(signal);
    });
  }

  /** One listener for all jobs of a run. */
  #listen(signal: AbortSignal): void {
    if (this.#heard.has(signal)) return;
    this.#heard.add(signal);
    const onAbort = (): void => {
      if (isDetached(signal)) this.#watcher.leave(signal);
      for (const attempt of [...this.#ready].filter((each) => each.signal === signal)) {
        this.#ready.delete(attempt);
        attempt.settle({ kind: 'cancelled' });
      }
      if (!isDetached(signal)) this.#watcher.cancelSoon();
    };
    signal.addEventListener('abort', onAbort, { once: true });
  }

  #gather(attempt: Attempt): void {
    this.#ready.add(attempt);
    const { grouping } = this.#options;
    // Stages become ready one by one as others end. Behind jobs that wait there is time, and short ones are better together.
    const { isBusy, hasQueued } = this.#watcher;
    const isPatient = hasQueued || (isBusy && [...this.#ready].every((each) => isShort(each, grouping)));
    const { quiet, longest } = isPatient ? patientGather : quickGather;
    const now = performance.now();
    const since = this.#gathering?.since ?? now;
    clearTimeout(this.#gathering?.timer);
    const pause = Math.max(0, Math.min(quiet, since + longest - now));
    this.#gathering = { since, timer: setTimeout(() => this.#submitReady(), pause) };
  }

  #submitReady(): void {
    this.#gathering = null;
    const ready = [...this.#ready];
    this.#ready.clear();
    const { grouping, scheduler } = this.#options;
    const { parallel } = this.#watcher;
    for (const batch of planBatches(ready, { grouping, mostTasks: scheduler.mostTasks, parallel })) {
      this.#submit(batch).catch((error: unknown) => {
        for (const attempt of batch.tasks.flat()) attempt.fail(error);
      });
    }
  }

  async #submit({ tasks, timeSeconds }: BatchPlan<Attempt>): Promise<void> {
    const { scheduler, directory: parent } = this.#options;
    const name = `repro-${randomBytes(8).toString('hex')}`;
    const directory = join(parent, name);
    mkdirSync(directory, { recursive: true });
    for (const [task, attempts] of tasks.entries()) {
      for (const [index, attempt] of attempts.entries()) {
        attempt.before = attempts[index - 1] ?? null;
        attempt.prepare(this.name, name, task);
      }
    }
    const steps = tasks.map((attempts) =>
      attempts.map(({ job: { control }, handle: { nonce } }) => ({ control, nonce })),
    );
    const all = tasks.flat();
    const batch = {
      name,
      tasks: tasks.length,
      script: batchText(steps, scheduler.identity),
      directory,
      resources: all[0]!.job.resources,
      timeSeconds,
    };
    for (let pause = firstPauseMilliseconds; ; pause = Math.min(2 * pause, longestPauseMilliseconds)) {
      if (all.every(({ signal }) => signal.aborted)) {
        for (const attempt of all) attempt.settle({ kind: 'cancelled' });
        return rmSync(directory, { recursive: true, force: true });
      }
      const submission = await scheduler.submit(batch);
      if (submission.kind === 'accepted') break;
      if (submission.kind === 'refused') {
        const message = `The scheduler refuses it: ${submission.message}`;
        for (const attempt of all) attempt.settle({ kind: 'not-started', message, errno: '' });
        return rmSync(directory, { recursive: true, force: true });
      }
      this.#options.report(`A submission has failed, and is looked for: ${submission.message}`);
      if (await this.#isThere(name)) break;
      // Its directories tell a second job of one name that another has begun: none runs twice.
      await delay(pause);
    }
    this.#watcher.add(all);
  }

  /** Whether jobs of a name exist. What was submitted may arrive late: it is asked twice. */
  async #isThere(name: string): Promise<boolean> {
    if ((await this.#watcher.ask([name])).length > 0) return true;
    await delay(firstPauseMilliseconds);
    return (await this.#watcher.ask([name])).length > 0;
  }

  async #reattach(
    handle: JobHandle,
    job: StageJob,
    observer: JobObserver,
    signal: AbortSignal,
  ): Promise<JobResult | null> {
    const { control } = job;
    const exit = readExit(control, handle.nonce);
    // What was told to end while nobody waited for it, maybe by a run that was interrupted, says nothing of the stage.
    if (exit?.stopped === true) return null;
    if (exit === null && readStarted(control, handle.nonce) === null) {
      const views = await this.#watcher.ask([handle.name]);
      const view = views.find(({ task }) => task === handle.task);
      if (view === undefined || (view.state !== 'queued' && view.state !== 'running')) return null;
    }
    if (signal.aborted) return { end: { kind: 'left' }, facts: {} };
    return this.#begin(job, observer, signal, (attempt) => {
      attempt.takeOver(handle);
      this.#watcher.add([attempt]);
    });
  }

  async #alive(handles: readonly JobHandle[]): Promise<ReadonlyMap<JobHandle, string>> {
    if (handles.length === 0) return new Map();
    const views = await this.#options.scheduler.jobs([...new Set(handles.map(({ name }) => name))]);
    return new Map(
      handles.flatMap((handle) => {
        const view = views.find(({ name, task }) => name === handle.name && task === handle.task);
        const isAlive = view?.state === 'queued' || view?.state === 'running';
        return view && isAlive ? [[handle, view.id] as const] : [];
      }),
    );
  }

  async #end(handles: readonly JobHandle[]): Promise<void> {
    for (let wasCancelled = false; ;) {
      try {
        const ids = [...new Set((await this.#alive(handles)).values())];
        if (ids.length === 0) return;
        if (!wasCancelled) await this.#options.scheduler.cancel(ids);
        wasCancelled = true;
      } catch (error) {
        this.#options.report(`A job of an earlier run could not be ended yet: ${(error as Error).message}`);
        await delay(firstPauseMilliseconds);
      }
      await delay(endMilliseconds);
    }
  }
}
