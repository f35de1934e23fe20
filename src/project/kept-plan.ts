// A plan as JSON and back. What the cells of a stage have in common is written once, cells name each other by number, and a
// place in a file is two offsets. JSON that no plan was written as is refused.
import type { Diagnostic, Location } from '../pipeline/diagnostic.ts';
import type { AxisValues, CellId, CellPlan, GatePlan, InputPlan, Plan, RunPlan } from '../pipeline/plan.ts';
import { formatCellId } from '../pipeline/reference.ts';
import type { SourceFile } from '../pipeline/source.ts';

/** A location: the number of its file, and where it begins and ends in it. */
export type At = readonly [file: number, start: number, end: number];
export type Placed<T> = Omit<T, 'at'> & { readonly at: At };

type Shared =
  | 'stage'
  | 'identity'
  | 'run'
  | 'params'
  | 'outputs'
  | 'numbers'
  | 'env'
  | 'pass'
  | 'cpus'
  | 'memoryBytes'
  | 'gpus'
  | 'retries'
  | 'timeoutSeconds';
/** What the cells of a stage have in common; run and parameters are those of the first, and of others that say nothing. */
export type KeptStage = Pick<CellPlan, Shared> & { readonly at: At };
export type KeptList = readonly [cells: readonly number[], output: string, labels: readonly AxisValues[] | null];
export type KeptInput =
  | readonly ['output', cell: number, output: string, At]
  | readonly ['gathered', list: number, At]
  | readonly ['file' | 'directory', path: string, external: boolean, At]
  | readonly ['url', url: string, sha256: string, At]
  | readonly ['absent', At];
export type KeptCell = readonly [
  stage: number,
  axes: AxisValues,
  run: RunPlan | null,
  params: CellPlan['params'] | null,
  inputs: Readonly<Record<string, KeptInput>>,
  dependsOn: readonly number[],
];
export type KeptDiagnostic = Placed<Omit<Diagnostic, 'related'>> & {
  readonly related: readonly (readonly [message: string, At])[];
};

export interface KeptPlan extends Pick<Plan, 'name' | 'seed' | 'profile' | 'params' | 'leftOut'> {
  readonly stages: readonly KeptStage[];
  /** Gathered cells. Many inputs may have one list. */
  readonly lists: readonly KeptList[];
  readonly cells: readonly KeptCell[];
  readonly gates: readonly Placed<GatePlan>[];
  readonly warnings: readonly KeptDiagnostic[];
}

