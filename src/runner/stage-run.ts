// One execution: a private directory, a process, and what it left, checked before it counts.
import { dirname, join } from 'node:path';
import type { CellPlan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import type { Artifact, Preimage, ReportedNumber, StageAssignment, StageRecord } from '../schema/types.ts';
import { writeNewFile } from '../store/atomic-write.ts';
import { parseDigest } from '../store/digest.ts';
import type { Digest } from '../store/digest.ts';
import { joinBelow } from '../store/path-below.ts';
import { removeQuietly } from '../store/remove.ts';
import type { Clock } from './process/clock.ts';
import { assignmentText } from './assignment-text.ts';
import { readEnvironment } from './environment.ts';
import type { Variables } from './process/variables.ts';
import type { Emit, StageFailure } from './event.ts';
import type { Executor, JobEnd, StageJob } from './process/executor.ts';
import { failureOf } from './failure.ts';
import { codeWord } from './code/code-files.ts';
import type { FrozenCode } from './freeze.ts';
import { findProgram } from './code/program.ts';
import { checkInputsUnchanged, provideInputs } from './inputs.ts';
import type { InputContext } from './inputs.ts';
import { checkNumbersSize, parseNumbers } from './outputs/numbers-file.ts';
import { checkOutputs, storeOutputs } from './outputs/outputs.ts';
import { parseFacts } from './process/facts-line.ts';
import { parseProgress } from './process/progress-line.ts';
import type { Watch } from './watch/declared.ts';
import { checkHeld, findUndeclared, watchJob } from './watch/watch.ts';
import { makeParent, noteAttempt, noteProcess, prepareWork } from './process/work-directory.ts';
import type { WorkDirectory } from './process/work-directory.ts';

export interface Execution extends InputContext {
  readonly runId: string;
  readonly fingerprint: Digest;
  readonly preimage: Preimage;
  readonly code: FrozenCode;
  readonly reasons: readonly string[];
  /** What a killed attempt left in `scratch/`. */
  readonly scratch: 'keep' | 'discard';
  /** A repeat is compared with the record there is, and does not replace it. */
  readonly purpose: 'record' | 'repeat';
  /** Deletes its directory, whose results are stored. */
  readonly clear: (work: WorkDirectory) => void;
  /** Devices that are the stage's own while it runs, as `CUDA_VISIBLE_DEVICES` names them. */
  readonly gpus: readonly string[];
  /** Which attempt this is and why, when it is not the first; it adds to the log of those before. */
  readonly retry?: Retry;
  readonly executor: Executor;
  readonly watch: Watch;
  readonly clock: Clock;
  readonly emit: Emit;
}

export type ExecutionResult =
  | { readonly kind: 'computed'; readonly record: StageRecord }
  | { readonly kind: 'failed'; readonly failure: StageFailure }
  | { readonly kind: 'cancelled' };

export interface Retry {
  readonly attempt: number;
  /** At most. */
  readonly attempts: number;
  /** How the attempt before ended. */
  readonly failure: StageFailure;
}

/** Ends that a second attempt may not meet. What a stage wrote wrongly, or took too long for, it would again. */
const retried: readonly string[] = ['exit-code', 'killed'];

/** `executeStage`, again as often as the stage allows while it fails by itself, each time with the scratch that it left. */
export async function executeWithRetries(execution: Execution): Promise<ExecutionResult> {
  const attempts = execution.cell.retries + 1;
  let result = await executeStage(execution);
  for (let attempt = 2; attempt <= attempts; attempt++) {
    if (result.kind !== 'failed' || !retried.includes(result.failure.code)) return result;
    const { failure } = result;
    const next = await executeStage({ ...execution, scratch: 'keep', retry: { attempt, attempts, failure } });
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

/** Lines of the log that a failure shows. */
const tailLines = 20;

/**
 * A result that took this long is on the disk before its record is, and the record before the run goes on. A quicker one
 * the system writes when it likes: waiting would take longer than computing it again, should the power fail meanwhile.
 */
const durableSeconds = 1;
export const isDurable = ({ seconds }: Pick<StageRecord, 'seconds'>): boolean => seconds >= durableSeconds;

/** Executes a cell and records its result, unless it is a repeat. Failures of the stage or of the disk are returned, never thrown. */
export async function executeStage(execution: Execution): Promise<ExecutionResult> {
  const { store, cell, work, clock, emit, signal, retry } = execution;
  const tail: string[] = [];
  const facts: Record<string, string> = {};
  let hasLog = false;
  try {
    prepareWork(store.fileSystem, work, { scratch: execution.scratch, log: retry ? 'keep' : 'discard' });
    writeCode(execution);
    await writeAssignment(execution);
    if (signal.aborted) return { kind: 'cancelled' };
    const log = projectPath(execution, work.log);
    if (retry) {
      noteAttempt(
        store.fileSystem,
        work,
        `attempt ${retry.attempt} of ${retry.attempts}, after: ${retry.failure.message}`,
      );
      emit({ kind: 'stage-retried', stage: cell.id, ...retry });
    } else {
      emit({ kind: 'stage-started', stage: cell.id, reasons: execution.reasons, log });
    }
    hasLog = true;
    const startedAt = clock.now();
    const start = clock.seconds();
    const end = await runJob(execution, tail, facts);
    if (end.kind === 'cancelled') return { kind: 'cancelled' };
    const watched = await findUndeclared(execution, execution.watch);
    if (end.kind === 'exited') checkHeld(execution, execution.watch);
    checkEnd(end, cell);
    const seconds = clock.seconds() - start;
    const result = await collect(execution);
    const record: StageRecord = {
      format: 'repro.record/2',
      fingerprint: execution.fingerprint,
      preimage: execution.preimage,
      ...result,
      run: execution.runId,
      startedAt,
      finishedAt: clock.now(),
      seconds,
      environment: readEnvironment(),
      ...(retry && { attempts: retry.attempt }),
      ...(watched && { watched }),
      ...(Object.keys(facts).length > 0 && { facts }),
    };
    if (execution.purpose === 'record') {
      writeNewFile(store.fileSystem, work.finished, '');
      const durable = isDurable(record);
      if (durable) for (const { digest, kind } of artifacts(record)) store.objects.sync(digest, kind);
      store.records.write(record, { durable });
    }
    execution.clear(work);
    return { kind: 'computed', record };
  } catch (error) {
    if (signal.aborted) return { kind: 'cancelled' };
    const log = hasLog ? projectPath(execution, work.log) : null;
    return { kind: 'failed', failure: { ...failureOf(error), log, tail } };
  }
}

/** The bytes that were fingerprinted, not the files they came from: those may have been edited since. */
function writeCode({ store, work, code, cell }: Execution): void {
  const { fileSystem: fs, objects } = store;
  const bytesOf = (digest: Digest): Buffer => {
    const bytes = objects.readBytes(digest);
    if (bytes) return bytes;
    throw new ReproError('code-damaged', `Code of stage "${cell.id}" is damaged in the store`, { hint: 'Run again' });
  };
  if (code.bundle !== null) {
    writeNewFile(fs, work.module, bytesOf(code.bundle));
    return;
  }
  for (const [path, digest] of Object.entries(code.code)) {
    const target = joinBelow(work.code, path);
    makeParent(fs, target);
    // Each may be executed: permissions are in no fingerprint, so a stage cannot see them.
    writeNewFile(fs, target, bytesOf(digest), { mode: 0o755 });
  }
}

async function writeAssignment(execution: Execution): Promise<void> {
  const { store, work, cell, preimage } = execution;
  const inputs = await provideInputs(execution);
  for (const path of Object.values(cell.outputs)) makeParent(store.fileSystem, joinBelow(work.run, path));
  const assignment: StageAssignment = {
    protocol: 1,
    stage: cell.stage,
    cell: { ...cell.axes },
    seed: preimage.seed,
    threads: preimage.threads,
    params: { ...cell.params },
    inputs,
    outputs: Object.fromEntries(Object.entries(cell.outputs).map(([name, path]) => [name, join(work.run, path)])),
    ...(cell.numbers !== null && { numbers: joinBelow(work.run, cell.numbers) }),
  };
  writeNewFile(store.fileSystem, work.assignment, assignmentText(assignment));
}

async function runJob(execution: Execution, tail: string[], facts: Record<string, string>): Promise<JobEnd> {
  const { store, work, cell, emit, executor, signal } = execution;
  const end = await executor.run(
    watchJob(execution, makeJob(execution), execution.watch),
    {
      onStart: (pid) => noteProcess(store.fileSystem, work, pid),
      onLine: (line) => {
        const progress = parseProgress(line);
        if (progress !== null) {
          emit({ kind: 'stage-progress', stage: cell.id, progress });
          return;
        }
        Object.assign(facts, parseFacts(line));
        tail.push(line);
        if (tail.length > tailLines) tail.shift();
        emit({ kind: 'stage-output', stage: cell.id, line });
      },
    },
    signal,
  );
  removeQuietly(store.fileSystem, work.process);
  return end;
}

function makeJob({ store, work, cell, code, preimage, frozen, gpus }: Execution): StageJob {
  const shared = {
    directory: work.run,
    environment: makeEnvironment(work, preimage, frozen.variables.get(cell.id) ?? {}, gpus),
    log: work.log,
    timeoutSeconds: cell.timeoutSeconds,
  };
  if (cell.run.kind === 'module') {
    return { program: process.execPath, words: ['--enable-source-maps', work.module], ...shared };
  }
  const words = cell.run.words.map((word) => {
    const path = codeWord(word, code.code);
    return path === null ? word : join(work.code, path);
  });
  const program = cell.run.words[0] ?? '';
  const found = codeWord(program, code.code) === null ? findProgram(program, store) : words[0];
  if (!found) throw new ReproError('missing-program', `Cannot find the program "${program}"`);
  return { program: found, words: words.slice(1), ...shared };
}

/** Everything a stage sees of its surroundings. Language, time zone and threads are fixed: they change what programs print. */
function makeEnvironment(
  work: WorkDirectory,
  preimage: Preimage,
  variables: Variables,
  gpus: readonly string[],
): Record<string, string> {
  const inherited = ['PATH', 'HOME'].flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const threads = String(preimage.threads);
  return {
    ...Object.fromEntries(inherited),
    TMPDIR: work.temporary,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    OMP_NUM_THREADS: threads,
    OPENBLAS_NUM_THREADS: threads,
    MKL_NUM_THREADS: threads,
    ...Object.fromEntries(
      Object.entries(variables).flatMap(([name, { value }]) => (value === null ? [] : [[name, value] as const])),
    ),
    ...(gpus.length > 0 && { CUDA_VISIBLE_DEVICES: gpus.join(',') }),
    REPRO_STAGE: work.assignment,
  };
}

const startHints: Readonly<Record<string, string>> = {
  ENOENT: 'The program is there: what its first line (#!) names is not, or its dynamic loader',
  EACCES: 'What its first line (#!) names, or the program itself, is not executable: chmod +x',
  E2BIG: 'Its arguments are longer than the system allows: pass them as params, or in a file',
  EAGAIN: 'The system allows no more processes: run fewer stages at once with --jobs',
  ENOMEM: 'The machine has no memory for another process: run fewer stages at once with --jobs',
  ETXTBSY: 'Its file is open for writing: run again when it has been written',
  ERR_INVALID_ARG_VALUE: 'A word of its command holds a NUL character',
};

function checkEnd(end: Exclude<JobEnd, { kind: 'cancelled' }>, cell: CellPlan): void {
  switch (end.kind) {
    case 'timed-out':
      throw new ReproError('timed-out', `Ran longer than its limit of ${cell.timeoutSeconds} seconds`, {
        hint: `Raise resources.time; with checkpoints in scratch/ it goes on where it was stopped`,
      });
    case 'killed':
      throw new ReproError('killed', `Was killed by ${end.signal}`, {
        hint: end.signal === 'SIGKILL' ? 'The machine may have run out of memory' : undefined,
      });
    case 'not-started':
      throw new ReproError('not-started', end.message, { hint: startHints[end.errno] });
    case 'exited':
      if (end.code !== 0) throw new ReproError('exit-code', `Ended with exit code ${end.code}`);
  }
}

/** Checks what the stage left, then stores it. */
async function collect(execution: Execution): Promise<Pick<StageRecord, 'outputs' | 'numbers' | 'log'>> {
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
  return { outputs, numbers, log: log.digest };
}

/** What a record names in the store, its log and its code included. */
function artifacts({
  outputs,
  log,
  preimage,
}: StageRecord): { readonly digest: Digest; readonly kind: Artifact['kind'] }[] {
  const results = Object.values(outputs).map(({ digest, kind }) => ({ digest: parseDigest(digest), kind }));
  const files = [log, ...Object.values(preimage.code)].map((digest) => ({
    digest: parseDigest(digest),
    kind: 'file' as const,
  }));
  return [...results, ...files];
}

function projectPath({ store }: Execution, path: string): string {
  return path.slice(dirname(store.directory).length + 1);
}
