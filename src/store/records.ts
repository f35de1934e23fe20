// Records are the truth: one small file per successful execution, `.repro/records/<fingerprint hex>.json`.
import { join } from 'node:path';
import { validate_record } from '../schema/validators.js';
import type { StageRecord } from '../schema/types.ts';
import { writeAtomically } from './atomic-write.ts';
import { canonicalJson } from './canonical-json.ts';
import { digestBytes, hexOf, parseDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { orAbsent } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { setAside } from './quarantine.ts';
import { sealJson, unsealJson } from './sealed-json.ts';

export interface RecordsOptions {
  readonly fileSystem: FileSystem;
  /** `.repro` */
  readonly directory: string;
  readonly onDamage: (message: string) => void;
}

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

export class Records {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #indexPath: string;
  readonly #temporary: string;
  readonly #onDamage: (message: string) => void;
  #index: Index | null = null;

  constructor(options: RecordsOptions) {
    this.#fs = options.fileSystem;
    this.#directory = join(options.directory, 'records');
    this.#indexPath = join(options.directory, 'cache', 'records.json');
    this.#temporary = join(options.directory, 'tmp');
    this.#onDamage = options.onDamage;
  }

  path(fingerprint: Digest): string {
    return join(this.#directory, `${hexOf(fingerprint)}.json`);
  }

  /** The record of a fingerprint, or null. A damaged one is set aside, reported and counts as missing. */
  read(fingerprint: Digest): StageRecord | null {
    const path = this.path(fingerprint);
    const text = orAbsent(() => this.#fs.readFileSync(path, 'utf8'));
    if (text === null) return null;
    const record = unsealJson(text);
    if (isRecord(record) && record.fingerprint === fingerprint) return record;
    const moved = setAside(this.#fs, path, join(this.#directory, '..', 'quarantine'));
    if (moved !== null) this.#onDamage(`Record ${fingerprint} is damaged: it ${moved} and counts as missing`);
    return null;
  }

  /** Writes a record; `durable`, it is on the disk when this returns. Its fingerprint must be that of its preimage. */
  write(record: StageRecord, { durable } = { durable: true }): void {
    if (!isRecord(record)) {
      const errors = JSON.stringify(validate_record.errors ?? 'its fingerprint is not that of its preimage');
      throw new Error(`Internal error: refusing to store an invalid record: ${errors}`);
    }
    const path = this.path(parseDigest(record.fingerprint));
    writeAtomically(this.#fs, path, sealJson(record), { temporary: this.#temporary, durable });
    if (this.#index) addEntry(this.#index, hexOf(parseDigest(record.fingerprint)), indexEntry(record));
  }

  /** Fingerprints of all records. */
  list(): Digest[] {
    return (orAbsent(() => this.#fs.readdirSync(this.#directory)) ?? [])
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
      const text = sealJson({ format: indexFormat, entries });
      try {
        writeAtomically(this.#fs, this.#indexPath, text, { temporary: this.#temporary });
      } catch {
        // A cache: in a store that may only be read, every look costs the same.
      }
    }
    return index;
  }

  #readIndex(): Map<string, IndexEntry> {
    if (!this.#fs.existsSync(this.#indexPath)) return new Map();
    const content = unsealJson(this.#fs.readFileSync(this.#indexPath, 'utf8')) as
      { format?: unknown; entries: Record<string, IndexEntry> } | undefined;
    return content?.format === indexFormat ? new Map(Object.entries(content.entries)) : new Map();
  }
}

function isRecord(value: unknown): value is StageRecord {
  return (
    validate_record(value) && fingerprintOf((value as StageRecord).preimage) === (value as StageRecord).fingerprint
  );
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
