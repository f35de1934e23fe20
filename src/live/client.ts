// A browser that follows a run. At most one message is on its way to it: what happens meanwhile is in the next one.
import type { ServerResponse } from 'node:http';
import type { LiveState } from './state.ts';

/** After which a browser that has lost its connection tries again. */
const retryMilliseconds = 2000;

export class LiveClient {
  readonly #response: ServerResponse;
  readonly #instance: string;
  /** The version that it knows. */
  #known: number;
  /** It has not read what it was told; and was so at the last beat; and lacks what has come since. */
  #isFull = false;
  #wasFull = false;
  #isLate = false;

  /** @param lastId What it was told last, by this server or by another at this address */
  constructor(response: ServerResponse, instance: string, lastId: string | string[] | undefined) {
    this.#response = response;
    this.#instance = instance;
    const [of, version] = String(lastId ?? '').split('.');
    this.#known = of === instance && /^\d{1,15}$/.test(version ?? '') ? Number(version) : 0;
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    this.#write(`retry: ${retryMilliseconds}\n\n`);
  }

  /** Tells what it does not know yet, now or when it has read what it was told before. */
  tell(state: LiveState): void {
    if (this.#isFull) {
      if (!this.#isLate) this.#response.once('drain', () => this.tell(state));
      this.#isLate = true;
      return;
    }
    this.#isLate = false;
    if (this.#known === state.version) return;
    const message = JSON.stringify(state.since(Math.min(this.#known, state.version)));
    this.#known = state.version;
    this.#write(`id: ${this.#instance}.${this.#known}\ndata: ${message}\n\n`);
  }

  /** Says that the run goes on, to keep what lies between awake; one that has read nothing since the last time is left. */
  beat(): void {
    if (this.#isFull && this.#wasFull) this.#response.destroy();
    this.#wasFull = this.#isFull;
    if (!this.#isFull) this.#write(':\n\n');
  }

  end(): void {
    this.#response.end();
  }

  #write(text: string): void {
    this.#isFull = !this.#response.write(text);
    if (this.#isFull) this.#response.once('drain', () => (this.#isFull = false));
  }
}
