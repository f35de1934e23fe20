// Graphs of names: order, cycles, what lies above and below, and what a pattern selects.
import { ReproError, exitCode } from '../error.ts';
import type { CellId, Plan, StagePlan } from './plan.ts';
import { matchesCell, parseAddress } from './reference.ts';
import { suggestion } from './suggest.ts';

/**
 * Names in topological order: each after everything it depends on, otherwise as given. With cycles the order is of no
 * use, and each is listed as its trail `[a, b, c]`: a depends on b, b on c, c on a; no name is in two of them.
 */
export function topologicalOrder(
  names: readonly string[],
  dependencies: (name: string) => readonly string[],
): { order: string[]; cycles: string[][] } {
  const order: string[] = [];
  const cycles: string[][] = [];
  const state = new Map<string, 'open' | 'done'>();
  const inCycle = new Set<string>();
  // Depth first with a stack of our own: a chain may be longer than the call stack is deep.
  for (const root of names) {
    if (state.has(root)) continue;
    const trail = [{ name: root, rest: [...dependencies(root)].reverse() }];
    state.set(root, 'open');
    while (trail.length > 0) {
      const { name, rest } = trail.at(-1)!;
      const next = rest.pop();
      if (next === undefined) {
        trail.pop();
        state.set(name, 'done');
        order.push(name);
      } else if (!state.has(next)) {
        state.set(next, 'open');
        trail.push({ name: next, rest: [...dependencies(next)].reverse() });
      } else if (state.get(next) === 'open') {
        const cycle = trail.slice(trail.findIndex((step) => step.name === next)).map((step) => step.name);
        if (cycle.some((step) => inCycle.has(step))) continue;
        for (const step of cycle) inCycle.add(step);
        cycles.push(cycle);
      }
    }
  }
  return { order, cycles };
}

/** The given cells and everything they depend on, directly or not. */
export function ancestors(plan: Plan, ids: Iterable<CellId>): Set<CellId> {
  const wanted = new Set(ids);
  for (const stage of plan.stages.toReversed()) {
    if (wanted.has(stage.id)) for (const id of stage.dependsOn) wanted.add(id);
  }
  return wanted;
}

/** The given cells and everything that depends on them, directly or not. */
export function descendants(plan: Plan, ids: Iterable<CellId>): Set<CellId> {
  const reached = new Set(ids);
  for (const stage of plan.stages) {
    if (stage.dependsOn.some((id) => reached.has(id))) reached.add(stage.id);
  }
  return reached;
}

/**
 * The cells that patterns name, with everything they depend on, in the order of the plan. A pattern is a stage or a
 * cell; axes left out mean every cell. Without patterns, all.
 * @throws ReproError `unknown-stage` (usage) when a pattern names nothing
 */
export function select(plan: Plan, patterns: readonly string[]): StagePlan[] {
  if (patterns.length === 0) return [...plan.stages];
  const wanted = ancestors(
    plan,
    patterns.flatMap((pattern) => cellsOf(plan, pattern)),
  );
  return plan.stages.filter((stage) => wanted.has(stage.id));
}

function cellsOf(plan: Plan, pattern: string): CellId[] {
  const address = parseAddress(pattern);
  const ids = plan.stages
    .filter((stage) => address?.name === null && stage.stage === address.stage && matchesCell(address, stage.cell))
    .map((stage) => stage.id);
  if (ids.length > 0) return ids;
  const hint = suggestion(
    pattern,
    plan.stages.flatMap((stage) => [stage.stage, stage.id]),
  );
  throw new ReproError('unknown-stage', `No stage or cell is named "${pattern}"`, { hint, exit: exitCode.usage });
}
