// What a plan needs, from a remote: the fingerprint of a cell is known once the records of those before it are here.
import { ReproError } from '../error.ts';
import type { CellId, CellPlan, Plan } from '../pipeline/plan.ts';
import { keyOf } from '../runner/cell-key.ts';
import type { FrozenPlan } from '../runner/freeze.ts';
import { hasOutputs } from '../runner/outputs/outputs.ts';
import { schedule, type Visit } from '../runner/schedule.ts';
import type { StageRecord } from '../schema/types.ts';
import type { Fetcher } from './fetcher.ts';
import { RemoteFault } from './remote.ts';
import type { Missing } from './runs.ts';

export interface Planned {
  /** Of cells whose results are here now. */
  readonly records: ReadonlyMap<CellId, StageRecord>;
  /** Cells whose results have come. */
  readonly fetched: readonly CellId[];
  /** In the order of the plan. */
  readonly missing: readonly Missing[];
}

/** Gets every result of a plan that is not here. @throws {RemoteFault} where the remote gives no answer */
export async function fetchPlanned(fetcher: Fetcher, plan: Plan, frozen: FrozenPlan): Promise<Planned> {
  const { store, signal } = fetcher.options;
  const records = new Map<CellId, StageRecord>();
  const fetched: CellId[] = [];
  const reasons = new Map<CellId, string>();
  let fault: unknown = null;
  const bring = async (cell: CellPlan): Promise<string | null> => {
    const failure = frozen.failures.get(cell.id);
    if (failure) return failure.message;
    const { fingerprint } = keyOf(plan, cell, frozen, (id) => records.get(id));
    let record = store.records.read(fingerprint);
    if (record === null || !(await hasOutputs(store, record))) {
      if (!(await fetcher.result(fingerprint))) return 'the remote does not have it';
      record = store.records.read(fingerprint)!;
      fetched.push(cell.id);
    }
    records.set(cell.id, record);
    return null;
  };
  const visit = async (cell: CellPlan): Promise<Visit> => {
    if (fault !== null) return 'failed';
    try {
      const why = await bring(cell);
      if (why === null) return 'done';
      reasons.set(cell.id, why);
    } catch (error) {
      const isOfCell =
        error instanceof RemoteFault ? error.kind === 'damaged' : error instanceof ReproError && !signal.aborted;
      if (isOfCell) reasons.set(cell.id, (error as Error).message);
      // The rest ends before it is told of: whoever called holds the lock.
      else fault ??= error;
    }
    return 'failed';
  };
  await schedule(plan.cells, visit, (cell, by) => reasons.set(cell.id, `what ${by} gives is not known`));
  if (fault !== null) throw fault as Error;
  const missing = plan.cells.flatMap(({ id }) => (reasons.has(id) ? { cell: id, why: reasons.get(id)! } : []));
  return { records, fetched, missing };
}
