// What a stage is as a job: its program, words and surroundings, and what its end means.
import { join } from 'node:path';
import { ReproError } from '../error.ts';
import { bytesText } from '../pipeline/memory.ts';
import type { CellPlan } from '../pipeline/plan.ts';
import { filledWords } from '../pipeline/words.ts';
import type { Preimage } from '../schema/types.ts';
import { joinBelow } from '../store/path-below.ts';
import type { Store } from '../store/store.ts';
import { codeWord } from './code/code-files.ts';
import { findProgram } from './code/program.ts';
import type { FrozenPlan } from './freeze.ts';
import type { JobEnd, StageJob } from './process/executor.ts';
import type { Variables } from './process/variables.ts';
import type { WorkDirectory } from './process/work-directory.ts';
import type { Execution } from './execution.ts';
import { watchJob } from './watch/watch.ts';

/** The job that executes a cell, as it is watched, after the lines that set up its place. */
export function makeJob(execution: Execution): StageJob {
  return afterSetup(execution.cell, watchJob(execution, plainJob(execution), execution.watch));
}

/** The same job, after the lines that set up the place of its cell. */
export function afterSetup<Job extends Pick<StageJob, 'program' | 'words'>>({ setup }: CellPlan, job: Job): Job {
  if (setup.length === 0) return job;
  // What they export, the program inherits; where one fails, nothing is computed without it.
  const script = ['set -e', ...setup, 'set +e', 'exec "$@"'].join('\n');
  return { ...job, program: '/bin/sh', words: ['-c', script, 'setup', job.program, ...job.words] };
}

/** What of an execution decides its job. */
type JobOrigin = Pick<Execution, 'store' | 'work' | 'cell' | 'code' | 'preimage' | 'frozen' | 'gpus' | 'executor'>;

/** The job as it is declared. */
export function plainJob({ store, work, cell, code, preimage, frozen, gpus, executor }: JobOrigin): StageJob {
  const { cpus, memoryBytes } = cell;
  const shared = {
    id: cell.id,
    directory: work.run,
    environment: makeEnvironment(work, preimage, frozen.variables.get(cell.id) ?? {}, gpus),
    passed: cell.pass,
    log: work.log,
    control: work.control,
    outputs: [...Object.values(cell.outputs), ...(cell.numbers === null ? [] : [cell.numbers])].map((path) =>
      joinBelow(work.run, path),
    ),
    timeoutSeconds: cell.timeoutSeconds,
    resources: { cpus, memoryBytes, gpus: cell.gpus },
    // Only where it decides what runs together: it is read from a file.
    expectedSeconds:
      executor.capacity === 'machine' ? null : (store.records.earlier(cell.identity, cell.axes, 1)[0]?.seconds ?? null),
  };
  if (cell.run.kind === 'module') {
    return { program: process.execPath, words: ['--enable-source-maps', work.module], ...shared };
  }
  // What they insert is what its assignment says, which an earlier runner may have written.
  const assignment = cell.run.inserts ? store.fileSystem.readFileSync(work.assignment, 'utf8') : '{}';
  const filled = filledWords(cell.run, JSON.parse(assignment) as object);
  const words = filled.map((word) => {
    const path = codeWord(word, code.code);
    return path === null ? word : join(work.code, path);
  });
  const program = filled[0] ?? '';
  const path = codeWord(program, code.code) === null ? programOf(frozen, program, store) : words[0];
  if (!path) throw new ReproError('missing-program', `Cannot find the program "${program}"`);
  return { program: path, words: words.slice(1), ...shared };
}

/** Where the programs of a run were found, by name: looking through PATH takes a call for each of its directories. */
const found = new WeakMap<FrozenPlan, Map<string, string>>();

function programOf(frozen: FrozenPlan, program: string, store: Store): string | null {
  const known = found.get(frozen) ?? new Map<string, string>();
  found.set(frozen, known);
  const path = known.get(program) ?? findProgram(program, store);
  if (path !== null) known.set(program, path);
  return path;
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

/** @throws {ReproError} unless it ended well */
export function checkEnd(end: Exclude<JobEnd, { kind: 'cancelled' }>, cell: CellPlan): void {
  switch (end.kind) {
    case 'timed-out':
      throw new ReproError('timed-out', `Ran longer than its limit of ${cell.timeoutSeconds} seconds`, {
        hint: `Raise resources.time; with checkpoints in scratch/ it goes on where it was stopped`,
      });
    case 'out-of-memory': {
      const limit = cell.memoryBytes > 0 ? ` of ${bytesText(cell.memoryBytes)}` : '';
      throw new ReproError('out-of-memory', `Needed more than its memory${limit}`, {
        hint: `Raise "memory" under the stage's "resources"`,
      });
    }
    case 'preempted':
      throw new ReproError('preempted', end.message, { hint: 'Run again: its place was needed for another job' });
    case 'lost':
      throw new ReproError('job-lost', end.message, { hint: 'Run again; the scheduler may tell more of it' });
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
