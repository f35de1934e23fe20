// The small files of `.repro`. A disk or a stranger may have changed them. A file that is not what it should be is set
// aside and reported, and counts as missing. Whatever stands in the way of a file to be written makes room for it.
import { isAbsolute, join, relative, sep } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { damaged, isOther, orDamaged, setAside } from './quarantine.ts';
import { unsealJson } from './sealed-json.ts';
import type { Shape } from './shape.ts';

export interface KeptFilesOptions {
  readonly fileSystem: FileSystem;
  /** `.repro` */
  readonly directory: string;
  /** Is told, in a sentence, of everything that was found damaged; by then it has been set aside. */
  readonly onDamage: (message: string) => void;
}

/** What writing says where something else stands in its way. */
const obstructed = new Set(['EEXIST', 'EISDIR', 'ELOOP', 'ENOENT', 'ENOTDIR', 'ENOTEMPTY']);

export class KeptFiles {
  readonly #fs: FileSystem;
  readonly #directory: string;
  readonly #temporary: string;
  readonly #onDamage: (message: string) => void;

  constructor({ fileSystem, directory, onDamage }: KeptFilesOptions) {
    this.#fs = fileSystem;
    this.#directory = directory;
    this.#temporary = join(directory, 'tmp');
    this.#onDamage = onDamage;
  }

  /**
   * The text of a file, or null where there is none.
   * @param what Its name in messages, as the beginning of a sentence.
   */
  readText(path: string, what: string): string | null {
    const text = orDamaged(() => {
      const status = this.#fs.statSync(path, { throwIfNoEntry: false });
      if (status === undefined) return null;
      // Reading a pipe would wait for ever.
      return status.isFile() ? this.#fs.readFileSync(path, 'utf8') : damaged;
    });
    if (text !== damaged) return text;
    this.setAside(path, what);
    return null;
  }

  /** What `sealJson` wrote, when it is of this format and shape; null for a file of another format, which is left alone. */
  readSealed<T>(path: string, what: string, format: string, shape: Shape<T>): T | null {
    const text = this.readText(path, what);
    if (text === null) return null;
    const content = unsealJson(text);
    if (isFormatted(content) && content.format !== format) return null;
    if (isFormatted(content) && shape(content)) return content;
    this.setAside(path, what);
    return null;
  }

  /** Names in a directory; none where there is no directory. */
  names(path: string): string[] {
    try {
      return this.#fs.readdirSync(path);
    } catch (error) {
      // Of one that may not be read nobody knows what it holds.
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return [];
      throw error;
    }
  }

  /** Replaces or creates a file, as `writeAtomically` does. */
  write(path: string, data: string | Uint8Array, { durable = false } = {}): void {
    this.clearing(path, () => writeAtomically(this.#fs, path, data, { temporary: this.#temporary, durable }));
  }

  /** Does what writes a path, once more when something stood in its way that could be set aside. */
  clearing<T>(path: string, write: () => T): T {
    try {
      return write();
    } catch (error) {
      if (!obstructed.has(errnoOf(error) ?? '') || !this.#clear(path)) throw error;
      return write();
    }
  }

  /** Sets aside what is no directory where one of these is needed. */
  expectDirectories(names: readonly string[]): void {
    for (const name of names) {
      const path = join(this.#directory, name);
      if (isOther(this.#fs, path)) this.#moveAside(path, `"${name}" in "${this.#directory}" is not a directory`);
    }
  }

  setAside(path: string, what: string): void {
    this.#moveAside(path, `${what} is damaged`);
  }

  #moveAside(path: string, finding: string): void {
    const moved = setAside(this.#fs, path, join(this.#directory, 'quarantine'));
    if (moved !== null) this.#onDamage(`${finding}: it ${moved} and counts as missing`);
  }

  /** Whether something was moved that stood where a directory or the file itself has to be. */
  #clear(path: string): boolean {
    const inside = relative(this.#directory, path);
    if (inside.startsWith('..') || isAbsolute(inside)) return false;
    const parts = inside.split(sep);
    const above = parts.slice(1).map((_, i) => join(this.#directory, ...parts.slice(0, i + 1)));
    let moved = false;
    for (const directory of [this.#temporary, ...above]) {
      if (!isOther(this.#fs, directory)) continue;
      this.#moveAside(
        directory,
        `"${relative(this.#directory, directory)}" in "${this.#directory}" is not a directory`,
      );
      moved = true;
    }
    const target = orDamaged(() => this.#fs.lstatSync(path, { throwIfNoEntry: false }));
    if (target === damaged || target === undefined || !target.isDirectory()) return moved;
    this.#moveAside(path, `"${inside}" in "${this.#directory}" is a directory`);
    return true;
  }
}

function isFormatted(value: unknown): value is { readonly format: string } {
  return typeof value === 'object' && value !== null && 'format' in value && typeof value.format === 'string';
}
