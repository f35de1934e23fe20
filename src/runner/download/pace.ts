// A server that sends nothing, or a few bytes now and then, keeps nobody waiting: what goes too slowly is broken off.

export interface LeastRate {
  /** That must arrive in each window. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly window: number;
}

/** Aborts its signal when fewer bytes arrive in a window than must. Time spent on anything but waiting is not counted. */
export class Pace implements Disposable {
  readonly #least: LeastRate;
  readonly #stalled = new AbortController();
  #arrived = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(least: LeastRate) {
    this.#least = least;
    this.resume();
  }

  get signal(): AbortSignal {
    return this.#stalled.signal;
  }

  arrived(bytes: number): void {
    this.#arrived += bytes;
  }

  /** While the disk is what is waited for. */
  pause(): void {
    clearInterval(this.#timer);
  }

  /** Begins a new window. */
  resume(): void {
    this.pause();
    this.#arrived = 0;
    this.#timer = setInterval(() => this.#check(), this.#least.window);
  }

  #check(): void {
    const { bytes, window } = this.#least;
    if (this.#arrived < bytes) {
      this.pause();
      const reason = `the server sent ${this.#arrived} bytes in ${window / 1000} seconds, fewer than ${bytes}`;
      this.#stalled.abort(new Error(reason));
    }
    this.#arrived = 0;
  }

  [Symbol.dispose](): void {
    this.pause();
  }
}
