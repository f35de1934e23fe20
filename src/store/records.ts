// Records are the truth: one small file per successful execution, `.repro/records/<fingerprint hex>.json`.
import { join } from 'node:path';
import { validate_record } from '../schema/validators.js';
import type { StageRecord } from '../schema/types.ts';
import { canonicalJson } from './canonical-json.ts';
import { digestBytes, hexOf, parseDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { reach } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { KeptFiles } from './kept-files.ts';
import type { KeptFilesOptions } from './kept-files.ts';
import { formatLaterThan } from './later-format.ts';
import { pathFault } from './path-below.ts';
import { sealJson, unsealStrictJson } from './sealed-json.ts';
import { isObjectWith, isTableOf, isText } from './shape.ts';
import { statKey } from './stat-cache.ts';

/** What the index keeps of a record, enough to find the executions of a cell without reading all of them. */
interface IndexEntry {
  /** Canonical JSON of stage and cell. */
  readonly cell: string;
  readonly run: string;
  readonly finishedAt: string;
}

/** Entries by fingerprint hex, by cell. */
type Index = Map<string, Map<string, IndexEntry>>;

const indexFormat = 'repro.record-index/2';
const isIndex = isObjectWith<{ readonly entries: Readonly<Record<string, IndexEntry>> }>({
  entries: isTableOf(isObjectWith<IndexEntry>({ cell: isText, run: isText, finishedAt: isText })),
});

/** Records that were read and found right, by fingerprint, each with the status that its file had then. */
export type KnownRecords = ReadonlyMap<Digest, { readonly record: StageRecord; readonly key: string }>;

export class Records {
  readonly #fs: FileSystem;
  readonly #files: KeptFiles;
  readonly #directory: string;
  readonly #indexPath: string;
  #index: Index | null = null;
  /** Whether records were written since the index was. */
  #isBehind = false;
  #known: KnownRecords = new Map();

  constructor(options: KeptFilesOptions) {
    this.#fs = options.fileSystem;
    this.#files = new KeptFiles(options);
    this.#directory = join(options.directory, 'records');
    this.#indexPath = join(options.directory, 'cache', 'records.json');
  }

  path(fingerprint: Digest): string {
    return join(this.#directory, `${hexOf(fingerprint)}.json`);
  }

  /** Records that need not be read while the status of their files is the same. */
  know(known: KnownRecords): void {
    this.#known = known;
  }

  /**
   * The record of a fingerprint, or null. A damaged one is set aside, reported and counts as missing; one of a later format
   * is left where it is.
   */
  read(fingerprint: Digest): StageRecord | null {
    const path = this.path(fingerprint);
    const known = this.#known.get(fingerprint);
    const status = known && reach(this.#fs, path);
    if (known && status && statKey(status) === known.key) return known.record;
    const text = this.#files.readText(path, `Record ${fingerprint}`);
    if (text === null) return null;
    const record = unsealStrictJson(text);
    if (isRecord(record) && record.fingerprint === fingerprint) return record;
    // Another version of this program shares the store: its records are its own, and whole.
    if (formatLaterThan(2, 'repro.record', record) !== null) return null;
    this.#files.setAside(path, `Record ${fingerprint}`);
    return null;
  }

  /** Writes a record; `durable`, it is on the disk when this returns. Its fingerprint must be that of its preimage. */
  write(record: StageRecord, { durable } = { durable: true }): void {
    const refused = refusedRecord(record);
    if (refused !== null) throw new Error(`Internal error: refusing to store an invalid record: ${refused}`);
    const path = this.path(parseDigest(record.fingerprint));
    this.#files.write(path, sealJson(record), { durable });
    if (!this.#index) return;
    addEntry(this.#index, hexOf(parseDigest(record.fingerprint)), indexEntry(record));
    this.#isBehind = true;
  }

  /** Writes the index when records were added to it: else the next one that looks for earlier executions reads all of them. */
  save(): void {
    if (this.#index === null || !this.#isBehind) return;
    this.#writeIndex(Object.fromEntries([...this.#index.values()].flatMap((entries) => [...entries])));
    this.#isBehind = false;
  }

  /** Fingerprints of all records. */
  list(): Digest[] {
    return this.#files
      .names(this.#directory)
      .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
      .map((name): Digest => `sha256:${name.slice(0, 64)}`);
  }

  /** Earlier executions of a cell, the latest first, at most `limit`. */
  earlier(stage: string, cell: StageRecord['preimage']['cell'], limit: number): StageRecord[] {
    return [...(this.#loadIndex().get(canonicalJson([stage, cell])) ?? [])]
      .sort(([, a], [, b]) => (isEarlier(a, b) ? 1 : -1))
      .slice(0, limit)
      .map(([hex]) => this.read(`sha256:${hex}`))
      .filter((record) => record !== null);
  }

  /** The directory is the truth: names it does not hold are dropped from the index, names it gained are read. */
  #loadIndex(): Index {
    if (this.#index !== null) return this.#index;
    const stored = this.#readIndex();
    const index: Index = new Map();
    const entries: Record<string, IndexEntry> = {};
    let changed = false;
    for (const fingerprint of this.list()) {
      const hex = hexOf(fingerprint);
      const known = stored.get(hex);
      if (known === undefined) changed = true;
      const record = known === undefined ? this.read(fingerprint) : null;
      const entry = known ?? (record && indexEntry(record));
      if (entry) addEntry(index, hex, (entries[hex] = entry));
    }
    this.#index = index;
    if (changed) {
      try {
        this.#writeIndex(entries);
      } catch {
        // A cache: in a store that may only be read, every look costs the same.
      }
    }
    return index;
  }

  #writeIndex(entries: Readonly<Record<string, IndexEntry>>): void {
    this.#files.write(this.#indexPath, sealJson({ format: indexFormat, entries }));
  }

  #readIndex(): Map<string, IndexEntry> {
    const content = this.#files.readSealed(this.#indexPath, 'The index of records', indexFormat, isIndex);
    return new Map(Object.entries(content?.entries ?? {}));
  }
}

function isRecord(value: unknown): value is StageRecord {
  return refusedRecord(value) === null;
}

/** Why a value, whoever made it, is not a record that agrees with itself, to follow a colon; null where it is one. */
export function refusedRecord(value: unknown): string | null {
  if (!validate_record(value)) return JSON.stringify(validate_record.errors ?? 'not of its shape');
  const record = value as StageRecord;
  if (!isOfOneFormat(record)) return 'it mixes formats';
  if (fingerprintOf(record.preimage) !== record.fingerprint) return 'its fingerprint is not that of its preimage';
  return outputFault(record);
}

/** Whether a record, its preimage and what that says of inputs are all of format 1, or all of format 2. */
export function isOfOneFormat({ format, preimage }: StageRecord): boolean {
  const isFirst = format === 'repro.record/1';
  if (isFirst !== (preimage.format === 'repro.fingerprint/1')) return false;
  const files = Object.values(preimage.inputs).flatMap((input) => input ?? []);
  return files.every((file) => (typeof file === 'string') === isFirst);
}

/**
 * How the outputs of a record are others than those that its preimage declares, or null. A seal says only that a record is
 * whole, not who made it, and where its outputs go is up to the declaration.
 */
export function outputFault({ preimage, outputs }: Pick<StageRecord, 'preimage' | 'outputs'>): string | null {
  const declared = Object.keys(preimage.outputs);
  const odd = Object.keys(outputs).find((name) => !Object.hasOwn(preimage.outputs, name));
  if (odd !== undefined) return `output "${odd}" is not declared`;
  for (const name of declared) {
    const path = preimage.outputs[name]!;
    const output = Object.hasOwn(outputs, name) ? outputs[name]! : undefined;
    if (output === undefined) return `output "${name}" is missing`;
    if (output.path !== path) return `output "${name}" is not where it is declared`;
    if ((output.kind === 'directory') !== path.endsWith('/')) return `output "${name}" is not of the declared kind`;
    const fault = pathFault(path);
    if (fault !== null) return `the path of output "${name}" ${fault}`;
  }
  return null;
}

/** The fingerprint of an execution: the digest of the canonical JSON of exactly what its record stores. */
export function fingerprintOf(preimage: StageRecord['preimage']): Digest {
  return digestBytes(canonicalJson(preimage));
}

function indexEntry({ preimage, run, finishedAt }: StageRecord): IndexEntry {
  return { cell: canonicalJson([preimage.stage, preimage.cell]), run, finishedAt };
}

/** By their runs, whose names sort also where the clock was put back between them. */
function isEarlier(a: IndexEntry, b: IndexEntry): boolean {
  return a.run === b.run ? a.finishedAt < b.finishedAt : a.run < b.run;
}

function addEntry(index: Index, hex: string, entry: IndexEntry): void {
  const entries = index.get(entry.cell) ?? new Map<string, IndexEntry>();
  index.set(entry.cell, entries.set(hex, entry));
}
