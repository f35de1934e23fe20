// What a Python stage runs on, as entries of its fingerprint: the interpreter's version, distributions, and modules that
// lie beside them.
import { join, sep } from 'node:path';
import { type Digest, digestBytes } from '../../../store/digest.ts';
import type { Store } from '../../../store/store.ts';
import { type Distribution, moduleFiles, normalName, readSite, type Site } from './distributions.ts';
import { pythonEnvironment } from './environment.ts';

export interface PythonPackages {
  /**
   * `python@3.12.4` to what the interpreter says of itself, `pypi:numpy@2.1.0` to the digest of what is installed of it, and
   * `module:helpers@` to the digest of a module that belongs to no distribution.
   */
  readonly packages: Readonly<Record<string, string>>;
  /** Absolute paths whose status decides the answer. */
  readonly looked: readonly string[];
  /** Sentences about what is not known. */
  readonly gaps: readonly string[];
}

/**
 * The packages that an interpreter finds; none at all where it does not say where it looks for them.
 * @param program Absolute path of the interpreter, its links not followed.
 * @param names Only these distributions or modules and what they require; null for all.
 * @param environment What the stage sees of variables.
 */
export async function pythonPackages(
  program: string,
  names: readonly string[] | null,
  { store, environment }: { readonly store: Store; readonly environment: Readonly<Record<string, string>> },
): Promise<PythonPackages> {
  const found = await pythonEnvironment(program, { ...store, environment });
  if (found === null) return { packages: {}, looked: [], gaps: [] };
  const reading = new Reading(store, found.sites);
  const version = /^[^\s]+/.exec(found.version)?.[0] ?? '';
  const packages = { [`python@${version}`]: found.version, ...(await reading.packages(names)) };
  return { packages, looked: [...found.looked, ...reading.looked], gaps: reading.gaps };
}

class Reading {
  readonly looked: string[] = [];
  readonly gaps: string[] = [];
  readonly #store: Store;
  readonly #sites: readonly (readonly [directory: string, site: Site])[];
  /** By name, the first on the path. */
  readonly #distributions = new Map<string, Distribution>();

  constructor(store: Store, directories: readonly string[]) {
    this.#store = store;
    this.#sites = this.#read(directories);
    for (const [, { distributions }] of this.#sites) {
      for (const each of distributions)
        if (!this.#distributions.has(each.name)) this.#distributions.set(each.name, each);
    }
  }

  async packages(names: readonly string[] | null): Promise<Record<string, string>> {
    // Without a prototype: a module may be named `__proto__`.
    const packages = Object.create(null) as Record<string, string>;
    const chosen = names === null ? [...this.#distributions.values()] : this.#required(names);
    for (const each of chosen) {
      const digest = each.editable === null ? each.digest : await this.#editable(each.name, each.editable);
      packages[`pypi:${each.name}@${each.version}`] = digest;
    }
    const wanted = names && new Set(names);
    for (const [module, path] of this.#modules()) {
      if (wanted !== null && !wanted.has(module)) continue;
      const digest = await this.#digest(path, `Python module "${module}" in "${path}"`);
      if (digest !== null) packages[`module:${module}@`] = digest;
      wanted?.delete(module);
    }
    const missing = [...(wanted ?? [])].filter((name) => !this.#distributions.has(normalName(name)));
    for (const name of missing) this.gaps.push(`Python package "${name}", which "packages" names, is not installed`);
    return packages;
  }

  /** Directories, and those that they add, each once. */
  #read(directories: readonly string[]): [string, Site][] {
    const sites = new Map<string, Site>();
    const waiting = [...directories];
    for (let directory = waiting.shift(); directory !== undefined; directory = waiting.shift()) {
      if (sites.has(directory)) continue;
      // Folders of the project are its code; an environment that lies in it is none of it.
      if (this.#isCode(directory)) {
        this.gaps.push(
          `Python looks for modules in "${directory}" of the project: list what it loads from there in "code"`,
        );
        continue;
      }
      const site = readSite(directory, this.#store);
      sites.set(directory, site);
      this.looked.push(...site.looked);
      waiting.push(...site.added);
    }
    return [...sites];
  }

  #isCode(directory: string): boolean {
    return isWithin(directory, this.#store.root) && !/\/(site|dist)-packages$/.test(directory);
  }

  #required(names: readonly string[]): Distribution[] {
    const found = new Map<string, Distribution>();
    const waiting = names.map(normalName);
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      const distribution = this.#distributions.get(name);
      if (distribution === undefined || found.has(name)) continue;
      found.set(name, distribution);
      waiting.push(...distribution.requires);
    }
    return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Modules of no distribution, by name, the first on the path. */
  #modules(): Map<string, string> {
    const folders = [...this.#distributions.values()].flatMap(({ editable }) => editable ?? []);
    const modules = new Map<string, string>();
    for (const [directory, { loose }] of this.#sites) {
      if (folders.some((folder) => isWithin(directory, folder))) continue;
      for (const name of loose) {
        const module = name.split('.')[0]!;
        if (!modules.has(module)) modules.set(module, join(directory, name));
      }
    }
    return modules;
  }

  /** Installed in place: its files are what lies there now. */
  async #editable(name: string, folder: string): Promise<string> {
    const { root } = this.#store;
    if (isWithin(folder, root) || isWithin(root, folder)) {
      this.gaps.push(`Python package "${name}" is installed in place, from the project: list its files in "code"`);
      return 'editable';
    }
    return (await this.#digest(folder, `Python package "${name}" in "${folder}"`)) ?? 'editable';
  }

  /** Of the files of modules at a path, by their places below it; null where there is none, or more than can be hashed. */
  async #digest(path: string, what: string): Promise<Digest | null> {
    const found = moduleFiles(path, this.#store);
    if (found === null) {
      this.gaps.push(`${what} has too many files to be hashed at every run: its changes are not noticed`);
      return null;
    }
    this.looked.push(...found.looked, ...found.files);
    if (found.files.length === 0) return null;
    const lines: string[] = [];
    for (const file of found.files) {
      lines.push(`${file.slice(path.length)}\0${await this.#store.statCache.digest(file)}`);
    }
    return digestBytes(lines.join('\n'));
  }
}

/** Whether a path lies in a folder, or is it. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}
