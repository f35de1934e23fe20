// Which processes there are, and in which directories they work: on Linux, by what /proc says. Elsewhere nothing is known.
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { errnoOf } from '../../store/file-system.ts';
import { identifyProcess, type ProcessIdentity } from '../../store/lock.ts';

/** The first process of a stage, and how long ago it began. */
export interface ProcessStart {
  readonly pid: number;
  readonly seconds: number;
}

/** Within this time no system counts once around all its process numbers. */
const shortSeconds = 10;
/** With so few process numbers, each is looked at; with more, those of the processes there are. */
const fewNumbers = 64;

/** The numbers of all processes that began after this one, and maybe of others; of all that there are by default. */
export function processesSince(since?: ProcessStart): number[] {
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

/** Of the times in /proc, which are counted from the start of the system. */
const ticksPerSecond = 100;

/**
 * Absolute paths of the directories in which processes work, and of all that they have open: of those that began as these
 * did or later, if not of more. Null where that cannot be known: a process may be somebody else's.
 */
export function workplaces(firsts: readonly (ProcessIdentity | null)[]): string[] | null {
  const starts = firsts.flatMap((each) => {
    const seconds = each && secondsOf(each);
    return each === null || seconds === null ? [] : [{ pid: each.pid, seconds }];
  });
  const up = read('/proc/uptime');
  if (starts.length < firsts.length || starts.length === 0 || up === null) return null;
  const first = starts.reduce((a, b) => (b.seconds < a.seconds ? b : a));
  const places: string[] = [];
  for (const pid of [first.pid, ...processesSince({ ...first, seconds: Number.parseFloat(up) - first.seconds })]) {
    if (pid === process.pid) continue;
    try {
      places.push(readlinkSync(`/proc/${pid}/cwd`));
      for (const file of readdirSync(`/proc/${pid}/fd`)) places.push(readlinkSync(`/proc/${pid}/fd/${file}`));
    } catch (error) {
      // One that has ended works nowhere. Of somebody else's it can only be told when they began.
      if (['ENOENT', 'ESRCH'].includes(errnoOf(error) ?? '')) continue;
      const seconds = secondsOf(identifyProcess(pid));
      if (seconds === null || seconds >= first.seconds) return null;
    }
  }
  return places;
}

/** When a process began, in seconds from the start of the system. */
function secondsOf({ startTime }: ProcessIdentity): number | null {
  return startTime === null ? null : Number(startTime) / ticksPerSecond;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
