// One execution: a private directory, a process, and what it left, checked before it counts.
import { join } from 'node:path';
import { ReproError } from '../error.ts';
import type { Artifact, ReportedNumber, StageRecord } from '../schema/types.ts';
import { removeFile } from '../store/remove.ts';
import { parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { joinBelow } from '../store/path-below.ts';
import { readEnvironment } from './environment.ts';
import type { StageFailure } from './event.ts';
import type { JobFacts } from './process/executor.ts';
import { failureOf } from './failure.ts';
import { furnish } from './furnish.ts';
import { checkInputsUnchanged } from './inputs.ts';
import { checkNumbersSize, parseNumbers } from './outputs/numbers-file.ts';
import { checkOutputs, storeOutputs } from './outputs/outputs.ts';
import { checkEnd, makeJob } from './stage-job.ts';
import type { Execution } from './execution.ts';
import { projectPath } from './execution.ts';
import { announce, runJob, takeOver } from './job-run.ts';
import type { Ran, Said } from './job-run.ts';
import { checkHeld, findUndeclared } from './watch/watch.ts';
import { noteAttempt, noteFinished, prepareEmptied, prepareWork } from './process/work-directory.ts';

export type ExecutionResult =
  | { readonly kind: 'computed'; readonly record: StageRecord }
  | { readonly kind: 'failed'; readonly failure: StageFailure }
  | { readonly kind: 'cancelled' };

/** Ends that a second attempt may not meet. What a stage wrote wrongly, or took too long for, it would again. */
const retried: readonly string[] = ['exit-code', 'killed'];

/** `executeStage`, again as often as the stage allows while it fails by itself, each time with the scratch that it left. */
export async function executeWithRetries(execution: Execution): Promise<ExecutionResult> {
  const attempts = execution.cell.retries + 1;
  let result = await executePlaced(execution);
  for (let attempt = 2; attempt <= attempts; attempt++) {
    if (result.kind !== 'failed' || !retried.includes(result.failure.code)) return result;
    const { failure } = result;
    const next = await executePlaced({ ...execution, scratch: 'keep', retry: { attempt, attempts, failure } });
    if (next.kind === 'failed' && next.failure.log === null) {
      // What is wrong with the stage must not be hidden by what keeps it from beginning again.
      const note = `attempt ${attempt - 1} of ${attempts}; the next could not begin: ${next.failure.message}`;
      return { kind: 'failed', failure: { ...failure, message: `${failure.message} (${note})` } };
    }
    result = next;
  }
  if (result.kind !== 'failed' || attempts === 1) return result;
  const message = `${result.failure.message} (attempt ${attempts} of ${attempts})`;
  return { kind: 'failed', failure: { ...result.failure, message } };
}

/** Ends that are the fault of the place it ran at, and how often they may come in a row. */
const misplaced: readonly string[] = ['preempted', 'job-lost'];
const placings = 5;

/** `executeStage`, again while its place fails it, with the scratch that it left: these are no attempts of its own. */
async function executePlaced(execution: Execution): Promise<ExecutionResult> {
  let result = await executeStage(execution);
  for (let placing = 2; placing <= placings; placing++) {
    if (result.kind !== 'failed' || !misplaced.includes(result.failure.code)) return result;
    execution.report(`${result.failure.message}: it is submitted again, ${placing} of ${placings}`);
    result = await executeStage({ ...execution, scratch: 'keep' });
  }
  return result;
}

/**
 * A result that took this long is on the disk before its record is, and the record before the run goes on. A quicker one
 * the system writes when it likes: waiting would take longer than computing it again, should the power fail meanwhile.
 */
const durableSeconds = 1;
export const isDurable = ({ seconds }: Pick<StageRecord, 'seconds'>): boolean => seconds >= durableSeconds;

/** Executes a cell and records its result, unless it is a repeat. Failures of the stage or of the disk are returned, never thrown. */
export async function executeStage(execution: Execution): Promise<ExecutionResult> {
  const { store, cell, work, signal } = execution;
  const said: Said = { tail: [], facts: {}, hasLog: false };
  try {
    const ran = (await takeOver(execution, said)) ?? (await begin(execution, said));
    if (ran === null || ran.end.kind === 'cancelled') return { kind: 'cancelled' };
    const watched = await findUndeclared(execution, execution.watch);
    if (ran.end.kind === 'exited') checkHeld(execution, execution.watch);
    checkEnd(ran.end, cell);
    const record = await makeRecord(execution, ran, { said, watched });
    if (execution.purpose === 'record') {
      noteFinished(store.fileSystem, work);
      const durable = isDurable(record);
      if (durable) for (const { digest, kind } of artifacts(record)) store.objects.sync(digest, kind);
      store.records.write(record, { durable });
    }
    execution.clear(work, bytesOf(record));
    return { kind: 'computed', record };
  } catch (error) {
    if (said.hasLog) removeFile(store.fileSystem, work.process);
    if (signal.aborted) return { kind: 'cancelled' };
    const log = said.hasLog ? projectPath(execution, work.log) : null;
    return { kind: 'failed', failure: { ...failureOf(error), log, tail: said.tail } };
  }
}

/** Prepares the directory and runs the job in it; null when it was interrupted before. */
async function begin(execution: Execution, said: Said): Promise<Ran | null> {
  const { store, cell, work, emit, signal, retry } = execution;
  if (!retry && execution.offer(work)) prepareEmptied(store.fileSystem, work);
  else prepareWork(store.fileSystem, work, { scratch: execution.scratch, log: retry ? 'keep' : 'discard' });
  await furnish(execution);
  if (signal.aborted) return null;
  if (retry) {
    const note = `attempt ${retry.attempt} of ${retry.attempts}, after: ${retry.failure.message}`;
    noteAttempt(store.fileSystem, work, note);
    emit({ kind: 'stage-retried', stage: cell.id, ...retry });
  } else {
    announce(execution);
  }
  said.hasLog = true;
  const { executor } = execution;
  return runJob(execution, said, (observer) => executor.run(makeJob(execution), observer, signal));
}

async function makeRecord(
  execution: Execution,
  { startedAt, seconds, facts }: Ran,
  { said, watched }: { readonly said: Said; readonly watched: StageRecord['watched'] },
): Promise<StageRecord> {
  const { clock, retry, executor } = execution;
  const took = seconds();
  const result = await collect(execution);
  checkTransfer(execution, result.outputs, facts);
  const { job: id, host, queuedSeconds = 0 } = facts;
  return {
    format: 'repro.record/2',
    fingerprint: execution.fingerprint,
    preimage: execution.preimage,
    ...result,
    run: execution.runId,
    startedAt,
    finishedAt: clock.now(),
    seconds: took,
    environment: facts.environment ?? readEnvironment(),
    ...(retry && { attempts: retry.attempt }),
    ...(watched && { watched }),
    ...(id !== undefined && host !== undefined && { job: { executor: executor.name, id, host, queuedSeconds } }),
    ...(Object.keys(said.facts).length > 0 && { facts: said.facts }),
  };
}

/** @throws {ReproError} `other-outputs` when what lies here is not what was written where the job ran */
function checkTransfer({ work }: Execution, outputs: StageRecord['outputs'], { outputs: written }: JobFacts): void {
  for (const { path, digest, kind } of Object.values(outputs)) {
    const there = kind === 'file' ? written?.get(joinBelow(work.run, path)) : undefined;
    if (there === undefined || digest === `sha256:${there}`) continue;
    throw new ReproError('other-outputs', `Its output "${path}" is not here what it was where it was written`, {
      hint: 'The file system that both machines share gave old bytes, or another process wrote there: run again',
    });
  }
}

/** Checks what the stage left, then stores it. */
async function collect(execution: Execution): Promise<Pick<StageRecord, 'outputs' | 'numbers' | 'log' | 'curves'>> {
  const { store, work, cell } = execution;
  checkOutputs(store.fileSystem, work.run, cell);
  let numbers: Record<string, ReportedNumber> = {};
  if (cell.numbers !== null) {
    const path = join(work.run, cell.numbers);
    checkNumbersSize(store.fileSystem.statSync(path).size, cell.numbers);
    numbers = parseNumbers(store.fileSystem.readFileSync(path), cell.numbers);
  }
  await checkInputsUnchanged(execution);
  const outputs = await storeOutputs(store, work.run, cell);
  for (const { digest } of Object.values(outputs)) execution.verified.add(parseDigest(digest));
  const log = await store.objects.putFile(work.log);
  const curves = store.fileSystem.existsSync(work.curves) ? await store.objects.putFile(work.curves) : null;
  return { outputs, numbers, log: log.digest, ...(curves && { curves: curves.digest }) };
}

function bytesOf({ outputs }: StageRecord): number {
  return Object.values(outputs).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

/** What a record names in the store, its log and its code included. */
function artifacts({
  outputs,
  log,
  curves,
  preimage,
}: StageRecord): { readonly digest: Digest; readonly kind: Artifact['kind'] }[] {
  const results = Object.values(outputs).map(({ digest, kind }) => ({ digest: parseDigest(digest), kind }));
  const files = [log, ...(curves === undefined ? [] : [curves]), ...Object.values(preimage.code)].map((digest) => ({
    digest: parseDigest(digest),
    kind: 'file' as const,
  }));
  return [...results, ...files];
}
