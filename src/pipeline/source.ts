// A text file as the user sees it: offsets to lines and columns.

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** Half-open range of offsets into `SourceFile.text`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export class SourceFile {
  readonly path: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  constructor(path: string, text: string) {
    this.path = path;
    this.text = text;
    const starts = [0];
    for (let i = 0; i < text.length; i++) if (text[i] === '\n') starts.push(i + 1);
    this.#lineStarts = starts;
  }

  /** As JSON a file is its path: a plan written as JSON does not repeat the text at every location. */
  toJSON(): string {
    return this.path;
  }

  /** Line and column of an offset; offsets beyond the text count as its end. */
  position(offset: number): Position {
    const clamped = Math.max(0, Math.min(offset, this.text.length));
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#lineStarts[middle]! <= clamped) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: clamped - this.#lineStarts[low]! + 1 };
  }

  /** The text of a line (from 1), without its line ending. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1];
    if (start === undefined) return '';
    const end = this.#lineStarts[number] ?? this.text.length + 1;
    return this.text.slice(start, end - 1).replace(/\r$/, '');
  }
}

/** The text of a file's bytes; where they are no UTF-8, the offset in the text of the first byte that is not. */
export function decodeText(bytes: Uint8Array): { readonly text: string; readonly invalidAt: number | null } {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const again = new TextEncoder().encode(text);
  if (again.length === bytes.length && again.every((byte, index) => byte === bytes[index])) {
    return { text, invalidAt: null };
  }
  const same = again.findIndex((byte, index) => byte !== bytes[index]);
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    bytes.subarray(0, same < 0 ? again.length : same),
  );
  return { text, invalidAt: before.replace(/\ufffd+$/, '').length };
}
