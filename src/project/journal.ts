// `.repro/journal.jsonl`: what happens in the run that is at work, or happened in the last one, for whoever comes back to it.
// The first line says whose it is, each other line is an event or the end. What stages print is in their logs.
import * as fs from 'node:fs';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import type { RunEvent } from '../runner/event.ts';
import { systemClock } from '../runner/process/clock.ts';
import { identifyProcess, isProcessIdentity, type ProcessIdentity } from '../store/lock.ts';
import type { RunSummary } from './run-summary.ts';

const format = 'repro.journal/1';

/** How a run ended: with a summary, or with what concerned the whole run. */
export type End =
  { readonly summary: RunSummary } | { readonly error: Pick<ReproError, 'code' | 'message' | 'hint' | 'exit'> };

/** `at`: milliseconds since 1970. */
export type Entry = { readonly at: number } & ({ readonly event: RunEvent } | { readonly end: End });

function journalPath(root: string): string {
  return path.join(root, '.repro', 'journal.jsonl');
}

/** Of one run. It is a mirror: where it cannot be written, the run goes on without it. */
export class Journal {
  readonly #path: string;
  #file: number | null = null;
  #pending: string[] = [];

  constructor(root: string) {
    this.#path = journalPath(root);
  }

  /** The first event is that the run has started: the lock is held, and the journal of the run before is over. */
  add(event: RunEvent): void {
    if (event.kind === 'run-started') this.#open();
    if (event.kind !== 'stage-output') this.#write({ at: Date.parse(systemClock.now()), event });
  }

  end(end: End): void {
    this.#write({ at: Date.parse(systemClock.now()), end });
    this.#flush();
    if (this.#file !== null) fs.closeSync(this.#file);
    this.#file = null;
  }

  #open(): void {
    const draft = `${this.#path}.new`;
    try {
      fs.rmSync(draft, { force: true });
      const file = fs.openSync(draft, 'wx', 0o600);
      fs.writeSync(file, `${JSON.stringify({ format, owner: identifyProcess(process.pid) })}\n`);
      // Who follows the run before has its journal open.
      fs.renameSync(draft, this.#path);
      this.#file = file;
    } catch {
      // A full disk, another's directory.
    }
  }

  /** What is told in one turn, such as thousands of restored stages, is written at once. */
  #write(entry: Entry): void {
    if (this.#file === null) return;
    if (this.#pending.push(JSON.stringify(entry)) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    if (this.#file === null || this.#pending.length === 0) return;
    const text = `${this.#pending.join('\n')}\n`;
    this.#pending = [];
    try {
      fs.writeSync(this.#file, text);
    } catch {
      // A full disk.
    }
  }
}

/** A journal that is read as it grows. */
export class JournalReader implements Disposable {
  readonly owner: ProcessIdentity;
  readonly #file: number;
  readonly #early: string[];
  /** The beginning of a line, which may end within a character. */
  #rest: Buffer = Buffer.alloc(0);

  /** @throws {ReproError} `no-run` (usage) where there is none */
  constructor(root: string) {
    this.#file = open(journalPath(root));
    const [first = '', ...others] = this.#lines();
    const header = parse(first) as { readonly format?: unknown; readonly owner?: unknown } | null;
    if (header?.format !== format || !isProcessIdentity(header.owner)) {
      fs.closeSync(this.#file);
      throw noRun();
    }
    this.owner = header.owner;
    this.#early = others;
  }

  /** What was added since the last call. */
  read(): Entry[] {
    return [...this.#early.splice(0), ...this.#lines()].flatMap((line) => {
      const entry = parse(line);
      const isEntry = typeof entry === 'object' && entry !== null && ('event' in entry || 'end' in entry);
      return isEntry ? [entry as Entry] : [];
    });
  }

  [Symbol.dispose](): void {
    fs.closeSync(this.#file);
  }

  /** Whole lines that were not read before. */
  #lines(): string[] {
    const bytes = Buffer.concat([this.#rest, fs.readFileSync(this.#file)]);
    const end = bytes.lastIndexOf('\n') + 1;
    this.#rest = bytes.subarray(end);
    return end === 0 ? [] : bytes.toString('utf8', 0, end - 1).split('\n');
  }
}

function open(file: string): number {
  try {
    // To open a pipe is to wait for who writes into it.
    if (fs.statSync(file).isFile()) return fs.openSync(file, 'r');
  } catch {
    // Not there, or not ours to read.
  }
  throw noRun();
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null; // The disk was full.
  }
}

function noRun(): ReproError {
  return new ReproError('no-run', 'No run has been at work here', {
    hint: 'repro run begins one',
    exit: exitCode.usage,
  });
}
