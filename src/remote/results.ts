// A remote as a source of results for a run. What it cannot give is computed: a run is never worse off for having asked.
import type { ResultSource } from '../runner/run.ts';
import type { Digest } from '../store/digest.ts';
import { errnoOf } from '../store/file-system.ts';
import { Fetcher, type FetchOptions } from './fetcher.ts';
import { type FaultKind, type Remote, RemoteFault } from './remote.ts';

/** So many faults in a row, and it is not asked any more. */
const faultsInARow = 3;

export class RemoteResults implements ResultSource {
  readonly name: string;
  readonly #remote: Remote;
  readonly #options: Omit<FetchOptions, 'signal'>;
  readonly #warn: (message: string) => void;
  readonly #said = new Set<FaultKind | 'disk'>();
  readonly #given = new Set<Digest>();
  readonly #damaged = new Set<Digest>();
  /** Ends what is on its way, and what waits for it, when the remote is not asked any more. */
  readonly #givenUp = new AbortController();
  #fetcher: Fetcher | null = null;
  #faults = 0;
  #answers = 0;

  /** @param warn Is told once of each kind of fault. */
  constructor(name: string, remote: Remote, options: Omit<FetchOptions, 'signal'>, warn: (message: string) => void) {
    this.name = name;
    this.#remote = remote;
    this.#options = options;
    this.#warn = warn;
  }

  /** Fingerprints whose results came from it. */
  get given(): ReadonlySet<Digest> {
    return this.#given;
  }

  /** Fingerprints for which it has something that is not to be used. */
  get damaged(): ReadonlySet<Digest> {
    return this.#damaged;
  }

  async obtain(cell: string, fingerprint: Digest, signal: AbortSignal): Promise<boolean> {
    if (this.#givenUp.signal.aborted || signal.aborted) return false;
    this.#fetcher ??= new Fetcher(this.#remote, {
      ...this.#options,
      signal: AbortSignal.any([signal, this.#givenUp.signal]),
    });
    const before = this.#answers;
    try {
      const isHere = await this.#fetcher.result(fingerprint);
      this.#faults = 0;
      this.#answers += 1;
      if (isHere) this.#given.add(fingerprint);
      return isHere;
    } catch (error) {
      if (signal.aborted || this.#givenUp.signal.aborted) return false;
      const message = `${cell}: ${(error as Error).message}`;
      if (error instanceof RemoteFault) {
        if (error.kind === 'damaged') this.#damaged.add(fingerprint);
        // Who hangs makes everybody wait, once; of several at once one may wait for the others.
        if (error.kind === 'silent' && this.#answers === before) this.#faults = faultsInARow;
        this.#count(error.kind, message);
      } else if (errnoOf(error) !== null) this.#count('disk', message);
      else throw error;
      return false;
    }
  }

  #count(kind: FaultKind | 'disk', message: string): void {
    // Damage is of one result; what else goes wrong is of the whole remote.
    if (kind !== 'damaged') this.#faults += 1;
    if (this.#faults >= faultsInARow) this.#givenUp.abort();
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    this.#warn(`The remote does not help, what is missing is computed: ${message}`);
  }
}
