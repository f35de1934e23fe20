// Results to a remote: objects first, then the records that name them, then the manifest that names those. Killed at any
// moment, it leaves nothing that promises what is not there.
import type { KeyObject } from 'node:crypto';
import { isRecorded } from '../manifest/lineage.ts';
import { Slots } from '../runner/schedule.ts';
import type { Manifest, StageRecord } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { type Digest, parseDigest } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import { objectsOf } from './contents.ts';
import { seal } from './envelope.ts';
import { manifestKey, objectKey, platformOf, recordKey, tagKey, thisPlatform } from './keys.ts';
import { inParallel, usual } from './parallel.ts';
import { Meter } from './progress.ts';
import type { Remote } from './remote.ts';

export interface PushOptions {
  readonly store: Store;
  /** Who vouches for what is pushed; null where nobody does. */
  readonly key: KeyObject | null;
  readonly signal: AbortSignal;
  readonly meter?: Meter;
  /** Sends also what is there already: it may be damaged, or signed by another key. */
  readonly again?: boolean;
}

export interface CellResult {
  readonly id: string;
  readonly record: StageRecord;
}

export interface PushedRun {
  readonly manifest: Manifest;
  /** Its bytes. */
  readonly text: string;
  readonly tags: readonly string[];
}

export interface Pushed {
  /** Objects that were sent, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  readonly records: number;
  /** Cells whose results stay here, each with why. */
  readonly leftOut: readonly { readonly cell: string; readonly why: string }[];
}

export class Pusher {
  readonly #remote: Remote;
  readonly #options: PushOptions;
  readonly #meter: Meter;
  readonly #platform = thisPlatform();
  readonly #transfers = new Slots({ transfers: usual });
  /** On their way, or sent: each with what waits for it. */
  readonly #sent = new Map<Digest, Promise<void>>();
  /** Known to be there: nobody asks again. */
  readonly #there = new Set<string>();
  readonly #leftOut = new Map<string, string>();
  #records = 0;
  /** Of objects that are there now: more may have moved, where something was sent twice or in vain. */
  #bytes = 0;

  constructor(remote: Remote, options: PushOptions) {
    this.#remote = remote;
    this.#options = options;
    this.#meter = options.meter ?? new Meter();
  }

  /** What it has pushed so far. */
  get pushed(): Pushed {
    const leftOut = [...this.#leftOut].map(([cell, why]) => ({ cell, why }));
    return { objects: this.#meter.progress.done, bytes: this.#bytes, records: this.#records, leftOut };
  }

  /**
   * Pushes a run: every result that it names and that is whole here, then its manifest, byte for byte, and its tags.
   * @param isWanted False for a result that is known to be there
   */
  async run({ manifest, text, tags }: PushedRun, isWanted = (_: CellResult): boolean => true): Promise<void> {
    const { key } = this.#options;
    await this.results(manifest.stages.filter(isRecorded).filter(isWanted));
    const { id } = manifest.run;
    for (const place of await this.#absent([manifestKey(id)], this.#options.again ?? false)) {
      await this.#put(place, seal('manifest', text, this.#platform, key));
    }
    // One that is there may be of an earlier run.
    for (const tag of tags) {
      await this.#put(tagKey(tag), seal('tag', canonicalJson({ tag, run: id }), this.#platform, key));
    }
  }

  /** Whether a run is there. */
  async has(run: string): Promise<boolean> {
    return (await this.#absent([manifestKey(run)], false)).length === 0;
  }

  /** @param again Of these, also what is there already */
  async results(cells: readonly CellResult[], again = this.#options.again ?? false): Promise<void> {
    const records = new Map<string, StageRecord>();
    const digests = new Set<Digest>();
    for (const { id, record } of cells) {
      const found = await this.#contents(id, record);
      if (found === null) continue;
      const platform = platformOf(record.environment, this.#platform);
      records.set(recordKey(platform, parseDigest(record.fingerprint)), record);
      for (const digest of found) digests.add(digest);
    }
    const skipped = await this.#objects(digests, again);
    const fresh = await this.#absent([...records.keys()], again);
    await inParallel(fresh, (place) => this.#record(place, records.get(place)!));
    this.#records += fresh.length;
    if (fresh.length === 0) return;
    // Somebody may have deleted what was old and of use to nobody, until these records named it.
    for (const digest of skipped) this.#there.delete(objectKey(digest));
    await this.#objects(new Set(skipped), false);
  }

  /** What a result is made of; null where it stays here. */
  async #contents(cell: string, record: StageRecord): Promise<ReadonlySet<Digest> | null> {
    // Records of format 1 hold the values of environment variables.
    const isFirst = record.format === 'repro.record/1';
    const found = isFirst ? null : await objectsOf(record, this.#options.store.objects);
    if (found === null)
      this.#leftOut.set(cell, isFirst ? 'its record is of format 1' : 'its outputs are not whole here');
    return found;
  }

  /** Sends those that are not there; the others, as far as they were asked for. */
  async #objects(digests: ReadonlySet<Digest>, again: boolean): Promise<Digest[]> {
    const fresh = [...digests].filter((digest) => !this.#sent.has(digest));
    const absent = new Set(await this.#absent(fresh.map(objectKey), again));
    await this.#send(fresh.filter((digest) => absent.has(objectKey(digest)) && !this.#sent.has(digest)));
    await Promise.all([...digests].map((digest) => this.#sent.get(digest)));
    return fresh.filter((digest) => !absent.has(objectKey(digest)));
  }

  async #send(digests: readonly Digest[]): Promise<void> {
    const { objects, fileSystem } = this.#options.store;
    const files = digests.map((digest) => {
      const path = objects.path(digest);
      return { key: objectKey(digest), path, size: fileSystem.statSync(path).size };
    });
    this.#meter.expect(
      files.length,
      files.reduce((sum, { size }) => sum + size, 0),
    );
    const sending = inParallel(files, async ({ key, path, size }) => {
      await this.#put(key, path);
      this.#bytes += size;
      this.#meter.arrived();
    });
    for (const digest of digests) this.#sent.set(digest, sending);
    await sending.catch((error: unknown) => {
      for (const digest of digests) this.#sent.delete(digest);
      throw error;
    });
  }

  async #record(place: string, record: StageRecord): Promise<void> {
    const platform = platformOf(record.environment, this.#platform);
    await this.#put(place, seal('record', canonicalJson(record), platform, this.#options.key));
  }

  async #put(key: string, what: string | Uint8Array): Promise<void> {
    const { signal } = this.#options;
    const transfer = typeof what === 'string' ? { signal, onBytes: this.#meter.moved } : { signal };
    await this.#transfers.hold({ transfers: 1 }, () => this.#remote.put(key, what, transfer));
    this.#there.add(key);
  }

  /** Those of the keys that are to be sent. */
  async #absent(keys: readonly string[], again: boolean): Promise<string[]> {
    if (again) return [...keys];
    const unknown = keys.filter((key) => !this.#there.has(key));
    const known = unknown.length === 0 ? new Set<string>() : await this.#remote.has(unknown, this.#options.signal);
    for (const key of known) this.#there.add(key);
    return unknown.filter((key) => !known.has(key));
  }
}
