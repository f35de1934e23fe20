// Graphs of names: order, cycles, what lies above and below, and what a pattern selects.
import { ReproError, exitCode } from '../error.ts';
import type { CellId, Plan, CellPlan } from './plan.ts';
import { matchesCell, parseAddress } from './reference.ts';
import { suggestion } from './suggest.ts';

/**
 * Names in topological order: each after everything it depends on, and the first in file order whenever several could
 * be next. Names in or behind cycles are left out of the order; cycles are listed as trails `[a, b, c]`: a depends on
 * b, b on c, c on a. No name is in two of them, so the list is short, and empty only when there is no cycle.
 */
export function topologicalOrder(
  names: readonly string[],
  dependencies: (name: string) => readonly string[],
): { order: string[]; cycles: string[][] } {
  const position = new Map(names.map((name, index) => [name, index]));
  const waitsFor = new Map(names.map((name) => [name, new Set(dependencies(name))]));
  const readers = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const [name, waits] of waitsFor) for (const each of waits) readers.get(each)!.push(name);
  // Kept from last to first in the file: the next is popped.
  const ready = names.filter((name) => waitsFor.get(name)!.size === 0).reverse();
  const order: string[] = [];
  for (let name = ready.pop(); name !== undefined; name = ready.pop()) {
    order.push(name);
    waitsFor.delete(name);
    for (const reader of readers.get(name)!) {
      const waits = waitsFor.get(reader)!;
      waits.delete(name);
      if (waits.size > 0) continue;
      const after = ready.findLastIndex((each) => position.get(each)! > position.get(reader)!);
      ready.splice(after + 1, 0, reader);
    }
  }
  return { order, cycles: findCycles(waitsFor) };
}

/** Every name left waits for another: following the first one from anywhere ends in a cycle, or where one went before. */
function findCycles(waitsFor: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const cycles: string[][] = [];
  const walkOf = new Map<string, string>();
  for (const start of waitsFor.keys()) {
    const trail: string[] = [];
    let name = start;
    while (!walkOf.has(name)) {
      walkOf.set(name, start);
      trail.push(name);
      name = waitsFor.get(name)!.values().next().value!;
    }
    if (walkOf.get(name) === start) cycles.push(trail.slice(trail.indexOf(name)));
  }
  return cycles;
}

/** The given cells and everything they depend on, directly or not. */
export function ancestors(plan: Plan, ids: Iterable<CellId>): Set<CellId> {
  const wanted = new Set(ids);
  for (const stage of plan.cells.toReversed()) {
    if (wanted.has(stage.id)) for (const id of stage.dependsOn) wanted.add(id);
  }
  return wanted;
}

/** The given cells and everything that depends on them, directly or not. */
export function descendants(plan: Plan, ids: Iterable<CellId>): Set<CellId> {
  const reached = new Set(ids);
  for (const stage of plan.cells) {
    if (stage.dependsOn.some((id) => reached.has(id))) reached.add(stage.id);
  }
  return reached;
}

/**
 * The cells that patterns name, with everything they depend on, in the order of the plan. A pattern is a stage or a
 * cell; axes left out mean every cell. Without patterns, all.
 * @throws ReproError `unknown-stage` (usage) when a pattern names nothing
 */
export function select(plan: Plan, patterns: readonly string[]): CellPlan[] {
  if (patterns.length === 0) return [...plan.cells];
  const wanted = ancestors(plan, named(plan, patterns));
  return plan.cells.filter((stage) => wanted.has(stage.id));
}

/** The cells that patterns name, without what they depend on. Without patterns, all. */
export function named(plan: Plan, patterns: readonly string[]): Set<CellId> {
  if (patterns.length === 0) return new Set(plan.cells.map(({ id }) => id));
  return new Set(patterns.flatMap((pattern) => cellsOf(plan, pattern)));
}

function cellsOf(plan: Plan, pattern: string): CellId[] {
  const address = parseAddress(pattern);
  const ids = plan.cells
    .filter((stage) => address?.name === null && stage.stage === address.stage && matchesCell(address, stage.axes))
    .map((stage) => stage.id);
  if (ids.length > 0) return ids;
  const stage = address?.stage ?? '';
  if (Object.hasOwn(plan.leftOut, stage)) {
    const profiles = plan.leftOut[stage]!.map((name) => `--profile ${name}`);
    throw new ReproError('unknown-stage', `Profile "${plan.profile ?? ''}" leaves out stage "${stage}"`, {
      hint: profiles.length === 0 ? 'no profile runs it' : `it runs with ${profiles.join(' or ')}`,
      exit: exitCode.usage,
    });
  }
  const hint = suggestion(
    pattern,
    plan.cells.flatMap((stage) => [stage.stage, stage.id]),
  );
  throw new ReproError('unknown-stage', `No stage or cell is named "${pattern}"`, { hint, exit: exitCode.usage });
}
