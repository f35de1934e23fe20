// Matrix to cells: axes of a stage's own and those it inherits from its inputs, joined where they share a name.
import type { PipelineDocument } from '../schema/types.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { locate, locateWithin, type ParsedFile, type YamlPath } from './parse.ts';
import type { AxisValue, AxisValues, CellId, CellPlan } from './plan.ts';
import { matchesCell, reportUnknownStage, type Reference } from './reference.ts';
import { suggestion } from './suggest.ts';

/** Values by axis, both in the order declared. */
export type Axes = ReadonlyMap<string, readonly AxisValue[]>;

/** More would be planned, fingerprinted and listed for minutes; it is a slip in a matrix. */
export const maxCells = 100_000;

type Matrix = NonNullable<PipelineDocument['stages'][string]['matrix']>;

/** The axes a stage declares, with the values that the profile gives them. */
export function declaredAxes(document: PipelineDocument, stage: string, profile: string | null): Axes {
  const axes = new Map<string, readonly AxisValue[]>();
  const changed = profile === null ? undefined : document.profiles?.[profile]?.matrix;
  const change = changed !== undefined && Object.hasOwn(changed, stage) ? changed[stage] : undefined;
  const { exclude: _, ...declared } = { ...document.stages[stage]?.matrix, ...change };
  for (const [axis, values] of Object.entries(declared)) {
    axes.set(axis, typeof values === 'number' ? Array.from({ length: values }, (_, index) => index) : valuesOf(values));
  }
  return axes;
}

/** Names of the axes that stages declare. */
export function axisNames({ stages }: PipelineDocument): Set<string> {
  return new Set(Object.values(stages).flatMap(({ matrix = {} }) => axesIn(matrix)));
}

/** The keys of a matrix that are axes. */
function axesIn(matrix: Matrix): string[] {
  return Object.keys(matrix).filter((key) => key !== 'exclude');
}

const valuesOf = (values: Matrix[string]): readonly AxisValue[] => (values ?? []) as readonly AxisValue[];

/** Reports what is wrong with the matrices of stages and profiles whatever profile is chosen. */
export function checkMatrices(document: PipelineDocument, file: ParsedFile, report: Report): void {
  for (const [stage, { matrix }] of Object.entries(document.stages)) {
    if (matrix !== undefined) checkSpelling(matrix, file, ['stages', stage, 'matrix'], report);
  }
  for (const [profile, { matrix }] of Object.entries(document.profiles ?? {})) {
    for (const [stage, change] of Object.entries(matrix ?? {})) {
      const path = ['profiles', profile, 'matrix', stage];
      if (!Object.hasOwn(document.stages, stage)) {
        reportUnknownStage(stage, Object.keys(document.stages), locate(file, path, 'key'), report);
        continue;
      }
      checkSpelling(change, file, path, report);
      const own = axesIn(document.stages[stage]!.matrix ?? {});
      for (const axis of axesIn(change).filter((each) => !own.includes(each))) {
        const hint = own.length === 0 ? `stage "${stage}" has no matrix` : suggestion(axis, own);
        const message = `Profile "${profile}" sets axis "${axis}", which stage "${stage}" has not`;
        report(diagnose('unknown-axis', message, locate(file, [...path, axis], 'key'), { hint }));
      }
    }
  }
}

/** In a cell's id the number 1 and the text "1" read the same, so an axis may hold only one of them. */
function checkSpelling(matrix: Matrix, file: ParsedFile, path: YamlPath, report: Report): void {
  for (const axis of axesIn(matrix)) {
    const values = matrix[axis];
    if (!Array.isArray(values)) continue;
    const texts = values.map(String);
    texts.forEach((text, index) => {
      if (texts.indexOf(text) === index) return;
      const message = `Axis "${axis}" has two values that both read ${text}`;
      report(diagnose('bad-value', message, locate(file, [...path, axis, index])));
    });
  }
}

/** A reference with the axes of the stage it reads, and of these the ones that its reader inherits. */
export interface Edge {
  readonly reference: Reference;
  readonly source: Axes;
  readonly inherited: readonly string[];
}

export function makeEdge(reference: Reference, source: Axes): Edge {
  const { cell, named, gathered, gathersRest } = reference;
  const free = [...source.keys()].filter((axis) => !(axis in cell) && !(axis in named) && !gathered.includes(axis));
  return { reference, source, inherited: gathersRest ? [] : free };
}

