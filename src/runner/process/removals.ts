// Directories of stages that have ended. Most hold a dozen small files: those go at once, and the directories themselves are
// what the next stage begins in. Making and removing directories took a third of a short stage's time.
import type { Dirent } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileSystem } from '../../store/file-system.ts';
import { removeIfEmpty, removeTree, removeTreeLater } from '../../store/remove.ts';
import type { Store } from '../../store/store.ts';
import { takeAway, workAt } from './work-directory.ts';
import type { WorkDirectory } from './work-directory.ts';

/** Outputs of more bytes, or more entries, are removed while other stages run. */
const smallBytes = 4 << 20;
const smallEntries = 32;
/** As many as stages that end before others begin. */
const mostEmptied = 64;

/** A directory in the place of temporary files that holds `inputs`, `code` and these below `inputs`, and nothing else. */
interface Emptied {
  readonly path: string;
  readonly inputs: readonly string[];
}

/** Deletes directories of stages that have ended. What cannot be deleted is left for `removeFinished`. */
export class Removals {
  readonly #store: Store;
  readonly #pending = new Set<Promise<void>>();
  readonly #emptied: Emptied[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param bytes What its files hold, as far as that is known. */
  begin({ path }: WorkDirectory, bytes = Infinity): void {
    const aside = takeAway(this.#store, path);
    if (aside !== path && bytes <= smallBytes && this.#emptied.length < mostEmptied) {
      const emptied = empty(this.#store.fileSystem, aside);
      // The stage's own directory goes: who still works in there must not come to work in that of another stage.
      const own = workAt(aside).run;
      const ownAside = emptied && takeAway(this.#store, own);
      if (emptied !== null && ownAside !== own) {
        this.#emptied.push(emptied);
        this.#later(ownAside!, removeEmptied);
        return;
      }
    }
    this.#later(aside);
  }

  /**
   * Puts an emptied directory where a stage is to work, with no more below `inputs` than the stage has. False where there is
   * none, or something lies there already.
   */
  offer({ path }: WorkDirectory, inputs: readonly string[]): boolean {
    const { fileSystem: fs } = this.#store;
    const emptied = this.#emptied.pop();
    if (emptied === undefined) return false;
    try {
      for (const name of emptied.inputs) if (!inputs.includes(name)) fs.rmdirSync(join(emptied.path, 'inputs', name));
      if (fs.lstatSync(path, { throwIfNoEntry: false }) === undefined) {
        fs.renameSync(emptied.path, path);
        return true;
      }
    } catch {
      // Somebody was at work in the place of temporary files: a new one is made.
    }
    this.#later(emptied.path);
    return false;
  }

  async done(): Promise<void> {
    for (const { path } of this.#emptied.splice(0)) this.#later(path);
    await Promise.all(this.#pending);
  }

  #later(path: string, remove = removeTreeLater): void {
    const removal = remove(this.#store.fileSystem, path)
      .catch(() => {})
      .finally(() => this.#pending.delete(removal));
    this.#pending.add(removal);
  }
}

/**
 * Removes what a directory holds but `inputs`, what is directly below that, `code` and, empty but for what was made in it, `run`.
 * Null for one that has more in it than it should.
 */
function empty(fs: FileSystem, path: string): Emptied | null {
  const { run, scratch, temporary, inputs, code } = workAt(path);
  try {
    const made = fs.statSync(dirname(path));
    const isOurs = (each: string): boolean => {
      const { mode, uid, gid } = fs.lstatSync(each);
      return mode === made.mode && uid === made.uid && gid === made.gid;
    };
    const isAsMade = (each: string): boolean => {
      if (!isOurs(each)) return false;
      // Throws where something is mounted.
      if (removeIfEmpty(fs, each)) fs.mkdirSync(each);
      return true;
    };
    if (!isOurs(path) || ![run, inputs].every(isAsMade)) return null;
    const own = fs.readdirSync(run, { withFileTypes: true });
    if (own.length > smallEntries) return null;
    for (const entry of own) {
      const at = join(run, entry.name);
      if (!entry.isDirectory()) fs.unlinkSync(at);
      else if (at !== scratch && at !== temporary) fs.rmdirSync(at);
      // What is mounted there, or holds something, is for who can tell.
      else moveThereAndBack(fs, at);
    }
    for (const entry of fs.readdirSync(path, { withFileTypes: true })) {
      const at = join(path, entry.name);
      if (at === code && isAsMade(at)) {
        for (const file of fs.readdirSync(at, { withFileTypes: true })) removeEntry(fs, at, file);
      } else if (at !== inputs && at !== run) removeEntry(fs, path, entry);
    }
    const names = fs.readdirSync(inputs);
    for (const name of names) {
      const files = isAsMade(join(inputs, name)) ? fs.readdirSync(join(inputs, name), { withFileTypes: true }) : null;
      // Copies of directories may hold much.
      if (files === null || files.some((entry) => entry.isDirectory())) return null;
      for (const entry of files) removeEntry(fs, join(inputs, name), entry);
    }
    return { path, inputs: names };
  } catch {
    return null; // A stage locked what is its own, mounted something, or wrote into `scratch` or `tmp`.
  }
}

/** Throws where something is mounted at a directory, or it holds something. */
function moveThereAndBack(fs: FileSystem, path: string): void {
  if (fs.readdirSync(path).length > 0) throw new Error(`${path} is not empty`);
  const moved = `${path}.moved`;
  fs.renameSync(path, moved);
  fs.renameSync(moved, path);
}

/**
 * Removes `run` and what was made in it, which hold nothing else. Not in the way of others: a file system that tells its disk
 * at once what became free takes 3 ms for each directory (ext4 without a journal, mounted with `discard`).
 */
async function removeEmptied(fs: FileSystem, run: string): Promise<void> {
  try {
    for (const name of ['scratch', 'tmp']) await fs.promises.rmdir(join(run, name));
    await fs.promises.rmdir(run);
  } catch {
    await removeTreeLater(fs, run); // Whoever works in there made something since.
  }
}

function removeEntry(fs: FileSystem, path: string, entry: Dirent): void {
  if (entry.isDirectory()) removeTree(fs, join(path, entry.name));
  else fs.unlinkSync(join(path, entry.name));
}
