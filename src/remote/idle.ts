// A connection on which nothing moves keeps nobody waiting. What moves slowly may take as long as it needs.

/** Milliseconds without a byte after which a transfer is given up. */
export const usualPatience = 60_000;

/** Aborts its signal when nothing has moved for a while, or when whoever waits gives up. */
export class Idle implements Disposable {
  readonly signal: AbortSignal;
  readonly #stalled = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(signal: AbortSignal, milliseconds: number) {
    this.signal = AbortSignal.any([signal, this.#stalled.signal]);
    const reason = new Error(`nothing has moved for ${milliseconds / 1000} seconds`);
    this.#timer = setTimeout(() => this.#stalled.abort(reason), milliseconds);
  }

  moved(): void {
    this.#timer.refresh();
  }

  /** Why it was given up; null where it was not, or by the other's will. */
  get reason(): Error | null {
    return this.#stalled.signal.aborted ? (this.#stalled.signal.reason as Error) : null;
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}
