// Graphs of names: order, cycles, and what lies above and below.
import type { CellId, Plan } from './plan.ts';

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
