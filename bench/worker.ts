// A side of a benchmark: a process that answers one JSON line for each it is sent, and that keeps its memory to itself.
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

export class Worker {
  readonly #process: ChildProcessByStdio<Writable, Readable, null>;
  readonly #answers: AsyncIterator<string>;

  /** Starts a command; `environment` is added to ours, and what is undefined in it removed. Its standard error is shown. */
  constructor(
    command: string,
    args: readonly string[],
    environment: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.#process = spawn(command, args, {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    // Writing to a process that has ended: the missing answer says so.
    this.#process.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** Sends a request and waits for its answer; throws an Error when the process ends instead. */
  async ask<Answer>(request: unknown): Promise<Answer> {
    this.#process.stdin.write(JSON.stringify(request) + '\n');
    const { value, done } = await this.#answers.next();
    if (done) throw new Error(`"${this.#process.spawnargs.join(' ')}" ended without an answer: its message is above`);
    return JSON.parse(value) as Answer;
  }

  /** The most memory that was resident at one time so far, in bytes; undefined where the system does not tell (Linux does). */
  peakBytes(): number | undefined {
    try {
      const status = readFileSync(`/proc/${this.#process.pid}/status`, 'utf8');
      const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1];
      return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
    } catch {
      return undefined;
    }
  }

  /** Ends the process, and waits until it and its memory are gone. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.stdin.end();
    this.#process.kill();
    await ended;
  }
}
