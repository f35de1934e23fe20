// Bytes of a stream to lines, whatever a program prints: no line ending at the end, megabytes without one, or a progress
// bar that returns the carriage.

/** A line longer than this is delivered in pieces. */
const longestLine = 64 * 1024;

export class LineSplitter {
  readonly #onLine: (line: Buffer) => void;
  #pending: Buffer[] = [];
  #length = 0;

  /** `onLine` receives each line's raw bytes without the line feed. */
  constructor(onLine: (line: Buffer) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      this.#pending.push(chunk.subarray(start, end));
      this.#deliver();
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#pending.push(chunk.subarray(start));
      this.#length += chunk.length - start;
      if (this.#length >= longestLine) this.#deliver();
    }
  }

  /** Delivers what came after the last line feed. */
  end(): void {
    if (this.#pending.length > 0) this.#deliver();
  }

  #deliver(): void {
    const line = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#length = 0;
    this.#onLine(line);
  }
}
