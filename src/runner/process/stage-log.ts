// What a stage printed, as a file: as it prints it, and bounded. Of a log that grows too long the beginning and the end are
// kept: what was set up, and what went wrong.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';

export interface LogLimits {
  /** Bytes of the beginning, of all attempts together. */
  readonly beginning: number;
  /** Bytes of the end of each attempt; held in memory once the beginning is full. */
  readonly end: number;
}

const limits: LogLimits = { beginning: 60 * 1024 * 1024, end: 4 * 1024 * 1024 };
const lineFeed = Buffer.from('\n');

export class StageLog implements Disposable {
  readonly #file: number;
  readonly #limits: LogLimits;
  #room: number;
  #end: LastBytes | null = null;
  #hasFailed = false;

  /** A retry goes on in the log of the attempt before; otherwise the file is new. */
  constructor(path: string, { beginning, end }: LogLimits = limits) {
    this.#file = openSync(path, 'a');
    this.#limits = { beginning, end };
    this.#room = beginning - fstatSync(this.#file).size;
  }

  /** Adds a line, which has no line feed yet. */
  write(line: Buffer): void {
    const bytes = Buffer.concat([line, lineFeed]);
    if (this.#end === null && bytes.length <= this.#room) {
      this.#room -= bytes.length;
      this.#append(bytes);
      return;
    }
    this.#end ??= new LastBytes(this.#limits.end);
    this.#end.write(bytes);
  }

  [Symbol.dispose](): void {
    if (this.#end !== null) {
      const { leftOut, bytes } = this.#end.lines();
      if (leftOut > 0) this.#append(Buffer.from(`[${leftOut} bytes are left out here: the log is too long]\n`));
      this.#append(bytes);
    }
    closeSync(this.#file);
  }

  #append(bytes: Uint8Array): void {
    try {
      for (let written = 0; !this.#hasFailed && written < bytes.length;) {
        written += writeSync(this.#file, bytes, written);
      }
    } catch {
      // A full disk ends the log, not the stage; it fails by itself when it cannot write its outputs.
      this.#hasFailed = true;
    }
  }
}

/** The last bytes of what is written, in a ring. */
class LastBytes {
  readonly #ring: Buffer;
  #written = 0;

  constructor(size: number) {
    // One more, to see whether a line begins with the first of them.
    this.#ring = Buffer.alloc(size + 1);
  }

  write(bytes: Buffer): void {
    const size = this.#ring.length;
    const kept = bytes.subarray(Math.max(0, bytes.length - size));
    const at = (this.#written + bytes.length - kept.length) % size;
    const before = kept.subarray(0, size - at);
    before.copy(this.#ring, at);
    kept.copy(this.#ring, 0, before.length);
    this.#written += bytes.length;
  }

  /** The whole lines among them, and how much was written before those. */
  lines(): { leftOut: number; bytes: Uint8Array } {
    const at = this.#written % this.#ring.length;
    if (this.#written < this.#ring.length) return { leftOut: 0, bytes: this.#ring.subarray(0, this.#written) };
    const all = Buffer.concat([this.#ring.subarray(at), this.#ring.subarray(0, at)]);
    const bytes = all.subarray(all.indexOf(lineFeed) + 1);
    return { leftOut: this.#written - bytes.length, bytes };
  }
}
