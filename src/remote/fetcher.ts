// From a remote into the store. It is trusted with nothing: every byte is hashed, every record must be of the fingerprint
// that was asked for and, unless anybody is trusted, signed. The record comes last, so that it names nothing that is not here.
import type { StageRecord } from '../schema/types.ts';
import { Slots } from '../runner/schedule.ts';
import { temporaryPath } from '../store/atomic-write.ts';
import { type Digest, digestBytes, hashFile, parseDigest } from '../store/digest.ts';
import { lostLog } from '../store/lost-log.ts';
import { refusedRecord } from '../store/records.ts';
import { removeQuietly } from '../store/remove.ts';
import type { Store } from '../store/store.ts';
import { parseStrictJson, RefusedJson } from '../store/strict-json.ts';
import { parseTree, type Tree } from '../store/tree.ts';
import { open, type Kind, type Opened, type Trust } from './envelope.ts';
import { objectKey, platformOf, recordKey } from './keys.ts';
import { inParallel, usual } from './parallel.ts';
import { Meter } from './progress.ts';
import { type Remote, RemoteFault } from './remote.ts';

/** Of a record, a manifest or a tag. */
const mostText = 600_000_000;
/** Of a log: the runner keeps fewer. */
const mostLog = 100_000_000;
/** Of the list of a directory's files. */
const mostTree = 400_000_000;

export interface FetchOptions {
  /** Its lock is held by the caller. */
  readonly store: Store;
  readonly trust: Trust;
  /** Platforms whose results are taken, the first that has one. */
  readonly platforms: readonly string[];
  readonly signal: AbortSignal;
  readonly meter?: Meter;
  /** Folder for what arrives. That of the store, which is taken by default, belongs to the holder of its lock. */
  readonly temporary?: string;
}

type Output = StageRecord['outputs'][string];

export class Fetcher {
  readonly remote: Remote;
  readonly options: FetchOptions;
  readonly #meter: Meter;
  readonly #transfers = new Slots({ transfers: usual });
  /** Objects that several results name are asked for once. */
  readonly #arriving = new Map<Digest, Promise<boolean>>();

  constructor(remote: Remote, options: FetchOptions) {
    this.remote = remote;
    this.options = options;
    this.#meter = options.meter ?? new Meter();
  }

