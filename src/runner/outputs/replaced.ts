// What people, or other programs, put where results go. It makes way for the results, is kept, and is said to have moved.
import { join } from 'node:path';
import { errnoOf } from '../../store/file-system.ts';
import { removeTree } from '../../store/remove.ts';
import type { Store } from '../../store/store.ts';
import { makeParent } from '../process/work-directory.ts';

/** How many of them a message names. */
const namedAtMost = 5;

/** Of one cell in one run. */
export class Replaced {
  readonly #store: Store;
  readonly #folder: string;
  readonly #moved: { readonly was: string; readonly is: string }[] = [];

  /** @param run Id of the run that replaces: what it moved lies in `.repro/replaced/<run>`, under its project path. */
  constructor(store: Store, run: string) {
    this.#store = store;
    this.#folder = join('.repro', 'replaced', run);
  }

  /** Moves what lies at a project path, whatever it is. */
  move(path: string): void {
    const { fileSystem: fs, root } = this.#store;
    const from = join(root, path);
    const to = this.#free(path);
    const status = fs.lstatSync(from);
    // A directory that moves is written into: its entry `..` changes.
    if (status.isDirectory() && (status.mode & 0o200) === 0) fs.chmodSync(from, status.mode | 0o700);
    makeParent(fs, join(root, to));
    try {
      fs.renameSync(from, join(root, to));
    } catch (error) {
      if (errnoOf(error) !== 'EXDEV') throw error;
      fs.cpSync(from, join(root, to), { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
      removeTree(fs, from);
    }
    this.#moved.push({ was: path, is: to });
  }

  /** What was moved and where to, as a sentence; null where nothing was. */
  message(): string | null {
    const [first, ...others] = this.#moved;
    if (first === undefined) return null;
    if (others.length === 0) return `"${first.was}" was not as it had been published: it was moved to "${first.is}"`;
    const names = this.#moved.slice(0, namedAtMost).map(({ was }) => `"${was}"`);
    const rest = this.#moved.length > namedAtMost ? ` and ${this.#moved.length - namedAtMost} more` : '';
    return `${names.join(', ')}${rest} were not as they had been published: they were moved into "${this.#folder}"`;
  }

  /** A place that nothing has taken: a cell is published twice where its first result turned out damaged. */
  #free(path: string): string {
    const { fileSystem: fs, root } = this.#store;
    const taken = (to: string): boolean => fs.lstatSync(join(root, to), { throwIfNoEntry: false }) !== undefined;
    let folder = this.#folder;
    for (let n = 2; taken(join(folder, path)); n++) folder = `${this.#folder}-${n}`;
    return join(folder, path);
  }
}
