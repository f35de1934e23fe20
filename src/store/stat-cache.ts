// Digests of files that have not changed since they were hashed. Device, inode, size, mtime and ctime in nanoseconds
// stand for the bytes. Racy timestamps follow git's rule (git's Documentation/technical/racy-git). Rebuildable.
import type { BigIntStats } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { hashFile } from './digest.ts';
import type { Digest } from './digest.ts';
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { KeptFiles } from './kept-files.ts';
import type { KeptFilesOptions } from './kept-files.ts';
import { removeTree } from './remove.ts';
import { sealJson } from './sealed-json.ts';
import { isObjectWith, isSha256, isTableOf, isText, isTuple } from './shape.ts';

interface Entry {
  readonly key: string;
  readonly digest: Digest;
}

/** Telling the file system's time takes a write. That clock may be put back: what it told is soon told anew. */
const trustedMilliseconds = 20;
/** A file system's tick is 10 ms at most: what is written in one cannot be told from what is written later in it. */
export const tickMilliseconds = 11;
/** Looks at a file that was written in the tick in which it is looked at. */
export const settlingAttempts = 3;

const format = 'repro.stat-cache/1';
const isContent = isObjectWith<{ readonly entries: Readonly<Record<string, readonly [key: string, Digest]>> }>({
  entries: isTableOf(isTuple<readonly [string, Digest]>(isText, isSha256)),
});

/** What identifies the bytes of a file without reading them. */
export function statKey(stat: BigIntStats): string {
  return `${stat.dev}.${stat.ino}.${stat.size}.${stat.mtimeNs}.${stat.ctimeNs}`;
}

export class StatCache {
  readonly #fs: FileSystem;
  readonly #files: KeptFiles;
  /** A file that tells the file system's time lies beside it. */
  readonly #path: string;
  readonly #entries: Map<string, Entry>;
  #dirty = false;
  /** A moment of the file system's own clock, in nanoseconds, and when it was told, by a clock that is never put back. */
  #earlier = 0n;
  #toldAt = -Infinity;

  constructor(options: KeptFilesOptions) {
    this.#fs = options.fileSystem;
    this.#files = new KeptFiles(options);
    this.#path = join(options.directory, 'cache', 'stat.json');
    this.#entries = this.#load();
  }

  /** The file's status, links followed, or null when there is none. */
  stat(path: string): BigIntStats | null {
    return this.#fs.statSync(path, { bigint: true, throwIfNoEntry: false }) ?? null;
  }

  /** The digest a file had when its status was the same, or null. */
  lookup(path: string, stat: BigIntStats): Digest | null {
    const entry = this.#entries.get(path);
    return entry?.key === statKey(stat) ? entry.digest : null;
  }

  /** The status a file had when its bytes had this digest, or null when that is not known for certain. */
  keyOf(path: string, digest: Digest): string | null {
    const entry = this.#entries.get(path);
    return entry?.digest === digest ? entry.key : null;
  }

  /** `keyOf` a file that may have been written in the tick in which it was read; null when its bytes are others, or move. */
  async settledKey(path: string, digest: Digest): Promise<string | null> {
    for (let attempt = 0; attempt < settlingAttempts; attempt++) {
      const key = this.keyOf(path, digest);
      if (key !== null) return key;
      if (attempt > 0) await delay(tickMilliseconds);
      if (this.stat(path) === null || (await this.digest(path)) !== digest) return null;
    }
    return null;
  }

  /** Digest of a file, from the cache when its status allows. */
  async digest(path: string): Promise<Digest> {
    const before = this.#fs.statSync(path, { bigint: true });
    const known = this.lookup(path, before);
    if (known !== null) return known;
    const settled = this.isSettled(before);
    const { digest } = await hashFile(this.#fs, path);
    const after = this.stat(path);
    if (settled && after !== null && statKey(after) === statKey(before)) this.remember(path, after, digest);
    return digest;
  }

  /** Records the digest of a file whose status and bytes are known to belong together. */
  remember(path: string, stat: BigIntStats, digest: Digest): void {
    this.#entries.set(path, { key: statKey(stat), digest });
    this.#dirty = true;
  }

  forget(path: string): void {
    if (this.#entries.delete(path)) this.#dirty = true;
  }

  /**
   * Whether a change made from now on must show in the file's status. Not so while its last change lies in the file
   * system's current tick, where a second write would leave the same times, or in its future.
   */
  isSettled(stat: BigIntStats): boolean {
    const changed = lastChange(stat);
    if (changed < this.#earlier && performance.now() < this.#toldAt + trustedMilliseconds) return true;
    this.#toldAt = performance.now();
    this.#earlier = this.#fileSystemTime();
    return changed < this.#earlier;
  }

  /** Whether what is not settled will be a tick from now: not what was changed in the future, nor where no time is told. */
  settlesSoon(stat: BigIntStats): boolean {
    return this.#earlier > 0n && lastChange(stat) - this.#earlier < BigInt(tickMilliseconds * 1e6);
  }

  /** Writes the cache when it changed, leaving out files that are gone. */
  save(): void {
    if (!this.#dirty) return;
    const entries: Record<string, [string, Digest]> = {};
    for (const [path, entry] of this.#entries) {
      if (this.stat(path) !== null) entries[path] = [entry.key, entry.digest];
    }
    this.#files.write(this.#path, sealJson({ format, entries }));
    this.#dirty = false;
  }

  /** Nothing where it cannot be read. */
  #load(): Map<string, Entry> {
    try {
      const content = this.#files.readSealed(this.#path, 'The cache of digests', format, isContent);
      return new Map(Object.entries(content?.entries ?? {}).map(([path, [key, digest]]) => [path, { key, digest }]));
    } catch (error) {
      if (errnoOf(error) === null) throw error;
      return new Map();
    }
  }

  /** In nanoseconds; zero, before every change, where nothing can be written. */
  #fileSystemTime(): bigint {
    const directory = dirname(this.#path);
    try {
      this.#fs.mkdirSync(directory, { recursive: true });
      const path = join(directory, 'clock');
      // What is written to is this file, never what a link or a pipe of its name leads to.
      if (this.#fs.lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) removeTree(this.#fs, path);
      const file = this.#fs.openSync(path, 'w');
      try {
        this.#fs.writeSync(file, '.');
        return this.#fs.fstatSync(file, { bigint: true }).mtimeNs;
      } finally {
        this.#fs.closeSync(file);
      }
    } catch (error) {
      if (errnoOf(error) === null) throw error;
      return 0n;
    }
  }
}

function lastChange({ mtimeNs, ctimeNs }: BigIntStats): bigint {
  return mtimeNs > ctimeNs ? mtimeNs : ctimeNs;
}