  get #folder(): string {
    return this.options.temporary ?? this.options.store.temporary;
  }

  /**
   * Gets the result of a fingerprint with all that it names. False where the remote has none.
   * @throws {RemoteFault} where what is there is damaged, or cannot be had
   */
  async result(fingerprint: Digest): Promise<boolean> {
    const record = await this.record(fingerprint);
    if (record === null) return false;
    this.options.store.records.write(await this.contents(record));
    return true;
  }

  /** The record of a fingerprint, without what it names; null where the remote has none. @throws {RemoteFault} */
  async record(fingerprint: Digest): Promise<StageRecord | null> {
    for (const platform of this.options.platforms) {
      const key = recordKey(platform, fingerprint);
      const opened = await this.text('record', key);
      if (opened === null) continue;
      const record = this.#parseRecord(opened.text, fingerprint);
      if (opened.platform === platform && platformOf(record.environment, platform) === platform) return record;
      throw new RemoteFault('damaged', `${this.remote.url}: ${key} is of another platform, ${opened.platform}`);
    }
    return null;
  }

  /** Gets all that a record names. The record that can be kept: where its log is gone, it says so; curves that are gone it does not name. @throws {RemoteFault} */
  async contents(record: StageRecord): Promise<StageRecord> {
    const { store } = this.options;
    await inParallel(Object.values(record.outputs), (output) => this.#artifact(output));
    // Without its code a result is as good; with it, it can be executed again from the store.
    const code = Object.values(record.preimage.code).map(parseDigest);
    await inParallel(code, async (digest) => void (await this.#object(digest, mostText)));
    const { curves, ...rest } = record;
    const hasCurves = curves !== undefined && (await this.#object(parseDigest(curves), mostLog));
    const kept = hasCurves ? record : rest;
    if (await this.#object(parseDigest(record.log), mostLog)) return kept;
    return { ...kept, log: store.objects.putBytes(lostLog).digest };
  }

  /** What an envelope says; null where there is none. @throws {RemoteFault} */
  async text(kind: Kind, key: string): Promise<Opened | null> {
    const { store, trust } = this.options;
    const temporary = temporaryPath(store.fileSystem, this.#folder);
    try {
      if (!(await this.#get(key, temporary, mostText))) return null;
      return open(kind, store.fileSystem.readFileSync(temporary), trust, `${this.remote.url}: ${key}`);
    } finally {
      removeQuietly(store.fileSystem, temporary);
    }
  }

  /** The list of a directory's files, which does not come into the store; null where it is gone or damaged. */
  async tree(digest: Digest): Promise<Tree | null> {
    const { fileSystem } = this.options.store;
    const temporary = temporaryPath(fileSystem, this.#folder);
    try {
      if (!(await this.#get(objectKey(digest), temporary, mostTree))) return null;
      const bytes = fileSystem.readFileSync(temporary);
      return digestBytes(bytes) === digest ? parseTree(bytes.toString('utf8')) : null;
    } finally {
      removeQuietly(fileSystem, temporary);
    }
  }

  /** An output: the file, or the list of a directory's files and each of them. */
  async #artifact(output: Output): Promise<void> {
    const { url } = this.remote;
    const digest = parseDigest(output.digest);
    const isThere =
      output.kind === 'file'
        ? await this.#object(digest, output.sizeBytes, output.sizeBytes)
        : await this.#object(digest, mostTree);
    if (!isThere) throw new RemoteFault('damaged', `${url} has a result whose output "${output.path}" is gone`);
    if (output.kind === 'file') return;
    const tree = this.options.store.objects.readTree(digest);
    if (tree === null) throw new RemoteFault('damaged', `${url}: "${output.path}" is not the list of a directory`);
    await inParallel(tree.files, async (file) => {
      if (await this.#object(file.digest, file.sizeBytes, file.sizeBytes)) return;
      throw new RemoteFault('damaged', `${url} has a result of which "${output.path}${file.path}" is gone`);
    });
  }

  #object(digest: Digest, mostBytes: number, size = 0): Promise<boolean> {
    let arriving = this.#arriving.get(digest);
    if (arriving === undefined) {
      arriving = this.#bring(digest, mostBytes, size).finally(() => this.#arriving.delete(digest));
      this.#arriving.set(digest, arriving);
    }
    return arriving;
  }

  /** Whether an object is here now: it was, or it came and has the digest that it must have. */
  async #bring(digest: Digest, mostBytes: number, size: number): Promise<boolean> {
    const { objects, fileSystem } = this.options.store;
    if (await objects.verify(digest, 'file')) return true;
    this.#meter.expect(1, size);
    const temporary = temporaryPath(fileSystem, this.#folder);
    try {
      if (!(await this.#get(objectKey(digest), temporary, mostBytes))) return false;
      const found = await hashFile(fileSystem, temporary);
      if (found.digest !== digest) {
        throw new RemoteFault('damaged', `${this.remote.url} sent bytes of digest ${found.digest} for ${digest}`);
      }
      objects.adoptFile(temporary, digest);
      return true;
    } finally {
      removeQuietly(fileSystem, temporary);
      this.#meter.arrived();
    }
  }

  #get(key: string, file: string, mostBytes: number): Promise<boolean> {
    const transfer = { signal: this.options.signal, onBytes: this.#meter.moved };
    return this.#transfers.hold({ transfers: 1 }, () => this.remote.get(key, file, mostBytes, transfer));
  }

  #parseRecord(text: string, fingerprint: Digest): StageRecord {
    const { url } = this.remote;
    const value = parseJson(text);
    const why = refusedRecord(value);
    if (why !== null) throw new RemoteFault('damaged', `${url} has no record for ${fingerprint}: ${why}`);
    const record = value as StageRecord;
    if (record.fingerprint === fingerprint && record.format === 'repro.record/2') return record;
    throw new RemoteFault('damaged', `${url} has the record of ${record.fingerprint} for ${fingerprint}`);
  }
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return parseStrictJson(text);
  } catch (error) {
    if (error instanceof RefusedJson) return undefined;
    throw error;
  }
}
