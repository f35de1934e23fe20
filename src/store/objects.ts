// Bytes by their digest: `.repro/objects/<2>/<62 hex>`, read-only, complete or absent.
import { dirname, join } from 'node:path';
import { constants } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { copyHashing, digestBytes, hashFile, hexOf, wholeFileBytes } from './digest.ts';
import type { Digest, Hashed } from './digest.ts';
import { syncAllToDisk, temporaryBeside, temporaryPath, writeNewFile } from './atomic-write.ts';
import { makeDirectory } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { KeptFiles } from './kept-files.ts';
import type { KeptFilesOptions } from './kept-files.ts';
import { damaged, isDamage, orDamaged } from './quarantine.ts';
import { removeQuietly } from './remove.ts';
import type { StatCache } from './stat-cache.ts';
import { listTree, parseTree, treeText } from './tree.ts';
import type { Tree, TreeEntry } from './tree.ts';

export type ArtifactKind = 'file' | 'directory';

export interface ObjectsOptions extends KeptFilesOptions {
  readonly statCache: StatCache;
}

export class Objects {
  readonly #fs: FileSystem;
  readonly #statCache: StatCache;
  readonly #directory: string;
  readonly #temporary: string;
  /** Objects that this process has seen to the disk: stages share their code. */
  readonly #synced = new Set<Digest>();
  readonly #files: KeptFiles;
  /** Known to be directories, not links that would take objects elsewhere. */
  readonly #folders = new Set<string>();

  constructor(options: ObjectsOptions) {
    this.#fs = options.fileSystem;
    this.#statCache = options.statCache;
    this.#directory = options.directory;
    this.#temporary = join(options.directory, 'tmp');
    this.#files = new KeptFiles(options);
  }

