// Stages as processes on this machine, each in a process group of its own, so that ending one ends all it started; what left
// the group is looked for.
import { errnoOf } from '../../store/file-system.ts';
import type { Child } from './child.ts';
import { systemClock } from './clock.ts';
import { endDescendants, type Sought } from './descendants.ts';
import type { Executor, Executors, JobEnd, JobObserver, StageJob } from './executor.ts';
import { LineSplitter } from './line-splitter.ts';
import { parseProgress } from './progress-line.ts';
import { signalGroup } from './signal-group.ts';
import { start } from './start.ts';
import { StageLog } from './stage-log.ts';
import { onlyThese } from './variables.ts';

/** What a stage may still do between being asked to end and being killed. */
const graceMilliseconds = 5_000;
/** After the end: pipes held open by a process that left the group are given up. */
const drainMilliseconds = 2_000;
/** Node's timers fire at once beyond this, 24.8 days. */
const longestTimer = 2 ** 31 - 1;

export const localExecutor: Executor = {
  name: 'local',
  capacity: 'machine',
  run: async (job, observer, signal) => ({ end: await runProcess(job, observer, signal), facts: {} }),
};

export const localExecutors: Executors = {
  of: () => localExecutor,
  named: (name) => (name === localExecutor.name ? localExecutor : null),
};

async function runProcess(job: StageJob, observer: JobObserver, signal: AbortSignal): Promise<JobEnd> {
  if (signal.aborted) return { kind: 'cancelled' };
  using log = new StageLog(job.log);
  const child = await begin(job);
  if (child instanceof Error) return notStarted(child);
  const { pid, exit } = child;
  const startedAt = systemClock.seconds();
  try {
    observer.onStart({ pid });
  } catch (error) {
    // Nobody would know of it.
    signalGroup(pid, 'SIGKILL');
    child.giveUp();
    await exit;
    await endLeftBehind(job, { pid, seconds: systemClock.seconds() - startedAt });
    throw error;
  }
  const closed = hear(child, (line) => {
    const text = line.toString('utf8');
    // Progress is for the screen and would bury the log.
    if (parseProgress(text) === null) log.write(line);
    observer.onLine(text);
  });

  let reason: 'timed-out' | 'cancelled' | null = null;
  let grace: NodeJS.Timeout | undefined;
  const stop = (why: 'timed-out' | 'cancelled'): void => {
    if (reason !== null) return;
    reason = why;
    signalGroup(pid, 'SIGTERM');
    grace = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMilliseconds);
  };
  const onAbort = (): void => stop('cancelled');
  signal.addEventListener('abort', onAbort);
  // While it was being started.
  if (signal.aborted) onAbort();
  const timer =
    job.timeoutSeconds === null
      ? null
      : setTimeout(() => stop('timed-out'), Math.min(job.timeoutSeconds * 1000, longestTimer));
  const status = await exit;
  if (timer) clearTimeout(timer);
  clearTimeout(grace);
  signal.removeEventListener('abort', onAbort);
  // Whatever it left running must not write into outputs that are about to be hashed.
  signalGroup(pid, 'SIGKILL');
  const since = status === null ? undefined : { pid, seconds: systemClock.seconds() - startedAt };
  await endLeftBehind(job, since);
  const drained = setTimeout(() => child.giveUp(), drainMilliseconds);
  await closed;
  clearTimeout(drained);

  if (reason !== null) return { kind: reason };
  if (status === null) return { kind: 'lost', message: 'The process that had started it was ended from outside' };
  if (status.signal !== null) return { kind: 'killed', signal: status.signal };
  return { kind: 'exited', code: status.code ?? 1 };
}

/** The lines that a process prints, without their line feeds, until no more come. */
async function hear(child: Child, onLine: (line: Buffer) => void): Promise<void> {
  const splitters = { stdout: new LineSplitter(onLine), stderr: new LineSplitter(onLine) };
  await child.hear((stream, chunk) => splitters[stream].write(chunk));
  splitters.stdout.end();
  splitters.stderr.end();
}

/** Ends what a stage left; of one whose number is known, what was begun after it. */
async function endLeftBehind({ environment, tracer }: StageJob, since: Sought['since']): Promise<void> {
  const assignment = environment['REPRO_STAGE'];
  if (assignment === undefined) return;
  await endDescendants({ assignments: [assignment], ...(since && { since }), tracer });
}

function notStarted(error: Error): JobEnd {
  return { kind: 'not-started', message: `Could not be started: ${error.message}`, errno: errnoOf(error) ?? '' };
}

/** The process; an error where the system or Node refuses it. */
async function begin({ program, words, directory, environment, passed }: StageJob): Promise<Child | Error> {
  try {
    return await start({
      program,
      words,
      directory,
      environment: { ...onlyThese(process.env, passed), ...environment },
    });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || (errno.startsWith('ERR_') && errno !== 'ERR_INVALID_ARG_VALUE')) throw error;
    return error as Error;
  }
}
