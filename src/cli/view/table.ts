// Aligned columns: text to the left, numbers on their decimal point, no wider than the terminal.
import { paint, printable } from './print.ts';
import { clip, widthOf } from './text-width.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right' | 'decimal';
  /** May be cut, with an ellipsis, where the terminal is too narrow. */
  readonly shrink?: boolean;
}

const gap = '  ';
/** Of what stands below the first column. */
const indent = '    ';
/** A column that shrinks keeps at least this much. */
const leastWidth = 8;

/** The lines of each row, mostly one. */
export interface Table {
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * Lines of a table: titles, then rows. Columns without any text are left out.
 * @param width Columns of the terminal; `Infinity` never cuts.
 */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): string[] {
  const table = layOut(columns, rows, width);
  return [...table.titles, ...table.rows.flat()];
}

/** The same for a terminal, with dim titles. */
export function paintedLines(...table: Parameters<typeof layOut>): string[] {
  const { titles, rows } = layOut(...table);
  return [...titles.map((title) => paint('dim', title)), ...rows.flat()];
}

/** The same, row by row. Where columns are too wide together, the widest of those that may not be cut has a line of its own. */
export function layOut(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): Table {
  const shown = columns.flatMap((column, index) => {
    const cells = rows.map((row) => printable(row[index] ?? ''));
    if (cells.every((cell) => cell === '')) return [];
    const aligned = column.align === 'decimal' ? alignDecimals(cells) : cells;
    return [{ ...column, cells: aligned, width: widest([column.title, ...aligned].map((cell) => widthOf(cell))) }];
  });

  let excess = shown.reduce((sum, column) => sum + column.width, gap.length * (shown.length - 1)) - width;
  for (const column of shown.filter((candidate) => candidate.shrink).sort((a, b) => b.width - a.width)) {
    const cut = Math.max(0, Math.min(excess, column.width - leastWidth));
    column.width -= cut;
    excess -= cut;
  }
  if (excess > 0 && shown.length > 1) return stack(columns, rows, width);

  const line = (cell: (column: (typeof shown)[number]) => string) =>
    shown
      .map((column, index) => {
        const text = clip(cell(column), column.width);
        // Blanks at the end of a line would be as many as the longest text has characters, in every line.
        if (index === shown.length - 1 && (column.align ?? 'left') === 'left') return text;
        const padding = ' '.repeat(column.width - widthOf(text));
        return column.align === 'right' || column.align === 'decimal' ? padding + text : text + padding;
      })
      .join(gap)
      .trimEnd();
  return {
    titles: [line((column) => column.title)],
    rows: rows.map((_, index) => [line((column) => column.cells[index] ?? '')]),
  };
}

/** The first column stands above the others, another one below them. */
function stack(columns: readonly Column[], rows: readonly (readonly string[])[], width: number): Table {
  const widthIn = (index: number) => widest(rows.map((row) => widthOf(printable(row[index] ?? ''))));
  const uncut = columns.map((_, index) => index).filter((index) => !columns[index]!.shrink);
  const own = uncut.reduce((most, index) => (widthIn(index) > widthIn(most) ? index : most), uncut[0] ?? 0);
  const isFirst = own === 0;
  const without = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => index !== own);
  const others = layOut(without(columns), rows.map(without), isFirst ? width - indent.length : width);
  const join = (cell: string, lines: readonly string[]): string[] => {
    const text = lines.filter((line) => line !== '');
    if (isFirst) return [cell, ...text.map((line) => indent + line)];
    return cell === '' ? text : [...text, indent + cell];
  };
  return {
    titles: join(columns[own]!.title, others.titles),
    rows: rows.map((row, index) => join(printable(row[own] ?? ''), others.rows[index]!)),
  };
}

/** Rows may be more than a call has room for. */
function widest(widths: readonly number[]): number {
  return widths.reduce((most, width) => Math.max(most, width), 0);
}

/** Pads on both sides so that the decimal points stand below each other. */
function alignDecimals(cells: readonly string[]): string[] {
  const fraction = (cell: string) => (cell.includes('.') ? cell.length - cell.indexOf('.') : 0);
  const most = widest(cells.map(fraction));
  return cells.map((cell) => (cell === '' ? '' : cell + ' '.repeat(most - fraction(cell))));
}
