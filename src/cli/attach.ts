// `repro attach`: the run that is at work here, from its beginning to its end; of one that has ended, how it did.
import { setTimeout as delay } from 'node:timers/promises';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { type End, type Entry, JournalReader } from '../project/journal.ts';
import { type Clock, systemClock } from '../runner/process/clock.ts';
import { isProvablyDead } from '../store/lock.ts';
import { openStore } from '../store/store.ts';
import { onAbort } from './abort.ts';
import type { Project } from '../project/project.ts';
import { open } from './open.ts';
import type { GlobalOptions } from './options.ts';
import { complain, print } from './view/print.ts';
import { openRunView } from './view/run-view.ts';

/** Milliseconds between two looks. */
const pause = 200;

/** Ends as the run does. */
export async function attachVerb(options: GlobalOptions): Promise<ExitCode> {
  const project = open(options);
  using journal = new JournalReader(project.root);
  using abort = onAbort();
  const { json = false } = options;
  const known = journal.read();
  const clock = new ReplayClock();
  // What is over is told by its end alone.
  const isOver = known.some((entry) => 'end' in entry) || isProvablyDead(journal.owner);
  if (isOver) checkOther(project.root);
  const view = openRunView({ json }, clock);
  const show = (entry: Entry): void => {
    clock.set(entry.at);
    if ('event' in entry && (!isOver || json)) view.emit(entry.event);
    clock.set(null);
  };
  const end = await follow(journal, known, show, abort.signal);
  if (end === 'left') {
    await view.close('goes on, or is to come');
    const { pid, host } = journal.owner;
    complain(`The run goes on: repro attach shows it again. To stop it: kill ${pid} (on ${host})`);
    return exitCode.interrupted;
  }
  await view.close();
  return tellEnd(project, end, { known, isOver, json });
}

/** What keeps no journal, such as an audit, is not passed over in silence for a run that has ended. */
function checkOther(root: string): void {
  const holder = openStore(root).holder();
  if (holder === null) return;
  const { pid, host, since } = holder;
  throw new ReproError(
    'no-run',
    `Process ${pid} on ${host} is at work here since ${since}, and is no run to attach to`,
    {
      hint: 'repro status says which stages run, repro log STAGE --follow what they print',
      exit: exitCode.usage,
    },
  );
}

/** Shows what there is and what comes; null when the run ended without saying how. */
async function follow(
  journal: JournalReader,
  known: readonly Entry[],
  show: (entry: Entry) => void,
  signal: AbortSignal,
): Promise<End | 'left' | null> {
  for (let entries = known, isLast = false; ; entries = journal.read()) {
    for (const entry of entries) {
      show(entry);
      if ('end' in entry) return entry.end;
    }
    if (isLast) return null;
    // Asked before the last look: what is written between the two is read.
    isLast = isProvablyDead(journal.owner);
    if (!isLast) await delay(pause, undefined, { signal }).catch(() => {});
    if (signal.aborted) return 'left';
  }
}

/** Tells how the run ended, with its exit code. */
async function tellEnd(
  project: Project,
  end: End | null,
  {
    known: [first],
    isOver,
    json,
  }: { readonly known: readonly Entry[]; readonly isOver: boolean; readonly json: boolean },
): Promise<ExitCode> {
  const run = first && 'event' in first && first.event.kind === 'run-started' ? first.event.run : 'at work';
  if (end === null) {
    throw new ReproError('run-lost', `The run ${run} was killed: it says nothing of its end`, {
      hint: 'repro run goes on from what it finished',
    });
  }
  if ('error' in end) {
    const { code, message, hint, exit } = end.error;
    throw new ReproError(code, message, { hint, exit });
  }
  if (!json) {
    if (isOver) print(`run ${run}, which has ended:`);
    const { resultLines } = await import('./view/run-result.ts');
    print(...resultLines(project, end.summary, null));
  }
  return exitCode[end.summary.verdict];
}

/** While what happened before is shown, it is when it happened; then it is now. */
class ReplayClock implements Clock {
  #at: number | null = 0;

  /** @param at Milliseconds since 1970; null: now. */
  set(at: number | null): void {
    this.#at = at;
  }

  now(): string {
    return this.#at === null ? systemClock.now() : new Date(this.#at).toISOString();
  }

  seconds(): number {
    return (this.#at ?? Date.parse(systemClock.now())) / 1000;
  }
}
