// What a run would do, without doing it: for `status` and `why`, by the code that running uses.
import { inputSources } from '../pipeline/input-source.ts';
import type { CellId, Plan, CellPlan } from '../pipeline/plan.ts';
import type { StageRecord } from '../schema/types.ts';
import type { Store } from '../store/store.ts';
import { reach } from '../store/file-system.ts';
import { explainCell, keyOf, partialPreimage } from './cell-key.ts';
import { failureOf, rethrowReadable } from './failure.ts';
import { freezePlan } from './freeze.ts';
import type { FrozenPlan } from './freeze.ts';
import { hasOutputs } from './outputs/outputs.ts';
import { workDirectory, workingSince } from './process/work-directory.ts';
import type { CellInspection, CellState } from './result.ts';

/** The state of every cell, in the order of the plan. Runs nothing and needs no lock. */
export async function inspectPipeline(plan: Plan, store: Store): Promise<CellInspection[]> {
  const frozen = await freezePlan(plan, store, 'look').catch(rethrowReadable);
  const cells = await inspectCells(plan, frozen, store);
  try {
    store.save();
  } catch {
    // A cache: in a project that may only be read, every look costs the same.
  }
  return cells;
}

/**
 * The same, with code and data as they were found.
 * @param there Cells whose results a remote has, with those of their records that are known
 */
export async function inspectCells(
  plan: Plan,
  frozen: FrozenPlan,
  store: Store,
  there: ReadonlyMap<CellId, StageRecord | null> = new Map<CellId, null>(),
): Promise<CellInspection[]> {
  const records = new Map<CellId, StageRecord>();
  const cells: CellInspection[] = [];
  for (const stage of plan.cells) {
    const remote = there.get(stage.id);
    const state: CellState =
      remote === undefined
        ? await inspectCell(plan, stage, store, frozen, records)
        : { kind: 'remote', record: remote };
    if ((state.kind === 'current' || state.kind === 'remote') && state.record) records.set(stage.id, state.record);
    cells.push({ cell: stage, state, sources: inputSources(stage) });
  }
  return cells;
}

async function inspectCell(
  plan: Plan,
  stage: CellPlan,
  store: Store,
  frozen: FrozenPlan,
  records: ReadonlyMap<CellId, StageRecord>,
): Promise<CellState> {
  const failure = frozen.failures.get(stage.id);
  if (failure) return { kind: 'broken', failure };
  const recordOf = (cell: CellId): StageRecord | undefined => records.get(cell);
  const on = stage.dependsOn.filter((id) => !records.has(id));
  try {
    if (on.length > 0) {
      const { preimage, unknown } = partialPreimage(plan, stage, frozen, recordOf);
      const { nearest, reasons } = explainCell(plan, stage, { store, frozen, preimage, unknown });
      return { kind: 'waiting', on, since: nearest, reasons };
    }
    const { preimage, fingerprint } = keyOf(plan, stage, frozen, recordOf);
    const record = store.records.read(fingerprint);
    if (record && (await hasOutputs(store, record))) return { kind: 'current', record };
    const work = workDirectory(store, fingerprint);
    const beganAt = workingSince(store, work);
    if (beganAt !== null) return { kind: 'running', beganAt, isWatched: store.holder() !== null };
    const { nearest, reasons } = explainCell(plan, stage, { store, frozen, preimage });
    const lost = 'results of the earlier execution are missing or damaged';
    const hasFailed = reach(store.fileSystem, work.log) !== null;
    return { kind: 'stale', since: nearest, reasons: reasons.length > 0 ? reasons : [lost], hasFailed };
  } catch (error) {
    return { kind: 'broken', failure: failureOf(error) };
  }
}
