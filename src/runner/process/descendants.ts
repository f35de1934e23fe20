// Processes that a stage left behind in sessions of their own, where a signal to its process group does not reach them.
// On Linux they are found in /proc, by the stage's assignment in their environment. Those that gave it up are found as
// orphans without a terminal that work in the stage's directory. Elsewhere nothing is found.
import { existsSync, readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

export interface Sought {
  /** Absolute paths of the `stage.json` of stages, which `REPRO_STAGE` names; each lies in the stage's directory. */
  readonly assignments: readonly string[];
  /** Only processes begun after this one, and how long ago that began; all that there are by default. */
  readonly since?: { readonly pid: number; readonly seconds: number };
  /** A program that follows the stage from outside and ends by itself when all that it follows have. */
  readonly tracer?: string | undefined;
}

/** A process can start others before its end comes: so often is looked again. */
const rounds = 20;
/** For processes that were killed to be gone. */
const endMilliseconds = 2_000;
const pollMilliseconds = 10;
/** Within this time no system counts once around all its process numbers. */
const shortSeconds = 10;
/** With so few process numbers, each is looked at; with more, those of the processes there are. */
const fewNumbers = 64;

/** Kills what is left of stages, and waits until it is gone. */
export async function endDescendants(sought: Sought): Promise<void> {
  const ancestors = new Set<number>();
  for (let round = 0; round < rounds; round++) {
    const found = candidates(sought).filter((pid) => pid !== process.pid && isDescendant(pid, sought, ancestors));
    if (found.length === 0) return;
    for (const pid of found) kill(pid);
    for (let waited = 0; waited < endMilliseconds && found.some(isAlive); waited += pollMilliseconds) {
      await delay(pollMilliseconds);
    }
  }
}

function candidates({ since }: Sought): number[] {
  const text = read('/proc/loadavg');
  if (text === null) return [];
  const last = Number(text.trim().split(' ').at(-1));
  // Most stages leave nothing, and there may be thousands of them: the numbers given out since they began are few.
  const isShort = since !== undefined && since.seconds < shortSeconds && last >= since.pid;
  if (isShort && last - since.pid <= fewNumbers) {
    // Asking first costs less than an error of each one that has ended.
    return Array.from({ length: last - since.pid }, (_, i) => since.pid + 1 + i).filter((pid) =>
      existsSync(`/proc/${pid}`),
    );
  }
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  return isShort ? all.filter((pid) => pid > since.pid) : all;
}

function isDescendant(pid: number, { assignments, tracer }: Sought, ancestors: Set<number>): boolean {
  try {
    if (tracer !== undefined && readlinkSync(`/proc/${pid}/exe`) === tracer) return false;
    const environment = `\0${readFileSync(`/proc/${pid}/environ`, 'utf8')}`;
    const mark = assignments.find((path) => environment.includes(`\0REPRO_STAGE=${path}\0`));
    if (mark !== undefined) return seesSame(pid, dirname(mark));
    const directory = readlinkSync(`/proc/${pid}/cwd`);
    if (!assignments.some((path) => `${directory}${sep}`.startsWith(dirname(path) + sep))) return false;
    // Somebody may look at the files of a stage: from a terminal, or by a program of theirs that lives.
    const { parent, terminal } = statusOf(pid);
    if (ancestors.size === 0) for (const each of ancestorsOf(process.pid)) ancestors.add(each);
    return terminal === 0 && ancestors.has(parent);
  } catch {
    return false; // Gone, or somebody else's.
  }
}

/** Another container may have a directory of the same path. One that the process no longer sees is taken for the same. */
function seesSame(pid: number, directory: string): boolean {
  const seen = statSync(`/proc/${pid}/root${directory}`, { bigint: true, throwIfNoEntry: false });
  const ours = statSync(directory, { bigint: true, throwIfNoEntry: false });
  return seen === undefined || ours === undefined || (seen.dev === ours.dev && seen.ino === ours.ino);
}

/** Orphans become children of one of these. */
function ancestorsOf(pid: number): number[] {
  const { parent } = statusOf(pid);
  return parent > 1 ? [parent, ...ancestorsOf(parent)] : [1];
}

function statusOf(pid: number): { state: string; parent: number; terminal: number } {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name before it may hold anything.
  const [state = '', parent, , , terminal] = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state, parent: Number(parent), terminal: Number(terminal) };
}

/** One that has ended and whose parent has not noticed is not. */
function isAlive(pid: number): boolean {
  try {
    return !['Z', 'X'].includes(statusOf(pid).state);
  } catch {
    return false;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone, or somebody else's.
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
