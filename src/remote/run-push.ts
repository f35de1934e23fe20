// Results that go to a remote while a run goes on. No stage waits for it, and no fault of it fails the run.
import type { StageRecord } from '../schema/types.ts';
import { type Digest, parseDigest } from '../store/digest.ts';
import type { CellResult, Pushed, PushedRun, Pusher } from './pusher.ts';
import { RemoteFault } from './remote.ts';

/** So many faults in a row, and nothing more is pushed. */
const faultsInARow = 3;

export interface RunPushOptions {
  readonly signal: AbortSignal;
  /** Is told of the first fault, and of the end of the pushing. */
  readonly warn: (message: string) => void;
  /** Fingerprints for which the remote turned out to have something that nobody can use: it is replaced. */
  readonly damaged: ReadonlySet<Digest>;
}

export class RunPush {
  readonly #pusher: Pusher;
  readonly #options: RunPushOptions;
  readonly #going = new Set<Promise<void>>();
  #faults = 0;
  #taken = 0;
  #isSaid = false;

  constructor(pusher: Pusher, options: RunPushOptions) {
    this.#pusher = pusher;
    this.#options = options;
  }

  /** Results that are on their way. */
  get waiting(): number {
    return this.#going.size;
  }

  get pushed(): Pushed {
    return this.#pusher.pushed;
  }

  readonly add = (id: string, record: StageRecord): void => {
    const isDamaged = this.#options.damaged.has(parseDigest(record.fingerprint));
    this.#begin(id, () => this.#pusher.results([{ id, record }], isDamaged));
  };

  /**
   * Waits for what is on its way, and pushes the run's manifest with what it names besides.
   * @param run Null where its results alone are of use
   * @param given Fingerprints whose results came from there
   */
  async finish(run: PushedRun | null, given: ReadonlySet<Digest>): Promise<void> {
    await Promise.all(this.#going);
    if (run === null) return;
    const isOurs = ({ record }: CellResult): boolean => !given.has(parseDigest(record.fingerprint));
    this.#begin(`run ${run.manifest.run.id}`, () => this.#pusher.run(run, isOurs));
    await Promise.all(this.#going);
  }

  #begin(what: string, push: () => Promise<void>): void {
    const { signal } = this.#options;
    if (signal.aborted || this.#faults >= faultsInARow) return;
    const before = this.#taken;
    const going = push()
      .then(() => {
        this.#faults = 0;
        this.#taken += 1;
      })
      .catch((error: unknown) => {
        if (signal.aborted) return;
        const isHung = error instanceof RemoteFault && error.kind === 'silent' && this.#taken === before;
        this.#fail(`${what}: ${(error as Error).message}`, isHung);
      })
      .finally(() => this.#going.delete(going));
    this.#going.add(going);
  }

  /** @param isHung It lets everybody wait: once is enough */
  #fail(message: string, isHung: boolean): void {
    const isOver = this.#faults >= faultsInARow;
    this.#faults += isHung ? faultsInARow : 1;
    if (isOver) return;
    const { warn } = this.#options;
    if (isHung) warn(`Nothing more is pushed, the run goes on: ${message}`);
    else if (this.#faults >= faultsInARow)
      warn(`Nothing more is pushed after ${faultsInARow} faults, the last: ${message}`);
    else if (!this.#isSaid) warn(`Not pushed, the run goes on: ${message}`);
    this.#isSaid = true;
  }
}
