// Gates while a run goes on: each is judged as soon as all that it speaks of is known. The manifest judges all of them again.
import { evaluateGates, type References } from '../manifest/gates/gates.ts';
import { judgedGates } from '../manifest/gates/left-out.ts';
import type { CellId, GatePlan } from '../pipeline/plan.ts';
import type { Emit } from '../runner/event.ts';
import type { ManifestGate, ReportedNumber } from '../schema/types.ts';

/** Gates that are judged together, and how many of their cells have no result yet. */
interface Group {
  readonly gates: readonly GatePlan[];
  readonly cells: ReadonlySet<CellId>;
  left: number;
}

export interface Judge {
  /** Emits an event, and `gate-judged` after the result that was the last one missing. */
  readonly emit: Emit;
  /** Emits `gate-judged` of those that had to wait for what never came, by the manifest. @param ids Stages of the run. */
  readonly rest: (gates: readonly ManifestGate[], ids: Iterable<CellId>) => void;
}

/** Judges with each result that is emitted. */
export function judgeAsTheyCome(gates: readonly GatePlan[], references: References, emit: Emit): Judge {
  const awaited = new Map<CellId, Group[]>();
  for (const group of groupsOf(gates)) {
    for (const cell of group.cells) awaited.set(cell, [...(awaited.get(cell) ?? []), group]);
  }
  const known = new Map<CellId, Readonly<Record<string, ReportedNumber>>>();
  const judged = new Set<string>();
  const judge = (gate: ManifestGate): void => {
    judged.add(gate.name);
    emit({ kind: 'gate-judged', gate });
  };
  const settle: Emit = (event) => {
    emit(event);
    if (event.kind !== 'stage-finished' && event.kind !== 'stage-restored') return;
    const groups = awaited.get(event.stage) ?? [];
    awaited.delete(event.stage);
    if (groups.length > 0) known.set(event.stage, event.numbers);
    for (const group of groups) {
      group.left -= 1;
      if (group.left > 0) continue;
      const numbers = [...group.cells].flatMap((cell) =>
        Object.entries(known.get(cell) ?? {}).map(([name, number]) => ({ address: `${cell}.${name}`, number })),
      );
      evaluateGates(group.gates, numbers, references).forEach(judge);
    }
  };
  return {
    emit: settle,
    rest: (all, ids) =>
      judgedGates(all, ids)
        .filter(({ name }) => !judged.has(name))
        .forEach(judge),
  };
}

/** Tests are corrected for each other, so that none has a verdict before all have; every other gate stands alone. */
function groupsOf(gates: readonly GatePlan[]): Group[] {
  const tests = gates.filter(({ limit }) => limit.kind === 'test');
  const alone = gates.filter(({ limit }) => limit.kind !== 'test').map((gate) => [gate]);
  return [...alone, ...(tests.length > 0 ? [tests] : [])].map((together) => {
    const cells = new Set(together.flatMap(cellsOf));
    return { gates: together, cells, left: cells.size };
  });
}

function cellsOf({ cells, limit }: GatePlan): readonly CellId[] {
  const others = limit.kind === 'test' && typeof limit.against === 'object' ? limit.against.cells : [];
  return [...cells, ...others];
}
