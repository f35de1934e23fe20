// Stages as processes on this machine, each in a process group of its own, so that ending one ends all it started; what left
// the group is looked for.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { errnoOf } from '../../store/file-system.ts';
import { systemClock } from './clock.ts';
import { endDescendants } from './descendants.ts';
import type { Executor, Executors, JobEnd, JobObserver, StageJob } from './executor.ts';
import { LineSplitter } from './line-splitter.ts';
import { parseProgress } from './progress-line.ts';
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
  const child = start(job);
  if (child instanceof Error) return notStarted(child);
  const { pid } = child;
  if (pid === undefined) {
    const [error] = (await once(child, 'error')) as [Error];
    return notStarted(error);
  }
  const startedAt = systemClock.seconds();
  try {
    observer.onStart({ pid });
  } catch (error) {
    // Nobody would know of it.
    signalGroup(pid, 'SIGKILL');
    child.stdout.destroy();
    child.stderr.destroy();
    await once(child, 'exit');
    await endLeftBehind(job, pid, systemClock.seconds() - startedAt);
    throw error;
  }
  const closed = Promise.all(
    [child.stdout, child.stderr].map(async (stream) => {
      const splitter = new LineSplitter((line) => {
        const text = line.toString('utf8');
        // Progress is for the screen and would bury the log.
        if (parseProgress(text) === null) log.write(line);
        observer.onLine(text);
      });
      stream.on('data', (chunk: Buffer) => splitter.write(chunk));
      await new Promise((resolve) => stream.once('close', resolve));
      splitter.end();
    }),
  );

  let reason: 'timed-out' | 'cancelled' | null = null;
  let grace: NodeJS.Timeout | undefined;
  const exit = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signalName) => resolve({ code, signal: signalName }));
  });
  const stop = (why: 'timed-out' | 'cancelled'): void => {
    if (reason !== null) return;
    reason = why;
    signalGroup(pid, 'SIGTERM');
    grace = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMilliseconds);
  };
  const onAbort = (): void => stop('cancelled');
  signal.addEventListener('abort', onAbort);
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
  await endLeftBehind(job, pid, systemClock.seconds() - startedAt);
  const drained = setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, drainMilliseconds);
  await closed;
  clearTimeout(drained);

  if (reason !== null) return { kind: reason };
  if (status.signal !== null) return { kind: 'killed', signal: status.signal };
  return { kind: 'exited', code: status.code ?? 1 };
}

async function endLeftBehind({ environment, tracer }: StageJob, pid: number, seconds: number): Promise<void> {
  const assignment = environment['REPRO_STAGE'];
  if (assignment !== undefined) await endDescendants({ assignments: [assignment], since: { pid, seconds }, tracer });
}

function notStarted(error: Error): JobEnd {
  return { kind: 'not-started', message: `Could not be started: ${error.message}`, errno: errnoOf(error) ?? '' };
}

/** The process, without a number when there is no such program; an error for words that no process can be given. */
function start({ program, words, directory, environment, passed }: StageJob) {
  try {
    return spawn(program, words, {
      cwd: directory,
      env: { ...onlyThese(process.env, passed), ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === null || (errno.startsWith('ERR_') && errno !== 'ERR_INVALID_ARG_VALUE')) throw error;
    return error as Error;
  }
}

/** Signals a process group; one that is gone is fine. */
export function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // No process of the group is left.
  }
}
