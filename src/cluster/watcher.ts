// All jobs that have been submitted, watched to their ends by one loop: their files often, the scheduler seldom.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '../runner/process/clock.ts';
import { isDetached } from '../runner/process/executor.ts';
import type { JobEnd } from '../runner/process/executor.ts';
import type { Attempt } from './attempt.ts';
import type { ClusterOptions } from './options.ts';
import { tellsOfMemory } from './exit-file.ts';
import type { JobView } from './scheduler.ts';
import { reportFile } from './scheduler.ts';

/** Seconds. What a job has written may be seen late: clients of a network's file system remember what was not there. */
const arrivalSeconds = 300;
/** Of a job that was ended, and may have ended well just before. */
const graceSeconds = 60;
const lostPolls = 3;
const lostSeconds = 60;
/** For the scheduler to say why it ended a job. */
const reasonSeconds = 15;
const quickLook = 0.05;
const slowLook = 2;
const quickPoll = 0.3;
const slowPoll = 15;
const silentSeconds = 60;
const namesAtOnce = 100;

export class Watcher {
  /** The most tasks that have been seen running at once. */
  parallel = 1;
  readonly #options: ClusterOptions;
  readonly #submitAgain: (attempt: Attempt) => void;
  readonly #live = new Set<Attempt>();
  #isLooping = false;
  #changedAt = 0;
  #outputAt = 0;
  #pollPause = quickPoll;
  #nextPoll = 0;
  #answeredAt = 0;
  #isCancelling = false;
  /** The last poll failed. */
  #isSilent = false;
  #wake = new AbortController();

  constructor(options: ClusterOptions, submitAgain: (attempt: Attempt) => void) {
    this.#options = options;
    this.#submitAgain = submitAgain;
  }

