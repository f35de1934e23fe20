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
  /** Rows of ours that left the screen as it was made smaller: they come back as it is made larger. */
  #gone = 0;

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
    const shown = lines.map(terminalText);
    if (isResized || notes.length > 0) {
      const erased = this.#clear(size);
      if (notes.length > 0) this.#gone = 0;
      this.#write(erased + [...notes.map(terminalText), ...shown].map((line) => `${line}\n`).join(''));
    } else this.#write(this.#changes(shown));
    this.#lines = shown;
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
    // eslint-disable-next-line no-control-regex -- colours have no width
    const widths = this.#lines.map((line) => widthOf(line.replace(/\u001b\[[\d;]*m/g, '')));
    const back = Math.min(this.#gone, Math.max(0, rows - this.#size.rows));
    const ours = widths.reduce((sum, width) => sum + Math.max(1, Math.ceil(width / columns)), back);
    const reached = Math.min(ours, rows - 1);
    const left = ours - reached;
    // The first row left may be the rest of a line whose beginning left the screen: it would stay joined to that.
    const apart = left > 0 ? '\n' : '';
    this.#gone += left - back + apart.length;
    // Row by row: at the top of the screen, erasing what is below would move it all into the scrollback of some terminals.
    return `\r${eraseRow}${`${upBy(1)}${eraseRow}`.repeat(reached)}${apart}`;
  }

  #write(text: string): void {
    if (text !== '') this.#terminal.write(text);
  }
}
