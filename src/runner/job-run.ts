// One job of a stage from its beginning, or from where an earlier runner left it, to its end: what it says meanwhile.
import { ReproError } from '../error.ts';
import { removeFile } from '../store/remove.ts';
import { projectPath } from './execution.ts';
import type { Execution } from './execution.ts';
import type { JobFacts, JobHandle, JobObserver, JobEnd, JobResult } from './process/executor.ts';
import { type Curves, inheritedCurves } from './process/curves.ts';
import { parseFacts } from './process/facts-line.ts';
import { parseProgress } from './process/progress-line.ts';
import { notedJob, noteJob, noteProcess } from './process/work-directory.ts';
import { makeJob } from './stage-job.ts';

/** Lines of the log that a failure shows. */
const tailLines = 20;

/** What a job printed, as far as it is shown or recorded. */
export interface Said {
  readonly tail: string[];
  readonly facts: Record<string, string>;
  hasLog: boolean;
}

export interface Ran {
  readonly end: Exclude<JobEnd, { kind: 'left' }>;
  readonly facts: JobFacts;
  /** ISO 8601. */
  readonly startedAt: string;
  /** What it has taken until now, or took in all where that is known. */
  readonly seconds: () => number;
}

/** Says that a stage has begun, or waits for its place to have room. */
export function announce(execution: Execution, isTakenOver = false): void {
  const { cell, work, emit, executor, reasons } = execution;
  const log = projectPath(execution, work.log);
  if (executor.capacity === 'machine') emit({ kind: 'stage-started', stage: cell.id, reasons, log });
  else emit({ kind: 'stage-queued', stage: cell.id, reasons, log, executor: executor.name, isTakenOver });
}

/**
 * Waits for the job that an earlier runner left in the directory; null where there is none, and the directory is free.
 * @throws {ReproError} `job-elsewhere` where nobody here can tell
 */
export async function takeOver(execution: Execution, said: Said): Promise<Ran | null> {
  const { store, work, signal, retry, scratch, executors, watch } = execution;
  const handle = notedJob(store.fileSystem, work);
  if (handle === null) return null;
  const executor = executors.named(handle.executor);
  if (!executor?.outliving) {
    throw new ReproError(
      'job-elsewhere',
      `A job of executor "${handle.executor}" may still work on it: ${handle.name}`,
      {
        hint: `Configure that executor again; or end the job, and delete "${projectPath(execution, work.job)}"`,
      },
    );
  }
  // A repeat and what is forced begin from the beginning, and a job that runs already cannot be watched.
  if (retry || scratch === 'discard' || watch.strict || watch.trace) {
    await executor.outliving.end([handle]);
    return null;
  }
  const own = { ...execution, executor };
  const { outliving } = executor;
  return runJob(own, said, (observer) => outliving.reattach(handle, makeJob(own), heard(observer, own, said), signal));
}

/** The same observer, for a job that is found again: the stage is announced when it is. */
function heard(observer: JobObserver, execution: Execution, said: Said): JobObserver {
  return {
    ...observer,
    onAccepted: () => {
      said.hasLog = true;
      announce(execution, true);
    },
  };
}

/** Runs a job and passes on what it says. */
export async function runJob(
  execution: Execution,
  said: Said,
  run: (observer: JobObserver) => Promise<JobResult | null>,
): Promise<Ran | null> {
  const { store, work, clock } = execution;
  const startedAt = clock.now();
  const start = clock.seconds();
  const curves = inheritedCurves(store.fileSystem, work.curves);
  const result = await run(observe(execution, said, curves));
  curves.save(work.curves);
  // Of one that ended well, what says who worked here is to say that it has finished.
  if (result?.end.kind !== 'exited' || result.end.code !== 0) removeFile(store.fileSystem, work.process);
  if (result?.end.kind === 'left') return { end: { kind: 'cancelled' }, facts: {}, startedAt, seconds: () => 0 };
  removeFile(store.fileSystem, work.job);
  if (result === null) return null;
  const { end, facts } = result;
  const { seconds: own } = facts;
  if (own === undefined) return { end, facts, startedAt, seconds: () => clock.seconds() - start };
  // By this machine's clock, so that it began after what it depends on had ended, and no later than it ended.
  return { end, facts, startedAt: new Date(Date.parse(clock.now()) - own * 1000).toISOString(), seconds: () => own };
}

function observe(execution: Execution, { tail, facts }: Said, curves: Curves): JobObserver {
  const { store, work, cell, emit, executor, retry, reasons } = execution;
  return {
    onAccepted: (handle: JobHandle) => noteJob(store.fileSystem, work, handle),
    onStart: ({ pid, host }) => {
      if (pid !== undefined) noteProcess(store.fileSystem, work, pid);
      if (executor.capacity === 'machine' || retry) return;
      const log = projectPath(execution, work.log);
      emit({ kind: 'stage-started', stage: cell.id, reasons, log, ...(host !== undefined && { host }) });
    },
    onLine: (line) => {
      const progress = parseProgress(line);
      if (progress !== null) {
        curves.add(progress);
        emit({ kind: 'stage-progress', stage: cell.id, progress });
        return;
      }
      const stated = parseFacts(line);
      Object.assign(facts, stated);
      // They are in the record and the log, and nothing that a person is told.
      if (Object.keys(stated).length > 0) return;
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      emit({ kind: 'stage-output', stage: cell.id, line });
    },
  };
}
