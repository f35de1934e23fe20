// A stage made ready by hand: its directory as a run would make it, beside that of the run, for somebody who looks into it.
import { join } from 'node:path';
import type { CellPlan, Plan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import type { StageRecord } from '../schema/types.ts';
import { writeNewFile } from '../store/atomic-write.ts';
import { errnoOf } from '../store/file-system.ts';
import { removeQuietly } from '../store/remove.ts';
import type { Store } from '../store/store.ts';
import { keyOf } from './cell-key.ts';
import { rethrowReadable } from './failure.ts';
import { freezePlan } from './freeze.ts';
import { furnish } from './furnish.ts';
import { inspectCells } from './inspect.ts';
import type { StageJob } from './process/executor.ts';
import { localExecutor } from './process/local.ts';
import {
  noteProcess,
  prepareWork,
  workAt,
  workDirectory,
  workingSince,
  type WorkDirectory,
} from './process/work-directory.ts';
import { plainJob } from './stage-job.ts';

export interface Aside {
  readonly cell: CellPlan;
  readonly work: WorkDirectory;
  /** What the run would start, but for the lines that set up its place. */
  readonly job: StageJob;
  /** The directory of an attempt: one that came to no result, whose `scratch/` was copied, or one that is at work. */
  readonly attempt: { readonly path: string; readonly isAtWork: boolean } | null;
}

/**
 * Makes a directory of its own below `.repro/shell`, which is the caller's to remove. Nothing in it is shared with the store.
 * @param plan The cell and all that it needs.
 * @param gpus Devices that are the cell's own.
 * @throws {ReproError} `not-ready` where what it needs has no result yet, and what a run says of a stage that it cannot begin
 */
export async function makeAside(plan: Plan, cell: CellPlan, store: Store, gpus: readonly string[]): Promise<Aside> {
  const frozen = await freezePlan(plan, store, 'look').catch(rethrowReadable);
  const failure = frozen.failures.get(cell.id);
  if (failure) throw new ReproError(failure.code, failure.message, { hint: failure.hint });
  const records = new Map<string, StageRecord>();
  for (const { cell: each, state } of await inspectCells(plan, frozen, store)) {
    if (state.kind === 'current') records.set(each.id, state.record);
  }
  checkReady(cell, store, records);
  const recordOf = (id: string): StageRecord | undefined => records.get(id);
  const { preimage, fingerprint } = keyOf(plan, cell, frozen, recordOf);
  const code = frozen.code.get(cell.id)!;
  const attempted = workDirectory(store, fingerprint);
  const work = makeDirectory(store, cell);
  const origin = { store, cell, recordOf, frozen, work, preimage, code };
  try {
    const isAtWork = workingSince(store, attempted) !== null;
    // What is being written is not copied.
    if (!isAtWork && store.fileSystem.existsSync(attempted.scratch)) {
      store.fileSystem.cpSync(attempted.scratch, work.scratch, { recursive: true, verbatimSymlinks: true });
    }
    const { signal } = new AbortController();
    await furnish({ ...origin, signal, hasCopies: true, verified: new Set(), report: () => {} });
    const job = plainJob({ ...origin, gpus, executor: localExecutor });
    const line = [job.program, ...job.words].map(quoted).join(' ');
    writeNewFile(store.fileSystem, commandFile(work), `#!/bin/sh\nexec ${line} "$@"\n`, { mode: 0o755 });
    const attempt = store.fileSystem.existsSync(attempted.run) ? { path: attempted.path, isAtWork } : null;
    return { cell, work, job, attempt };
  } catch (error) {
    removeQuietly(store.fileSystem, work.path);
    throw error;
  }
}

/** A script that is the stage's command, in its directory. */
export function commandFile({ path }: WorkDirectory): string {
  return join(path, 'command');
}

/** A word as every shell reads it back. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** What a run would compute or download first is for a run to do: it holds the lock. */
function checkReady(cell: CellPlan, store: Store, records: ReadonlyMap<string, StageRecord>): void {
  const missing = cell.dependsOn.filter((id) => !records.has(id));
  if (missing.length > 0) {
    const more = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
    throw new ReproError('not-ready', `"${cell.id}" reads what is not up to date: ${missing[0]!}${more}`, {
      hint: `Make it first: repro run ${missing.map((id) => (id.includes('[') ? `'${id}'` : id)).join(' ')}`,
    });
  }
  for (const [name, input] of Object.entries(cell.inputs)) {
    if (input.kind !== 'url' || store.objects.has(`sha256:${input.sha256}`)) continue;
    throw new ReproError('not-ready', `Input "${name}" of "${cell.id}" is not downloaded yet`, {
      hint: `A run downloads it, whatever becomes of the stage: repro run '${cell.id}'`,
    });
  }
}

/** `.repro/shell/STAGE-N`, with the first N that is free; it says which process uses it. */
function makeDirectory(store: Store, { stage }: CellPlan): WorkDirectory {
  const { fileSystem: fs } = store;
  const folder = join(store.directory, 'shell');
  fs.mkdirSync(folder, { recursive: true });
  for (let n = 1; ; n++) {
    // No file system takes names of more than 255 bytes.
    const work = workAt(join(folder, `${stage.slice(0, 200)}-${n}`));
    try {
      fs.mkdirSync(work.path);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') continue;
      throw error;
    }
    prepareWork(fs, work, { scratch: 'discard', log: 'discard' });
    noteProcess(fs, work, process.pid);
    return work;
  }
}
