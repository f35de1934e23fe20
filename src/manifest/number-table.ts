// The numbers of one run or several as a table: axes, and parameters that were set, are columns.
import type { Manifest, ManifestStage, ReportedNumber } from '../schema/types.ts';

export type Cell = string | number | boolean | null;

export interface Rows {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, Cell>>[];
}

export interface NumberTable extends Rows {
  /** Which of them are axes of cells or parameters that were set. */
  readonly factors: readonly string[];
}

/** The columns that tell runs and cells apart, and what they have in them. */
export interface Factors {
  /** Parameters that a run set, before the stage; axes of cells, after it. */
  readonly settings: readonly string[];
  readonly axes: readonly string[];
  readonly of: (manifest: Manifest, stage: ManifestStage | undefined) => Record<string, Cell>;
}

/** @param taken Columns of the table's own: an axis of such a name is `axis.NAME` */
export function factorsOf(manifests: readonly Manifest[], taken: readonly string[]): Factors {
  const settings = unique(manifests.flatMap(({ pipeline }) => Object.keys(pipeline.overrides)));
  const axes = unique(manifests.flatMap(({ stages }) => stages.flatMap(({ cell }) => Object.keys(cell))));
  const columnOf = (axis: string) => (settings.includes(axis) || taken.includes(axis) ? `axis.${axis}` : axis);
  return {
    settings,
    axes: axes.map(columnOf),
    of: ({ pipeline }, stage) => ({
      ...Object.fromEntries(settings.map((path) => [path, cellOf(pipeline.overrides[path])])),
      ...Object.fromEntries(axes.map((axis) => [columnOf(axis), stage?.cell[axis] ?? null])),
    }),
  };
}

const before = ['run', 'profile'] as const;
const after = ['name', 'value', 'standardError', 'unit', 'n', 'kind', 'better', 'closure'] as const;

/** A row for each number of each run, in their order. */
export function numberTable(manifests: readonly Manifest[]): NumberTable {
  const { settings, axes, of } = factorsOf(manifests, [...before, 'stage', ...after]);
  const rows = manifests.flatMap((manifest) => {
    const cells = new Map(manifest.stages.map((stage) => [stage.id, stage]));
    return manifest.numbers.map(({ stage: id, name, number, closure }): Record<string, Cell> => {
      const stage = cells.get(id);
      return {
        run: manifest.run.id,
        profile: manifest.pipeline.profile,
        ...of(manifest, stage),
        stage: stage?.stage ?? id,
        name,
        ...reported(number),
        closure,
      };
    });
  });
  return { columns: [...before, ...settings, 'stage', ...axes, ...after], factors: [...settings, ...axes], rows };
}

function reported({ value, standardError, unit, n, kind, better }: ReportedNumber): Record<string, Cell> {
  return { value, standardError: standardError ?? null, unit, n: n ?? null, kind, better: better ?? null };
}

/** A parameter may be a list or a mapping: then it is its JSON. */
function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  return JSON.stringify(value);
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)];
}

export interface Spread {
  readonly mean: number;
  /** Standard deviation between them; null for a single one. */
  readonly sd: number | null;
  readonly n: number;
}

export interface PivotRow {
  readonly stage: string;
  readonly name: string;
  readonly unit: string;
  /** Values of the columns that it is grouped by. */
  readonly by: Readonly<Record<string, Cell>>;
  readonly spread: Spread;
}

/** The numbers of a table, those that agree in some columns taken together: what else varies is averaged over. */
export function pivot({ rows }: NumberTable, by: readonly string[]): PivotRow[] {
  const groups = new Map<string, { row: NumberTable['rows'][number]; values: number[] }>();
  for (const row of rows) {
    const key = JSON.stringify([row['stage'], row['name'], row['unit'], ...by.map((column) => row[column])]);
    const group = groups.get(key) ?? { row, values: [] };
    group.values.push(row['value'] as number);
    groups.set(key, group);
  }
  return [...groups.values()].map(({ row, values }) => ({
    stage: row['stage'] as string,
    name: row['name'] as string,
    unit: row['unit'] as string,
    by: Object.fromEntries(by.map((column) => [column, row[column] ?? null])),
    spread: spreadOf(values),
  }));
}

function spreadOf(values: readonly number[]): Spread {
  const n = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n < 2) return { mean, sd: null, n };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, sd: Math.sqrt(squares / (n - 1)), n };
}
