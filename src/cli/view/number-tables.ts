// Numbers of several runs side by side, and numbers by their axes, as text and as Markdown.
import { type Cell, type NumberTable, type PivotRow } from '../../manifest/number-table.ts';
import { settingsText, standingText } from '../../manifest/standing.ts';
import { markdownTable } from '../../manifest/text/markdown-text.ts';
import { numberText } from '../../manifest/text/number-text.ts';
import type { Manifest, ReportedNumber } from '../../schema/types.ts';
import { paint, terminalWidth } from './print.ts';
import { paintedLines } from './table.ts';

/** A column for each run, a row for each number; what the runs are stands above. */
export function sideBySideLines(manifests: readonly Manifest[]): string[] {
  const titles = runTitles(manifests);
  const addresses = [...new Set(manifests.flatMap(({ numbers }) => numbers.map(({ address }) => address)))];
  const byAddress = manifests.map(({ numbers }) => new Map(numbers.map(({ address, number }) => [address, number])));
  const lines = paintedLines(
    [{ title: 'number', shrink: true }, ...titles.map((title) => ({ title })), { title: 'unit' }],
    addresses.map((address) => {
      const found = byAddress.map((numbers) => numbers.get(address));
      const unit = found.find((number) => number !== undefined)?.unit ?? '';
      return [address, ...found.map(valueAndError), unit === '1' ? '' : unit];
    }),
    terminalWidth(),
  );
  const runs = manifests.map((manifest, index) => {
    const standing = standingText(manifest);
    const { id, outcome } = manifest.run;
    const rest = [...(standing === null ? [] : [standing]), ...(outcome === 'complete' ? [] : [outcome])];
    return `${titles[index]!}: run ${id}${rest.map((part) => `, ${part}`).join('')}`;
  });
  return [...runs, '', ...lines];
}

/** What was set, where that tells the runs apart; otherwise their ids. */
function runTitles(manifests: readonly Manifest[]): string[] {
  const set = manifests.map(({ pipeline }) => settingsText(pipeline.overrides) ?? 'as it is');
  if (new Set(set).size === manifests.length) return set;
  return manifests.map(({ run }) => run.id);
}

function valueAndError(number: Pick<ReportedNumber, 'value' | 'standardError'> | undefined): string {
  if (number === undefined) return '';
  const { value, error } = numberText(number);
  return error === null ? value : `${value} ± ${error}`;
}

export interface Pivoted {
  readonly by: readonly string[];
  readonly rows: readonly PivotRow[];
}

/** The last of the columns goes across, the others down. */
function pivotGrid({ by, rows }: Pivoted): { titles: string[]; lines: string[][] } {
  const across = by.at(-1)!;
  const down = by.slice(0, -1);
  const values = [...new Set(rows.map((row) => cellText(row.by[across])))];
  const lines = new Map<string, { head: string[]; cells: Map<string, string>; unit: string }>();
  for (const { stage, name, unit, by: at, spread } of rows) {
    const head = [`${stage}.${name}`, ...down.map((column) => cellText(at[column]))];
    const line = lines.get(head.join('\n')) ?? { head, cells: new Map<string, string>(), unit };
    line.cells.set(cellText(at[across]), spreadText(spread));
    lines.set(head.join('\n'), line);
  }
  return {
    titles: ['number', ...down, ...values.map((value) => `${across}=${value}`), 'unit'],
    lines: [...lines.values()].map(({ head, cells, unit }) => [
      ...head,
      ...values.map((value) => cells.get(value) ?? ''),
      unit === '1' ? '' : unit,
    ]),
  };
}

export function pivotLines(pivoted: Pivoted): string[] {
  const { titles, lines } = pivotGrid(pivoted);
  const rows = paintedLines(
    titles.map((title) => ({ title })),
    lines,
    terminalWidth(),
  );
  return [...rows, '', paint('dim', '± is one standard deviation over what else varies, (n) how many')];
}

export function pivotMarkdown(pivoted: Pivoted): string {
  const { titles, lines } = pivotGrid(pivoted);
  return `${markdownTable(titles, lines).text}\n`;
}

/** Its columns that say something: one that is empty everywhere is left out, and digests of closures are for programs. */
export function markdownNumbers({ columns, rows }: NumberTable): string {
  const shown = columns.filter((column) => column !== 'closure' && rows.some((row) => (row[column] ?? null) !== null));
  return `${
    markdownTable(
      shown,
      rows.map((row) => shown.map((column) => cellText(row[column]))),
    ).text
  }\n`;
}

function spreadText({ mean, sd, n }: PivotRow['spread']): string {
  const { value, error } = numberText({ value: mean, ...(sd !== null && { standardError: sd }) });
  return `${value}${error === null ? '' : ` ± ${error}`} (${n})`;
}

function cellText(value: Cell | undefined): string {
  return value === null || value === undefined ? '' : String(value);
}
