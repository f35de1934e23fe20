// Records are the truth: one small file per successful execution, `.repro/records/<fingerprint hex>.json`.
import { join } from 'node:path';
import { validate_record } from '../schema/validators.js';
import type { StageRecord } from '../schema/types.ts';
import { temporaryPath, writeAtomically } from './atomic-write.ts';
import { canonicalJson } from './canonical-json.ts';
import { digestBytes, hexOf, parseDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import type { FileSystem } from './file-system.ts';
import { sealJson, unsealJson } from './sealed-json.ts';

export interface RecordsOptions {
  readonly fileSystem: FileSystem;
  /** `.repro` */
  readonly directory: string;
  readonly onDamage: (message: string) => void;
}

/** What the index keeps of a record: enough to find the executions of a stage without reading all of them. */
interface IndexEntry {
  readonly stage: string;
  readonly cell: string;
  readonly finishedAt: string;
}

export class Records {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #indexPath: string;
  readonly #temporary: string;
  readonly #onDamage: (message: string) => void;
  #index: Map<string, IndexEntry> | null = null;

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
    if (!this.#fs.existsSync(path)) return null;
    const record = unsealJson(this.#fs.readFileSync(path, 'utf8'));
    if (isRecord(record) && record.fingerprint === fingerprint) return record;
    const aside = temporaryPath(this.#fs, join(this.#directory, '..', 'quarantine'));
    this.#fs.renameSync(path, aside);
    this.#onDamage(`Record ${fingerprint} is damaged: it was moved to "${aside}" and counts as missing`);
    return null;
  }

  /** Writes a record, on the disk when this returns. Its fingerprint must be that of its preimage. */
  write(record: StageRecord): void {
    if (!isRecord(record)) {
      const errors = JSON.stringify(validate_record.errors ?? 'its fingerprint is not that of its preimage');
      throw new Error(`Internal error: refusing to store an invalid record: ${errors}`);
    }
    const path = this.path(parseDigest(record.fingerprint));
    writeAtomically(this.#fs, path, sealJson(record), { temporary: this.#temporary, durable: true });
    this.#index?.set(hexOf(parseDigest(record.fingerprint)), indexEntry(record));
  }

  /** Fingerprints of all records. */
  list(): Digest[] {
    if (!this.#fs.existsSync(this.#directory)) return [];
    return this.#fs
      .readdirSync(this.#directory)
      .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
      .map((name): Digest => `sha256:${name.slice(0, 64)}`);
  }

  /** Earlier executions of a cell, the latest first, at most `limit`. */
  earlier(stage: string, cell: StageRecord['preimage']['cell'], limit: number): StageRecord[] {
    const wanted = canonicalJson(cell);
    return [...this.#loadIndex()]
      .filter(([, entry]) => entry.stage === stage && entry.cell === wanted)
      .sort(([, a], [, b]) => (a.finishedAt < b.finishedAt ? 1 : -1))
      .slice(0, limit)
      .map(([hex]) => this.read(`sha256:${hex}`))
      .filter((record) => record !== null);
  }

  remove(fingerprint: Digest): void {
    this.#fs.rmSync(this.path(fingerprint), { force: true });
    this.#index?.delete(hexOf(fingerprint));
  }

  /** The directory is the truth: names it does not hold are dropped from the index, names it gained are read. */
  #loadIndex(): Map<string, IndexEntry> {
    if (this.#index !== null) return this.#index;
    const stored = this.#readIndex();
    const index = new Map<string, IndexEntry>();
    let changed = false;
    for (const fingerprint of this.list()) {
      const hex = hexOf(fingerprint);
      const known = stored.get(hex);
      if (known) index.set(hex, known);
      else {
        changed = true;
        const record = this.read(fingerprint);
        if (record) index.set(hex, indexEntry(record));
      }
    }
    this.#index = index;
    if (changed) {
      const text = sealJson({ format: 'repro.record-index/1', entries: Object.fromEntries(index) });
      writeAtomically(this.#fs, this.#indexPath, text, { temporary: this.#temporary });
    }
    return index;
  }

  #readIndex(): Map<string, IndexEntry> {
    if (!this.#fs.existsSync(this.#indexPath)) return new Map();
    const content = unsealJson(this.#fs.readFileSync(this.#indexPath, 'utf8')) as
      { format?: unknown; entries: Record<string, IndexEntry> } | undefined;
    return content?.format === 'repro.record-index/1' ? new Map(Object.entries(content.entries)) : new Map();
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

function indexEntry({ preimage, finishedAt }: StageRecord): IndexEntry {
  return { stage: preimage.stage, cell: canonicalJson(preimage.cell), finishedAt };
}
