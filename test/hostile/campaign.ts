// What a campaign is: rounds of something hostile, drawn from a seed, figures of what was done, and what should not have been.

export interface Outcome {
  /** What was done, and how often. */
  readonly figures: Readonly<Record<string, number>>;
  /** What must not happen and did, with its round. */
  readonly failures: readonly string[];
}

export interface Drawn {
  readonly random: Random;
  readonly rounds: number;
}

export interface Campaign {
  readonly name: string;
  /** What is done, and what must hold. */
  readonly about: string;
  /** Rounds of a few seconds and of some minutes. */
  readonly rounds: { readonly quick: number; readonly full: number };
  readonly run: (drawn: Drawn) => Promise<Outcome>;
}

/** Mulberry32: the same seed draws the same. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** In [0, 1). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** In [0, n). */
  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(list: readonly T[]): T {
    const picked = list[this.below(list.length)];
    if (picked === undefined) throw new Error('Nothing to pick from');
    return picked;
  }
}

/** Counts by name, and failures by round. */
export class Tally {
  readonly #figures: Record<string, number> = {};
  readonly #failures: string[] = [];

  count(name: string, by = 1): void {
    this.#figures[name] = (this.#figures[name] ?? 0) + by;
  }

  expect(holds: boolean, round: number, what: () => string): void {
    if (!holds) this.#failures.push(`round ${round}: ${what()}`);
  }

  outcome(): Outcome {
    return { figures: this.#figures, failures: this.#failures };
  }
}
