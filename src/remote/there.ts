// Which results of a plan a remote has, asking as little as tells: whether a record is there, and the record itself only
// where the fingerprints of other cells follow from it.
import type { CellId, CellPlan, Plan } from '../pipeline/plan.ts';
import { ReproError } from '../error.ts';
import { keyOf } from '../runner/cell-key.ts';
import type { FrozenPlan } from '../runner/freeze.ts';
import { hasOutputs } from '../runner/outputs/outputs.ts';
import type { StageRecord } from '../schema/types.ts';
import type { Digest } from '../store/digest.ts';
import type { Fetcher } from './fetcher.ts';
import { recordKey } from './keys.ts';
import { inParallel } from './parallel.ts';
import { RemoteFault } from './remote.ts';

export interface There {
  /** Cells that are not here and would come from there; with the record where it was needed. */
  readonly cells: ReadonlyMap<CellId, StageRecord | null>;
  /** What there is of no use, as sentences. */
  readonly damage: readonly string[];
}

/** @throws {RemoteFault} where the remote gives no answer */
export async function findThere(fetcher: Fetcher, plan: Plan, frozen: FrozenPlan): Promise<There> {
  const { store } = fetcher.options;
  const found = new Map<CellId, StageRecord | null>();
  const damage: string[] = [];
  const known = new Map<CellId, StageRecord>();
  const isNeeded = new Set(plan.cells.flatMap(({ dependsOn }) => dependsOn));
  let pending = plan.cells.filter(({ id }) => !frozen.failures.has(id));
  for (;;) {
    const isReady = ({ dependsOn }: CellPlan): boolean => dependsOn.every((id) => known.has(id));
    const ready = pending.filter(isReady);
    if (ready.length === 0) return { cells: found, damage };
    pending = pending.filter((cell) => !isReady(cell));
    const asked = new Map<CellId, Digest>();
    for (const cell of ready) {
      const fingerprint = fingerprintOf(plan, cell, frozen, known);
      const record = fingerprint && store.records.read(fingerprint);
      if (record && (await hasOutputs(store, record))) known.set(cell.id, record);
      else if (fingerprint) asked.set(cell.id, fingerprint);
    }
    const [needed, last] = [true, false].map((is) => [...asked].filter(([id]) => isNeeded.has(id) === is));
    await inParallel(needed!, async ([id, fingerprint]) => {
      const record = await fetcher.record(fingerprint).catch(asDamage(id, damage));
      if (record === null) return;
      known.set(id, record);
      found.set(id, record);
    });
    const there = await recordsThere(
      fetcher,
      last!.map(([, fingerprint]) => fingerprint),
    );
    for (const [id, fingerprint] of last!) if (there.has(fingerprint)) found.set(id, null);
  }
}

/** Null for a cell that no run could begin. */
function fingerprintOf(
  plan: Plan,
  cell: CellPlan,
  frozen: FrozenPlan,
  known: ReadonlyMap<CellId, StageRecord>,
): Digest | null {
  try {
    return keyOf(plan, cell, frozen, (id) => known.get(id)).fingerprint;
  } catch (error) {
    if (error instanceof ReproError) return null;
    throw error;
  }
}

const asDamage =
  (cell: CellId, damage: string[]) =>
  (error: unknown): null => {
    if (!(error instanceof RemoteFault) || error.kind !== 'damaged') throw error;
    damage.push(`${cell}: ${error.message}`);
    return null;
  };

async function recordsThere({ remote, options }: Fetcher, fingerprints: readonly Digest[]): Promise<Set<Digest>> {
  const places = fingerprints.flatMap((fingerprint) =>
    options.platforms.map((platform) => ({ fingerprint, key: recordKey(platform, fingerprint) })),
  );
  if (places.length === 0) return new Set();
  const there = await remote.has(
    places.map(({ key }) => key),
    options.signal,
  );
  return new Set(places.filter(({ key }) => there.has(key)).map(({ fingerprint }) => fingerprint));
}