export interface Planned {
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

/** As JSON; null where something in it was written in another file than these. */
export function keptPlan({ plan, warnings }: Planned, files: readonly SourceFile[]): KeptPlan | null {
  const numbers = new Map(files.map((file, index) => [file, index]));
  let isWhole = true;
  const place = ({ file, span: { start, end } }: Location): At => {
    const number = numbers.get(file);
    isWhole &&= number !== undefined;
    return [number ?? 0, start, end];
  };
  const kept: KeptPlan = {
    name: plan.name,
    seed: plan.seed,
    profile: plan.profile,
    params: plan.params,
    leftOut: plan.leftOut,
    ...keptCells(plan.cells, place),
    gates: plan.gates.map((gate) => ({ ...gate, at: place(gate.at) })),
    warnings: warnings.map(({ at, related, ...rest }) => ({
      ...rest,
      at: place(at),
      related: related.map((each) => [each.message, place(each.at)] as const),
    })),
  };
  return isWhole ? kept : null;
}

function keptCells(
  cells: readonly CellPlan[],
  place: (at: Location) => At,
): Pick<KeptPlan, 'stages' | 'lists' | 'cells'> {
  const numbers = new Map<CellId, number>(cells.map(({ id }, index) => [id, index]));
  const numberOf = (id: CellId): number => numbers.get(id)!;
  const stages = new Map<string, { readonly number: number; readonly first: CellPlan }>();
  const lists = new Map<unknown, { readonly number: number; readonly list: KeptList }>();
  const gathered = ({ from, labels }: Extract<InputPlan, { kind: 'gathered' }>): number => {
    const known = lists.get(from);
    if (known !== undefined) return known.number;
    const list: KeptList = [from.map(({ cell }) => numberOf(cell)), from[0]!.output, labels];
    lists.set(from, { number: lists.size, list });
    return lists.size - 1;
  };
  const input = (each: InputPlan): KeptInput => {
    const at = place(each.at);
    if (each.kind === 'output') return [each.kind, numberOf(each.cell), each.output, at];
    if (each.kind === 'gathered') return [each.kind, gathered(each), at];
    if (each.kind === 'url') return [each.kind, each.url, each.sha256, at];
    return each.kind === 'absent' ? [each.kind, at] : [each.kind, each.path, each.external, at];
  };
  const kept = cells.map((cell): KeptCell => {
    const { number, first } = stages.get(cell.stage) ?? { number: stages.size, first: cell };
    if (first === cell) stages.set(cell.stage, { number, first });
    return [
      number,
      cell.axes,
      cell.run === first.run ? null : cell.run,
      cell.params === first.params ? null : cell.params,
      Object.fromEntries(Object.entries(cell.inputs).map(([name, each]) => [name, input(each)])),
      cell.dependsOn.map(numberOf),
    ];
  });
  return {
    stages: [...stages.values()].map(({ first }) => keptStage(first, place)),
    lists: [...lists.values()].map(({ list }) => list),
    cells: kept,
  };
}

function keptStage(
  { id: _id, axes: _axes, inputs: _inputs, dependsOn: _dependsOn, setup: _setup, at, ...shared }: CellPlan,
  place: (at: Location) => At,
): KeptStage {
  return { ...shared, at: place(at) };
}

/** What no plan was written as. */
class Foreign extends Error {}

/** The plan that was written so for these files; null where what is written was none. */
export function planOf(
  kept: KeptPlan,
  files: readonly SourceFile[],
  { file, overrides }: Pick<Plan, 'file' | 'overrides'>,
): Planned | null {
  const locate = ([number, start, end]: At): Location => {
    const found = files[number];
    if (found === undefined || !isOffset(start) || !isOffset(end) || start > end || end > found.text.length) {
      throw new Foreign();
    }
    return { file: found, span: { start, end } };
  };
  try {
    const { name, seed, profile, params, leftOut } = kept;
    const cells = cellsOf(kept, locate);
    const ids = new Set(cells.map(({ id }) => id));
    if (ids.size < cells.length) throw new Foreign();
    const gates = kept.gates.map((gate) => ({ ...gate, at: locate(gate.at) }));
    if (!gates.every((gate) => cellsNamed(gate).every((id) => ids.has(id)))) throw new Foreign();
    const warnings = kept.warnings.map(({ code, severity, message, at, related, hint }) => ({
      code,
      severity,
      message,
      at: locate(at),
      related: related.map(([text, where]) => ({ message: text, at: locate(where) })),
      ...(hint !== undefined && { hint }),
    }));
    return { plan: { name, file, seed, profile, overrides, params, cells, leftOut, gates }, warnings };
  } catch (error) {
    if (error instanceof Foreign) return null;
    throw error;
  }
}

function cellsNamed({ cells, limit }: Pick<GatePlan, 'cells' | 'limit'>): readonly CellId[] {
  return limit.kind === 'test' && typeof limit.against !== 'number' ? [...cells, ...limit.against.cells] : cells;
}

function cellsOf({ stages, lists, cells }: KeptPlan, locate: (at: At) => Location): CellPlan[] {
  const shared = stages.map((stage) => ({ ...stage, at: locate(stage.at) }));
  const ids = cells.map(([stage, axes]) => formatCellId(member(shared, stage).stage, axes));
  const gathered = lists.map(([from, output, labels]) => {
    if (from.length === 0 || (labels !== null && labels.length !== from.length)) throw new Foreign();
    return { from: from.map((cell) => ({ cell: member(ids, cell), output })), labels };
  });
  const inputOf = (input: KeptInput): InputPlan => {
    switch (input[0]) {
      case 'output':
        return { kind: input[0], cell: member(ids, input[1]), output: input[2], at: locate(input[3]) };
      case 'gathered':
        return { kind: input[0], ...member(gathered, input[1]), at: locate(input[2]) };
      case 'url':
        return { kind: input[0], url: input[1], sha256: input[2], at: locate(input[3]) };
      case 'absent':
        return { kind: input[0], at: locate(input[1]) };
      default:
        return { kind: input[0], path: input[1], external: input[2], at: locate(input[3]) };
    }
  };
  return cells.map(([number, axes, run, params, inputs, dependsOn], index) => {
    const stage = shared[number]!;
    // In topological order.
    if (dependsOn.some((above) => above >= index)) throw new Foreign();
    const { outputs, numbers, env, pass, cpus, memoryBytes, gpus, retries, timeoutSeconds, at } = stage;
    return {
      id: ids[index]!,
      stage: stage.stage,
      identity: stage.identity,
      axes,
      run: run ?? stage.run,
      params: params ?? stage.params,
      inputs: Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, inputOf(input)])),
      ...{ outputs, numbers, env, pass, cpus, memoryBytes, gpus, retries, timeoutSeconds },
      setup: [],
      dependsOn: dependsOn.map((above) => member(ids, above)),
      at,
    };
  });
}

function member<T>(list: readonly T[], index: number): T {
  const found = isOffset(index) ? list[index] : undefined;
  if (found === undefined) throw new Foreign();
  return found;
}

const isOffset = (value: number): boolean => Number.isInteger(value) && value >= 0;