  /** Whether one of them waits for room. */
  get hasQueued(): boolean {
    return [...this.#live].some(({ view }) => view?.state === 'queued');
  }

  get isBusy(): boolean {
    return this.#live.size > 0;
  }

  add(attempts: readonly Attempt[]): void {
    for (const attempt of attempts) {
      if (isDetached(attempt.signal)) attempt.settle({ kind: 'left' });
      else if (!attempt.isSettled) this.#live.add(attempt);
    }
    this.#hurry();
    if (!this.#isLooping) {
      this.#isLooping = true;
      this.#answeredAt = systemClock.seconds();
      void this.#loop();
    }
    if (attempts.some(({ signal, isSettled }) => signal.aborted && !isSettled)) this.cancelSoon();
  }

  /** What the scheduler knows of these names, asked until it answers. */
  async ask(names: readonly string[]): Promise<readonly JobView[]> {
    for (let pause = 1; ; pause = Math.min(pause * 2, slowPoll)) {
      try {
        return await this.#jobs(names);
      } catch (error) {
        this.#options.report(`The scheduler does not answer, and is asked again: ${(error as Error).message}`);
        await delay(pause * 1000);
      }
    }
  }

  async #jobs(names: readonly string[]): Promise<readonly JobView[]> {
    const views: JobView[] = [];
    for (let start = 0; start < names.length; start += namesAtOnce) {
      views.push(...(await this.#options.scheduler.jobs(names.slice(start, start + namesAtOnce))));
    }
    return views;
  }

  /** Lets the jobs of a run go on without it. */
  leave(signal: AbortSignal): void {
    for (const attempt of [...this.#live].filter((each) => each.signal === signal)) {
      attempt.settle({ kind: 'left' });
      this.#live.delete(attempt);
    }
  }

  /** Ends the jobs of all attempts whose signal has aborted, together. */
  cancelSoon(): void {
    if (this.#isCancelling) return;
    this.#isCancelling = true;
    void this.#cancel().finally(() => (this.#isCancelling = false));
  }

  async #cancel(): Promise<void> {
    await delay(20);
    for (let pause = 1; ; pause = Math.min(pause * 2, slowPoll)) {
      const isWanted = ({ signal, isSettled }: Attempt): boolean => !isSettled && !signal.aborted;
      const wanted = new Set([...this.#live].filter(isWanted).map(taskOf));
      // Those that were let go are settled, and may not have been taken out of the list yet.
      const ended = [...this.#live].filter(
        (attempt) => attempt.signal.aborted && !attempt.isSettled && !wanted.has(taskOf(attempt)),
      );
      if (ended.length === 0) return;
      try {
        if (ended.some(({ view }) => view === null)) await this.#poll();
        const ids = new Set(ended.flatMap(({ view }) => (view && isAlive(view) ? [view.id] : [])));
        if (ids.size > 0) await this.#options.scheduler.cancel([...ids]);
        return this.#hurry();
      } catch (error) {
        this.#options.report(`The jobs could not be ended yet: ${(error as Error).message}`);
        await delay(pause * 1000);
      }
    }
  }

  #hurry(): void {
    this.#changedAt = systemClock.seconds();
    this.#pollPause = quickPoll;
    this.#nextPoll = Math.min(this.#nextPoll, this.#changedAt + quickPoll);
    this.#wake.abort();
  }

  async #loop(): Promise<void> {
    while (this.#live.size > 0) {
      const now = systemClock.seconds();
      if (now >= this.#nextPoll) await this.#poll().catch(() => this.#silent());
      for (const attempt of [...this.#live]) {
        try {
          this.#look(attempt);
        } catch (error) {
          this.#live.delete(attempt);
          attempt.fail(error);
        }
      }
      this.#wake = new AbortController();
      await delay(this.#pause() * 1000, undefined, { signal: this.#wake.signal }).catch(() => {});
    }
    this.#isLooping = false;
  }

  /** The longer nothing happens, the longer until the next look. */
  #pause(): number {
    const now = systemClock.seconds();
    const idle = (now - this.#changedAt) / 10;
    const most = now - this.#outputAt < slowLook ? slowLook / 4 : slowLook;
    return Math.min(Math.max(quickLook, idle), most);
  }

  #silent(): void {
    this.#isSilent = true;
    const now = systemClock.seconds();
    this.#nextPoll = now + this.#pollPause;
    this.#pollPause = Math.min(this.#pollPause * 2, slowPoll);
    if (now - this.#answeredAt < silentSeconds) return;
    this.#options.report('The scheduler has not answered for a while: jobs go on, and are watched by their files');
    this.#answeredAt = now;
  }

  async #poll(): Promise<void> {
    const attempts = [...this.#live];
    const views = await this.#jobs([...new Set(attempts.map(({ handle }) => handle.name))]);
    this.#isSilent = false;
    const byTask = new Map(views.map((view) => [`${view.name}/${view.task}`, view]));
    const now = systemClock.seconds();
    let changed = false;
    for (const attempt of attempts) {
      const view = byTask.get(taskOf(attempt));
      if (view === undefined) {
        if (attempt.absent++ === 0) attempt.absentSince = now;
        continue;
      }
      changed ||= view.state !== attempt.view?.state;
      attempt.absent = 0;
      attempt.view = view;
    }
    this.parallel = Math.max(this.parallel, views.filter(({ state }) => state === 'running').length);
    this.#answeredAt = now;
    this.#pollPause = changed ? quickPoll : Math.min(this.#pollPause * 1.5, slowPoll);
    this.#nextPoll = now + this.#pollPause;
    if (changed) this.#changedAt = now;
  }

  #look(attempt: Attempt): void {
    if (attempt.isSettled) return void this.#live.delete(attempt);
    const { view, before } = attempt;
    if (before?.isSettled === false) return;
    const isQueued = view?.state === 'queued';
    // While the scheduler is silent, what waited when it last spoke may have ended.
    const seen = isQueued && attempt.absent === 0 && !attempt.isStarted && !this.#isSilent ? 'nothing' : attempt.look();
    const now = systemClock.seconds();
    if (seen === 'change') this.#changedAt = now;
    if (seen === 'output') this.#outputAt = now;
    const isGone = attempt.absent >= lostPolls && now - attempt.absentSince >= lostSeconds;
    // Some schedulers know nothing more of a job that they have ended.
    const isEnded = attempt.signal.aborted && attempt.absent >= (view === null ? lostPolls : 1);
    const isOver = view !== null && !isAlive(view) && attempt.absent === 0;
    const hasEnded = attempt.exit !== null || isGone || isEnded || isOver;
    if (!hasEnded) return;
    attempt.endSeenAt ??= now;
    const end = attempt.exit === null ? this.#endWithout(attempt, isGone) : this.#endWith(attempt);
    if (end === 'wait') return;
    this.#live.delete(attempt);
    this.#changedAt = now;
    if (end === 'again') {
      attempt.isAlone = true;
      this.#submitAgain(attempt);
    } else {
      attempt.settle(end);
    }
    this.#sweep(attempt);
  }

  /** How a stage ended that left its exit file. */
  #endWith(attempt: Attempt): JobEnd | 'wait' {
    const { view, signal, exit } = attempt;
    const waited = systemClock.seconds() - (attempt.endSeenAt ?? 0);
    if (signal.aborted) return this.#isOver(attempt) ? { kind: 'cancelled' } : 'wait';
    const missing = attempt.notArrived();
    if (missing !== null && waited < arrivalSeconds) return 'wait';
    if (missing !== null)
      return { kind: 'lost', message: `It has ended, but ${missing} has not arrived from its machine` };
    const end = attempt.ownEnd;
    const wasKilled = end.kind === 'killed' && end.signal === 'SIGKILL';
    if (exit?.stopped !== true && !wasKilled) return end;
    if (this.#isOfMemory(attempt)) return { kind: 'out-of-memory' };
    // Others of its task may still run.
    if (exit?.stopped !== true && attempt.before !== null) return end;
    if (waited < reasonSeconds && !this.#isOver(attempt)) {
      this.#nextPoll = Math.min(this.#nextPoll, systemClock.seconds() + quickPoll);
      return 'wait';
    }
    return endByState(view) ?? end;
  }

  /** How a stage ended of which the scheduler says that it runs no more, and which left no exit file. */
  #endWithout(attempt: Attempt, isGone: boolean): JobEnd | 'wait' | 'again' {
    const { view, signal, handle, before } = attempt;
    if (signal.aborted) return { kind: 'cancelled' };
    if (this.#isOfMemory(attempt) && attempt.isStarted) return { kind: 'out-of-memory' };
    const waited = systemClock.seconds() - (attempt.endSeenAt ?? 0);
    const isPlain = view?.state === 'ended';
    if (!isGone && waited < (isPlain && attempt.isStarted ? arrivalSeconds : graceSeconds)) return 'wait';
    // The task ended before it came to this one.
    if (before !== null && !attempt.isStarted) return 'again';
    if (isGone)
      return { kind: 'lost', message: `The scheduler knows nothing more of its job ${view?.id ?? handle.name}` };
    return endByState(view) ?? { kind: 'lost', message: `Its job ${view?.id ?? handle.name} ended without a word` };
  }

  #isOfMemory({ view, handle: { name, task } }: Attempt): boolean {
    if (view?.state === 'out-of-memory') return true;
    return tellsOfMemory(join(this.#options.directory, name), reportFile(task));
  }

  #isOver({ view, absent }: Attempt): boolean {
    return absent > 0 || (view !== null && !isAlive(view));
  }

  /** What the scheduler said of a submission goes with the last of its jobs. */
  #sweep({ handle: { name } }: Attempt): void {
    if ([...this.#live].some(({ handle }) => handle.name === name)) return;
    rmSync(join(this.#options.directory, name), { recursive: true, force: true });
  }
}

function taskOf({ handle: { name, task } }: Attempt): string {
  return `${name}/${task}`;
}

function isAlive({ state }: JobView): boolean {
  return state === 'queued' || state === 'running';
}

/** What a scheduler's word for the end of a job means; null where it says only that it ended. */
function endByState(view: JobView | null): JobEnd | null {
  switch (view?.state) {
    case 'timed-out':
      return { kind: 'timed-out' };
    case 'out-of-memory':
      return { kind: 'out-of-memory' };
    case 'preempted':
      return { kind: 'preempted', message: `Its job ${view.id} was preempted` };
    case 'failed-node':
      return { kind: 'lost', message: `The machine of its job ${view.id} failed, or could not start it` };
    case 'cancelled':
      return { kind: 'killed', signal: `the scheduler's order to cancel job ${view.id}` };
    default:
      return null;
  }
}
