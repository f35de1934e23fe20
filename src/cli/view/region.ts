// The last lines of a terminal, drawn over while they change. Nothing is hidden or switched, so that a process that is
// killed leaves a terminal as it was.
import type { WriteStream } from 'node:tty';
import { terminalText } from './print.ts';
import type { Size } from './run-picture.ts';
import { widthOf } from './text-width.ts';

/** What a region needs of a terminal. */
export type Terminal = Pick<WriteStream, 'write' | 'columns' | 'rows'>;

/** Where a terminal does not tell, the usual size. */
export function terminalSize({ columns, rows }: Size): Size {
  return { columns: columns || 80, rows: rows || 24 };
}

const upBy = (rows: number): string => (rows > 0 ? `\u001b[${rows}A` : '');
const eraseBelow = '\u001b[J';
const eraseRest = '\u001b[K';
const eraseRow = '\u001b[2K';

export class Region {
  readonly #terminal: Terminal;
  #lines: readonly string[] = [];
  #size: Size;
  /** Widths of what is ours and left the screen as it was made smaller: the last come back as it is made larger. */
  #gone: number[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#size = terminalSize(terminal);
  }

  /**
   * Replaces what is drawn. Each line is narrower than the terminal, and all but the last picture have fewer than it has
   * rows.
   * @param notes Lines that stay, above it
   */
  draw(lines: readonly string[], notes: readonly string[] = []): void {
    const size = terminalSize(this.#terminal);
    const isResized = size.columns !== this.#size.columns || size.rows !== this.#size.rows;
    const erased = isResized || notes.length > 0 ? this.#clear(size) : null;
    // What left the screen may end within a line, which an empty row keeps apart from the next one.
    const isApart = erased === null ? this.#lines[0] === '' : this.#gone.length > 0;
    const shown = [...(isApart ? [''] : []), ...notes, ...lines].map(terminalText);
    this.#write(erased === null ? this.#changes(shown) : `${erased}${shown.map((line) => `${line}\n`).join('')}`);
    // Below notes nothing has left the screen yet.
    if (notes.length > 0) this.#gone = [];
    const drawn = notes.length > 0 ? shown.slice(-lines.length) : shown;
    const pushed = Math.max(0, drawn.length - size.rows + 1);
    this.#gone.push(...drawn.slice(0, pushed).map(widthWithColours));
    this.#lines = drawn.slice(pushed);
    this.#size = size;
  }

  #changes(shown: readonly string[]): string {
    const before = this.#lines;
    if (before.length === shown.length && before.every((line, index) => line === shown[index])) return '';
    const drawn = shown.map((line, index) => (line === before[index] ? '\n' : `${line}${eraseRest}\n`)).join('');
    return `\r${upBy(before.length)}${drawn}${before.length > shown.length ? eraseBelow : ''}`;
  }

  /** Erases what is drawn. In a terminal that has become narrower a line takes several rows. */
  #clear({ columns, rows }: Size): string {
    const ours = [...this.#comeBack(rows - this.#size.rows), ...this.#lines.map(widthWithColours)];
    let reached = 0;
    for (let width = ours.pop(); width !== undefined; width = reached < rows - 1 ? ours.pop() : undefined) {
      const height = heightOf(width, columns);
      const cut = Math.max(0, height - (rows - 1 - reached));
      reached += height - cut;
      if (cut > 0) ours.push(cut * columns);
    }
    this.#gone.push(...ours);
    // Row by row: at the top of the screen, erasing what is below would move it all into the scrollback of some terminals.
    return `\r${eraseRow}${`${upBy(1)}${eraseRow}`.repeat(reached)}`;
  }

  /** Takes out what comes back into a screen that has become higher by so many rows. */
  #comeBack(rows: number): number[] {
    const { columns } = this.#size;
    const back: number[] = [];
    for (let left = rows; left > 0 && this.#gone.length > 0;) {
      const width = this.#gone.pop()!;
      const cut = Math.max(0, heightOf(width, columns) - left);
      left -= heightOf(width, columns) - cut;
      if (cut > 0) this.#gone.push(cut * columns);
      back.unshift(width - cut * columns);
    }
    return back;
  }

  #write(text: string): void {
    if (text !== '') this.#terminal.write(text);
  }
}

/** Rows that a line takes. */
const heightOf = (width: number, columns: number): number => Math.max(1, Math.ceil(width / columns));

// eslint-disable-next-line no-control-regex -- colours have no width
const widthWithColours = (line: string): number => widthOf(line.replace(/\u001b\[[\d;]*m/g, ''));
