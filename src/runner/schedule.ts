// Who may run when: cells after those they depend on, within what there is of each resource, and independent branches to
// the end whatever fails elsewhere.
import type { CellId } from '../pipeline/plan.ts';

export interface ScheduledCell {
  readonly id: CellId;
  readonly dependsOn: readonly CellId[];
}

/** Blocked: not begun, because another cell failed. */
export type Visit = 'done' | 'failed' | 'cancelled' | { readonly blockedBy: CellId };

/**
 * Visits every cell once all it depends on are done, as many at a time as the visits themselves allow. Cells must be in
 * topological order. A cell below a failed one is blocked, and `onBlocked` is told which one failed. A cell below a
 * cancelled one is visited, so that it can say that it was cancelled too.
 */
export async function schedule<Cell extends ScheduledCell>(
  cells: readonly Cell[],
  visit: (cell: Cell) => Promise<Visit>,
  onBlocked: (cell: Cell, by: CellId) => void,
): Promise<void> {
  /** The failed cell behind each cell that is not done; null for cells that are. */
  const culprits = new Map<CellId, Promise<CellId | null>>();
  for (const cell of cells) {
    const before = cell.dependsOn.flatMap((id) => culprits.get(id) ?? []);
    culprits.set(
      cell.id,
      Promise.all(before).then(async (found) => {
        const culprit = found.find((id) => id !== null);
        if (culprit !== undefined) {
          onBlocked(cell, culprit);
          return culprit;
        }
        const end = await visit(cell);
        if (typeof end === 'object') return end.blockedBy;
        return end === 'failed' ? cell.id : null;
      }),
    );
  }
  await Promise.all(culprits.values());
}

type Amounts<Name extends string> = Readonly<Record<Name, number>>;

interface Request<Name extends string> {
  readonly needed: Amounts<Name>;
  readonly start: () => void;
}

/** Amounts of several resources given out together; a request for more than there is of one waits for all of it. */
export class Slots<Name extends string> {
  readonly #names: readonly Name[];
  readonly #total: Amounts<Name>;
  readonly #free: Record<Name, number>;
  /** The least that any request has asked for: with less free, looking further is of no use. */
  readonly #least: Record<Name, number>;
  readonly #waiting: Request<Name>[] = [];

  constructor(total: Amounts<Name>) {
    this.#names = Object.keys(total) as Name[];
    this.#total = total;
    this.#free = { ...total };
    this.#least = { ...total };
  }

  /** Runs an action while holding what it needs. */
  async hold<T>(wanted: Amounts<Name>, action: () => Promise<T>): Promise<T> {
    const needed = this.#each((name) => Math.min(wanted[name], this.#total[name]));
    for (const name of this.#names) this.#least[name] = Math.min(this.#least[name], needed[name]);
    await new Promise<void>((start) => {
      this.#waiting.push({ needed, start });
      this.#serve();
    });
    try {
      return await action();
    } finally {
      for (const name of this.#names) this.#free[name] += needed[name];
      this.#serve();
    }
  }

  /**
   * First come, first served, with backfilling. While the first request waits, what it needs and is free is kept for
   * it. So smaller requests do not starve it; they may have the rest.
   */
  #serve(): void {
    let open: Readonly<Record<Name, number>> = this.#free;
    for (let i = 0; i < this.#waiting.length && this.#names.every((name) => open[name] >= this.#least[name]);) {
      const { needed, start } = this.#waiting[i]!;
      if (this.#names.every((name) => needed[name] <= open[name])) {
        this.#waiting.splice(i, 1);
        for (const name of this.#names) this.#free[name] -= needed[name];
        if (open !== this.#free) open = this.#each((name) => open[name] - needed[name]);
        start();
        continue;
      }
      if (open === this.#free) open = this.#each((name) => Math.max(0, this.#free[name] - needed[name]));
      i++;
    }
  }

  #each(amount: (name: Name) => number): Record<Name, number> {
    return Object.fromEntries(this.#names.map((name) => [name, amount(name)])) as Record<Name, number>;
  }
}
