// Directories of stages that have ended. Most hold a dozen small files: those go at once, and the directories themselves are
// what later stages begin in. Making and removing directories took a third of a short stage's time, and more where a file
// system tells its disk of all that is free at once (ext4 without a journal, mounted with `discard`: 3 ms for each).
import type { Dirent } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import type { FileSystem } from '../../store/file-system.ts';
import type { ProcessIdentity } from '../../store/lock.ts';
import { removeIfEmpty, removeTree, removeTreeLater } from '../../store/remove.ts';
import type { Store } from '../../store/store.ts';
import { processNotedIn, takeAway, workAt } from './work-directory.ts';
import type { WorkDirectory } from './work-directory.ts';
import { workplaces } from './workplaces.ts';

/** Outputs of more bytes, or more entries, are removed while other stages run. */
const smallBytes = 4 << 20;
const smallEntries = 32;
/** As many as stages that end before others begin. */
const mostEmptied = 64;
/** With so many, it is looked who still works in any of them: one look at all processes that began since. */
const enoughToLook = 8;

/** A directory in the place of temporary files that holds `inputs`, `code`, `run` and these below `inputs` and `run`, no more. */
interface Emptied {
  readonly path: string;
  readonly inputs: readonly string[];
  /** The first process of the stage that has ended; null where that is not known. */
  readonly process: ProcessIdentity | null;
}

/** Deletes directories of stages that have ended. What cannot be deleted is left for `removeFinished`. */
export class Removals {
  readonly #store: Store;
  readonly #pending = new Set<Promise<void>>();
  /** Nobody works in these. */
  readonly #free: Emptied[] = [];
  /** Somebody may. */
  readonly #left: Emptied[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  /** @param bytes What its files hold, as far as that is known. */
  begin({ path }: WorkDirectory, bytes = Infinity): void {
    const aside = takeAway(this.#store, path);
    if (aside !== path && bytes <= smallBytes && this.#left.length + this.#free.length < mostEmptied) {
      const emptied = empty(this.#store.fileSystem, aside);
      if (emptied !== null) {
        this.#left.push(emptied);
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
    if (this.#free.length === 0 && this.#left.length >= enoughToLook) this.#look();
    const emptied = this.#free.pop();
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

  /** Who still works in the directory of a stage that has ended must not come to work in that of another. */
  #look(): void {
    const left = this.#left.splice(0);
    const places = workplaces(left.map(({ process }) => process));
    for (const emptied of left) {
      // Its name is its own; the path to it may lead through links.
      const name = sep + basename(emptied.path);
      const isFree =
        places === null ? renew(this.#store.fileSystem, emptied.path) : !places.some((place) => place.includes(name));
      if (isFree) this.#free.push(emptied);
      else this.#later(emptied.path);
    }
  }

  async done(): Promise<void> {
    for (const { path } of [...this.#free.splice(0), ...this.#left.splice(0)]) this.#later(path);
    await Promise.all(this.#pending);
  }

  #later(path: string): void {
    const removal = removeTreeLater(this.#store.fileSystem, path)
      .catch(() => {})
      .finally(() => this.#pending.delete(removal));
    this.#pending.add(removal);
  }
}

/**
 * Removes what a directory holds but `code`, `inputs`, `run`, what is directly below the second, and the two directories that
 * are made below the third. Null for one that has more in it than it should.
 */
function empty(fs: FileSystem, path: string): Emptied | null {
  const { run, scratch, temporary, inputs, code, finished } = workAt(path);
  try {
    const mode = fs.statSync(dirname(path)).mode;
    const isAsMade = (each: string): boolean => {
      if (fs.lstatSync(each).mode !== mode) return false;
      // Both throw where something is mounted. What holds nothing is not removed for it: that may take milliseconds.
      if ([scratch, temporary, inputs].includes(each)) moveThereAndBack(fs, each);
      else if (removeIfEmpty(fs, each)) fs.mkdirSync(each);
      return true;
    };
    if (fs.lstatSync(path).mode !== mode || ![run, scratch, temporary, inputs].every(isAsMade)) return null;
    const own = fs.readdirSync(run, { withFileTypes: true });
    if (own.length > smallEntries) return null;
    for (const entry of own) {
      const at = join(run, entry.name);
      if (at === scratch || at === temporary) {
        if (fs.readdirSync(at).length > 0) return null;
      } else if (entry.isDirectory()) fs.rmdirSync(at);
      else fs.unlinkSync(at);
    }
    const process = processNotedIn(fs, finished);
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
    return { path, inputs: names, process };
  } catch {
    return null; // A stage locked what is its own, or mounted something.
  }
}

/** Makes the directories anew that a stage works in: who is in the old ones is nowhere then. False where that cannot be. */
function renew(fs: FileSystem, path: string): boolean {
  const { run, scratch, temporary } = workAt(path);
  try {
    for (const each of [scratch, temporary, run]) fs.rmdirSync(each);
    for (const each of [run, scratch, temporary]) fs.mkdirSync(each);
    return true;
  } catch {
    return false; // Something came into one of them since.
  }
}

function moveThereAndBack(fs: FileSystem, path: string): void {
  const moved = `${path}.moved`;
  fs.renameSync(path, moved);
  fs.renameSync(moved, path);
}

function removeEntry(fs: FileSystem, path: string, entry: Dirent): void {
  if (entry.isDirectory()) removeTree(fs, join(path, entry.name));
  else fs.unlinkSync(join(path, entry.name));
}