  /** Where an object lies, present or not. */
  path(digest: Digest): string {
    const hex = hexOf(digest);
    return join(this.#directory, 'objects', hex.slice(0, 2), hex.slice(2));
  }

  putBytes(bytes: string | Uint8Array): Hashed {
    const data = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const digest = digestBytes(data);
    if (!this.isIntact(digest)) {
      const temporary = temporaryPath(this.#fs, this.#temporary);
      try {
        writeNewFile(this.#fs, temporary, data, { mode: 0o444 });
        this.#adopt(temporary, digest);
      } catch (error) {
        removeQuietly(this.#fs, temporary);
        throw error;
      }
    }
    return { digest, sizeBytes: data.length };
  }

  /** Copies a file into the store; what is stored is exactly what was hashed. */
  async putFile(path: string): Promise<Hashed> {
    if (this.#fs.statSync(path).size <= wholeFileBytes) return this.putBytes(this.#fs.readFileSync(path));
    const temporary = temporaryPath(this.#fs, this.#temporary);
    try {
      const hashed = await copyHashing(this.#fs, path, temporary, 0o444);
      if (!this.isIntact(hashed.digest)) this.#adopt(temporary, hashed.digest);
      return hashed;
    } finally {
      removeQuietly(this.#fs, temporary);
    }
  }

  /** Stores every file below a directory and the list of them, whose digest names the directory. */
  async putDirectory(path: string): Promise<Hashed> {
    const entries: TreeEntry[] = [];
    const { files, emptyDirectories } = listTree(this.#fs, path, 'refuse');
    for (const file of files) {
      const { digest, sizeBytes } = await this.putFile(join(path, file.path));
      entries.push({ path: file.path, digest, executable: file.executable, sizeBytes });
    }
    const { digest } = this.putBytes(treeText({ files: entries, emptyDirectories }));
    return { digest, sizeBytes: entries.reduce((sum, entry) => sum + entry.sizeBytes, 0) };
  }

  /** Takes a file of the store's own file system whose digest the caller has just computed. */
  adoptFile(path: string, digest: Digest): void {
    this.#fs.chmodSync(path, 0o444);
    this.#adopt(path, digest);
  }

  /**
   * Whether an artifact can be had. Objects whose status has not changed since they were last hashed are trusted,
   * unless `thorough`; a damaged object is set aside, reported and missing from then on.
   */
  async verify(digest: Digest, kind: ArtifactKind, depth: 'quick' | 'thorough' = 'quick'): Promise<boolean> {
    if (!(await this.#verifyObject(digest, depth))) return false;
    if (kind === 'file') return true;
    const tree = this.readTree(digest);
    if (tree === null) return false;
    for (const entry of tree.files) {
      if (!(await this.#verifyObject(entry.digest, depth))) return false;
    }
    return true;
  }

  /** Waits until what is here of an artifact is on the disk, whole and under its name. */
  sync(digest: Digest, kind: ArtifactKind): void {
    const entries = kind === 'file' ? [] : (this.readTree(digest)?.files ?? []);
    const digests = [digest, ...entries.map((entry) => entry.digest)];
    const fresh = digests.filter((each) => !this.#synced.has(each) && this.has(each));
    if (fresh.length === 0) return;
    const paths = fresh.map((each) => this.path(each));
    const directories = [...paths.map((path) => dirname(path)), join(this.#directory, 'objects')];
    syncAllToDisk(this.#fs, [...new Set([...paths, ...directories])], join(this.#directory, 'objects'));
    for (const each of fresh) this.#synced.add(each);
  }

  has(digest: Digest): boolean {
    return this.#stat(digest) !== null;
  }

  /** As cheap as one stat: present, and hashed when its status was the same. */
  isIntact(digest: Digest): boolean {
    const stat = this.#stat(digest);
    return stat !== null && this.#statCache.lookup(this.path(digest), stat) === digest;
  }

  /** The bytes of an object, or null when it is missing or damaged. */
  readBytes(digest: Digest): Buffer | null {
    if (!this.has(digest)) return null;
    const bytes = orDamaged(() => this.#fs.readFileSync(this.path(digest)));
    if (bytes !== damaged && digestBytes(bytes) === digest) return bytes;
    this.#quarantine(digest);
    return null;
  }

  /** What a stored directory holds, or null when its list is missing or damaged. */
  readTree(digest: Digest): Tree | null {
    const bytes = this.readBytes(digest);
    return bytes === null ? null : parseTree(bytes.toString('utf8'));
  }

  /**
   * Puts a writable copy of a file at `target`, replacing what is there; the bytes that are written are those that were
   * hashed. False when the object is missing or damaged; then `target` is untouched. Its directory must exist.
   */
  async materialise(digest: Digest, target: string, executable = false): Promise<boolean> {
    // Beside the target: `artifacts` may be another file system.
    const temporary = temporaryBeside(dirname(target));
    let isThere = false;
    try {
      if (!(await this.#copy(digest, temporary))) return false;
      this.#fs.chmodSync(temporary, executable ? 0o755 : 0o644);
      this.#fs.renameSync(temporary, target);
      isThere = true;
    } finally {
      if (!isThere) removeQuietly(this.#fs, temporary);
    }
    const stat = this.#statCache.stat(target);
    if (stat) this.#statCache.remember(target, stat, digest);
    return true;
  }

  /** False when the object is missing or damaged, or the copy is not what it should be. */
  async #copy(digest: Digest, target: string): Promise<boolean> {
    const path = this.path(digest);
    const stat = this.#stat(digest);
    if (stat === null) return false;
    if (stat.size <= wholeFileBytes) {
      const bytes = this.readBytes(digest);
      if (bytes !== null) writeNewFile(this.#fs, target, bytes);
      return bytes !== null;
    }
    // Where the file system can share bytes between files, this takes no time.
    await this.#fs.promises.copyFile(path, target, constants.COPYFILE_FICLONE);
    if ((await hashFile(this.#fs, target)).digest === digest) return true;
    // The copy may be at fault, not the object: only a damaged object is set aside.
    await this.#verifyObject(digest, 'thorough');
    return false;
  }

  /** Its status, or null when it is missing; something else in its place is set aside. */
  #stat(digest: Digest): BigIntStats | null {
    const stat = orDamaged(() => this.#statCache.stat(this.path(digest)));
    if (stat !== damaged && (stat === null || stat.isFile())) return stat;
    this.#quarantine(digest);
    return null;
  }

  async #verifyObject(digest: Digest, depth: 'quick' | 'thorough'): Promise<boolean> {
    const path = this.path(digest);
    const stat = this.#stat(digest);
    if (stat === null) return false;
    if (depth === 'quick' && this.#statCache.lookup(path, stat) === digest) return true;
    if ((await this.#hash(path)) === digest) {
      this.#statCache.remember(path, stat, digest);
      return true;
    }
    this.#quarantine(digest);
    return false;
  }

  #adopt(temporary: string, digest: Digest): void {
    const path = this.path(digest);
    const folder = dirname(path);
    if (!this.#folders.has(folder) && this.#fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
      this.#files.setAside(folder, 'A folder of objects');
    }
    this.#folders.add(folder);
    this.#files.clearing(path, () => {
      makeDirectory(this.#fs, folder);
      this.#fs.renameSync(temporary, path);
    });
    this.#synced.delete(digest);
    // Nobody else writes here, so the status after the rename belongs to the bytes just hashed.
    const stat = this.#statCache.stat(path);
    if (stat) this.#statCache.remember(path, stat, digest);
  }

  #quarantine(digest: Digest): void {
    this.#statCache.forget(this.path(digest));
    this.#files.setAside(this.path(digest), `Object ${digest}`);
  }

  async #hash(path: string): Promise<Digest | null> {
    try {
      return (await hashFile(this.#fs, path)).digest;
    } catch (error) {
      if (isDamage(error)) return null;
      throw error;
    }
  }
}