/** Reports axes of a reader that a reference names and the reader has not, or whose values the stage it reads has not. */
export function checkNamedAxes({ reference, source }: Edge, reader: Axes, report: Report): boolean {
  const { named, at, stage } = reference;
  return Object.entries(named)
    .map(([axis, own]) => {
      const here = locateWithin(at, `\${${own}}`);
      const values = reader.get(own);
      if (values === undefined) {
        const hint = reader.size === 0 ? 'it has no axes' : suggestion(own, reader.keys());
        report(diagnose('unknown-axis', `The stage that reads has no axis "${own}"`, here, { hint }));
        return false;
      }
      const known = source.get(axis)!.map(String);
      const missing = values.map(String).filter((value) => !known.includes(value));
      if (missing.length === 0) return true;
      const message = `Axis "${axis}" of stage "${stage}" has no value "${missing[0]!}", which axis "${own}" has`;
      report(diagnose('unknown-axis-value', message, here, { hint: suggestion(missing[0]!, known) }));
      return false;
    })
    .every(Boolean);
}

/**
 * The axes of a stage: inherited ones in the order of its inputs, then its own. An axis met twice keeps the values
 * that both have; none in common is reported, and undefined returned.
 */
export function joinAxes(own: Axes, edges: readonly Edge[], at: Location, report: Report): Axes | undefined {
  const axes = new Map<string, { values: readonly AxisValue[]; from: string; at: Location }>();
  const join = (axis: string, values: readonly AxisValue[], from: string, here: Location): boolean => {
    const met = axes.get(axis);
    const texts = new Set(values.map(String));
    const common = met === undefined ? values : met.values.filter((value) => texts.has(String(value)));
    if (met !== undefined && common.length === 0) {
      const message = `Axis "${axis}" has no value in common in ${met.from} and ${from}`;
      report(diagnose('no-common-cell', message, here, { related: [{ message: `${met.from} is here`, at: met.at }] }));
      return false;
    }
    axes.set(axis, { values: common, from: met?.from ?? from, at: met?.at ?? here });
    return true;
  };
  const joined = [
    ...edges.flatMap(({ reference, source, inherited }) =>
      inherited.map((axis) => join(axis, source.get(axis)!, `"${reference.text}"`, reference.at)),
    ),
    ...[...own].map(([axis, values]) => join(axis, values, 'its own matrix', at)),
  ];
  return joined.every(Boolean) ? new Map([...axes].map(([axis, { values }]) => [axis, values])) : undefined;
}

export function countCells(axes: Axes): number {
  return [...axes.values()].reduce((count, values) => count * values.length, 1);
}

/** Every combination, the last axis changing fastest. */
export function expandCells(axes: Axes): AxisValues[] {
  let cells: AxisValues[] = [{}];
  for (const [axis, values] of axes) {
    cells = cells.flatMap((cell) => values.map((value) => ({ ...cell, [axis]: value })));
  }
  return cells;
}

/** The axes of cells that are not every combination: values that none of them has are left out. */
export function axesOf(cells: readonly Pick<CellPlan, 'axes'>[], all: Axes): Axes {
  if (cells.length === countCells(all)) return all;
  return new Map(
    [...all].map(([axis, values]) => {
      const found = new Set(cells.map((cell) => cell.axes[axis]));
      return [axis, values.filter((value) => found.has(value))];
    }),
  );
}

/**
 * For an edge, the cells that each reader reads. They agree with the selection, and with the reader on inherited axes.
 * A gathered list is ordered by cell id, but for one with labels. Readers that read the same cells share one list.
 */
export function edgeCells(
  edge: Edge,
  sources: readonly Pick<CellPlan, 'id' | 'axes'>[],
): (reader: AxisValues) => readonly CellId[] {
  const { reference, inherited } = edge;
  const named = Object.entries(reference.named);
  const sourceAxes = [...inherited, ...named.map(([axis]) => axis)];
  const readerAxes = [...inherited, ...named.map(([, axis]) => axis)];
  const agreement = (cell: AxisValues, axes: readonly string[]): string =>
    axes.map((axis) => String(cell[axis])).join();
  const groups = new Map<string, CellId[]>();
  for (const { id, axes } of sources) {
    if (!matchesCell(reference, axes)) continue;
    const key = agreement(axes, sourceAxes);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [id]);
    else group.push(id);
  }
  // Told which file is of which cell, a reader gets them in the order of the file.
  if (!reference.labelled) for (const group of groups.values()) group.sort();
  return (reader) => groups.get(agreement(reader, readerAxes)) ?? [];
}
