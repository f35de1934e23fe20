// A terminal's screen from the bytes that it was sent, with what repro sends understood and everything else refused. It
// wraps its lines anew when it is resized, and moves lines into the scrollback and back, as tmux and most terminals do.

export class Screen {
  columns: number;
  rows: number;
  /** Lines as they were written, the scrollback too; each takes one row or more. */
  #lines: string[][] = [[]];
  /** The line of the cursor, and its place in it. */
  #line = 0;
  #place = 0;
  /** A character is in the last column: the next one begins a row. */
  #isFull = false;
  /** First row shown, counted from the first of the scrollback. */
  #top = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): boolean {
    // eslint-disable-next-line no-control-regex -- what moves the cursor
    for (const [part] of text.matchAll(/\u001b\[([\d;]*)([A-Za-z])|[^]/gu)) {
      if (part.length > 1 && part.startsWith('\u001b')) this.#control(part.slice(2, -1), part.at(-1)!);
      else if (part === '\n') this.#newLine();
      else if (part === '\r') this.#moveTo(this.#line, this.#rowStart());
      else this.#put(part);
    }
    return true;
  }

  /** As tmux does it. */
  resize(columns: number, rows: number): void {
    const blank = this.#top + this.rows - this.#allRows().length;
    const below = this.#top + this.rows - 1 - this.#cursorRow();
    if (rows > this.rows) this.#top -= Math.min(this.#top, rows - this.rows);
    else this.#top += Math.max(0, this.rows - rows - below);
    if (columns !== this.columns) {
      this.columns = columns;
      const kept = Math.max(0, blank - Math.max(0, this.rows - rows));
      this.#top = Math.max(0, this.#allRows().length + kept - rows);
    }
    this.rows = rows;
    this.#scroll();
  }

  /** What a person sees, without the blanks at the ends. */
  shown(): string[] {
    const rows = this.#allRows()
      .slice(this.#top, this.#top + this.rows)
      .map((row) => row.trimEnd());
    while (rows.at(-1) === '') rows.pop();
    return rows;
  }

  /** Everything, the scrollback too. */
  everything(): string {
    return this.#lines.map((line) => line.join('').trimEnd()).join('\n');
  }

  #control(words: string, kind: string): void {
    if (kind === 'm') return;
    if (kind === 'A') this.#up(Number(words || '1'));
    else if (kind === 'K' && words === '') this.#lines[this.#line]!.length = Math.min(this.#place, this.#length());
    else if (kind === 'K' && words === '2') this.#eraseRow();
    else if (kind === 'J' && words === '') {
      if (this.#cursorRow() === this.#top && this.#place === this.#rowStart())
        throw new Error('Erasing the whole screen, which tmux would keep in its scrollback');
      this.#lines[this.#line]!.length = Math.min(this.#place, this.#length());
      this.#lines.length = this.#line + 1;
    } else throw new Error(`The screen does not know ESC[${words}${kind}`);
  }

  #eraseRow(): void {
    const line = this.#lines[this.#line]!;
    const start = this.#rowStart();
    if (start + this.columns >= line.length) line.length = Math.min(start, line.length);
    else line.fill(' ', start, start + this.columns);
  }

  #put(character: string): void {
    if (character < ' ') throw new Error(`The screen does not know ${JSON.stringify(character)}`);
    const line = this.#lines[this.#line]!;
    while (line.length < this.#place) line.push(' ');
    line[this.#place++] = character;
    this.#isFull = this.#place % this.columns === 0;
    this.#scroll();
  }

  #newLine(): void {
    this.#moveTo(this.#line + 1, 0);
    if (this.#line === this.#lines.length) this.#lines.push([]);
    this.#scroll();
  }

  /** Rows of one line at least go up by one line. */
  #up(rows: number): void {
    const target = Math.max(this.#top, this.#cursorRow() - rows);
    let row = 0;
    for (const [index, line] of this.#lines.entries()) {
      const height = this.#height(line);
      if (target < row + height) {
        return this.#moveTo(index, (target - row) * this.columns);
      }
      row += height;
    }
  }

  #scroll(): void {
    this.#top = Math.max(this.#top, this.#cursorRow() - this.rows + 1);
  }

  #cursorRow(): number {
    const above = this.#lines.slice(0, this.#line).reduce((sum, line) => sum + this.#height(line), 0);
    return above + this.#rowStart() / this.columns;
  }

  #rowStart(): number {
    return Math.floor((this.#place - (this.#isFull ? 1 : 0)) / this.columns) * this.columns;
  }

  #moveTo(line: number, place: number): void {
    this.#line = line;
    this.#place = place;
    this.#isFull = false;
  }

  #length = (): number => this.#lines[this.#line]!.length;

  #height = (line: readonly string[]): number => Math.max(1, Math.ceil(line.length / this.columns));

  #allRows(): string[] {
    return this.#lines.flatMap((line) =>
      Array.from({ length: this.#height(line) }, (_, row) =>
        line.slice(row * this.columns, (row + 1) * this.columns).join(''),
      ),
    );
  }
}
