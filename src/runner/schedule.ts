// Who may run when: cells after those they depend on, within a number of cores, and independent branches to the end
// whatever fails elsewhere.
import type { CellId } from '../pipeline/plan.ts';

export interface ScheduledCell {
  readonly id: CellId;
  readonly dependsOn: readonly CellId[];
}

export type Visit = 'done' | 'failed' | 'cancelled';

/**
 * Visits every cell once all it depends on are done, as many at a time as the visits themselves allow. Cells must be in
 * topological order. A cell below one that failed is blocked, and `onBlocked` is told the cell that failed; a cell below
 * one that was cancelled is visited, so that it can say that it was cancelled too.
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
        return (await visit(cell)) === 'failed' ? cell.id : null;
      }),
    );
  }
  await Promise.all(culprits.values());
}

/** A number of cores given out in the order they are asked for; a request larger than all of them waits for all. */
export class Slots {
  readonly #total: number;
  #free: number;
  readonly #waiting: { readonly count: number; readonly start: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#free = total;
  }

  /** Runs an action while holding `count` slots. */
  async hold<T>(count: number, action: () => Promise<T>): Promise<T> {
    const needed = Math.min(count, this.#total);
    await new Promise<void>((start) => {
      this.#waiting.push({ count: needed, start });
      this.#serve();
    });
    try {
      return await action();
    } finally {
      this.#free += needed;
      this.#serve();
    }
  }

  /** First come, first served: a wide stage is not starved by narrow ones that would still fit. */
  #serve(): void {
    for (let next = this.#waiting[0]; next && next.count <= this.#free; next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#free -= next.count;
      next.start();
    }
  }
}
