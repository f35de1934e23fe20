// A remote as a source of results for a run. What it cannot give is computed: a run is never worse off for having asked.
import type { ResultSource } from '../runner/run.ts';
import type { Digest } from '../store/digest.ts';
import { errnoOf } from '../store/file-system.ts';
import { fetchResult, type FetchOptions } from './fetch.ts';
import { type FaultKind, type Remote, RemoteFault } from './remote.ts';

/** So many faults in a row, and it is not asked any more. */
const faultsInARow = 3;

export class RemoteResults implements ResultSource {
  readonly #remote: Remote;
  readonly #options: Omit<FetchOptions, 'signal'>;
  readonly #warn: (message: string) => void;
  readonly #said = new Set<FaultKind | 'disk'>();
  #faults = 0;
  #fetched = 0;

  /** @param warn Is told once of each kind of fault. */
  constructor(remote: Remote, options: Omit<FetchOptions, 'signal'>, warn: (message: string) => void) {
    this.#remote = remote;
    this.#options = options;
    this.#warn = warn;
  }

  /** Results that came from it. */
  get fetched(): number {
    return this.#fetched;
  }

  async obtain(cell: string, fingerprint: Digest, signal: AbortSignal): Promise<boolean> {
    if (this.#faults >= faultsInARow || signal.aborted) return false;
    try {
      const isHere = await fetchResult(this.#remote, fingerprint, { ...this.#options, signal });
      this.#faults = 0;
      if (isHere) this.#fetched += 1;
      return isHere;
    } catch (error) {
      if (signal.aborted) return false;
      if (error instanceof RemoteFault) this.#count(error.kind, `${cell}: ${error.message}`);
      else if (errnoOf(error) !== null) this.#count('disk', `${cell}: ${(error as Error).message}`);
      else throw error;
      return false;
    }
  }

  #count(kind: FaultKind | 'disk', message: string): void {
    // Damage is of one result; what else goes wrong is of the whole remote.
    if (kind !== 'damaged') this.#faults += 1;
    if (this.#said.has(kind)) return;
    this.#said.add(kind);
    this.#warn(`The remote does not help, what is missing is computed: ${message}`);
  }
}
