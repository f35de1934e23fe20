// The code of a module stage: its import closure, found by esbuild, and the bundle of exactly those bytes that is run.
import type { BigIntStats } from 'node:fs';
import { dirname, extname, join, sep } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { digestBytes } from '../../store/digest.ts';
import type { Digest } from '../../store/digest.ts';
import { errnoOf } from '../../store/file-system.ts';
import { sealJson } from '../../store/sealed-json.ts';
import { isListOf, isNullOr, isObjectWith, isSha256, isTableOf, isText } from '../../store/shape.ts';
import { statKey, tickMilliseconds } from '../../store/stat-cache.ts';
import type { Store } from '../../store/store.ts';
import { bundle } from './bundle.ts';
import { installedKit, isKitFile } from './kit.ts';
import { Packages, reachedPackages } from './packages.ts';

export interface Closure {
  /** Source files by project path. */
  readonly code: Readonly<Record<string, Digest>>;
  readonly packages: Readonly<Record<string, string>>;
  /** Who imports each of them, next to the entry: of a source file by project path, of a package by `npm:name`. */
  readonly importers: Readonly<Record<string, string>>;
  /** What the closure cannot vouch for, with places. */
  readonly warnings: readonly string[];
  /** The module that is executed, in the store's objects. */
  readonly bundle: Digest;
  /** What it was derived from; null while a file of it is still being written. */
  readonly origin: ClosureOrigin | null;
}

/**
 * Status of every file read (null: absent), and the names in every directory where a new file could change what an
 * import finds.
 */
export interface ClosureOrigin {
  readonly files: Readonly<Record<string, string | null>>;
  readonly directories: Readonly<Record<string, Digest | null>>;
}

interface CachedClosure extends Closure {
  readonly origin: ClosureOrigin;
}

const cacheFormat = 'repro.closure-cache/3';
const isCache = isObjectWith<{ readonly closures: Readonly<Record<string, CachedClosure>> }>({
  closures: isTableOf(
    isObjectWith<CachedClosure>({
      code: isTableOf(isSha256),
      packages: isTableOf(isText),
      importers: isTableOf(isText),
      warnings: isListOf(isText),
      bundle: isSha256,
      origin: isObjectWith<ClosureOrigin>({
        files: isTableOf(isNullOr(isText)),
        directories: isTableOf(isNullOr(isSha256)),
      }),
    }),
  ),
});

/** Sources of surprise that no import statement shows. */
const caveats: readonly (readonly [RegExp, string])[] = [
  [/\bcreateRequire\s*\(/, 'packages and files loaded through createRequire are not followed'],
  [
    /\bimport\.meta\.(url|dirname|filename)\b/,
    'import.meta is that of the bundle: declare files it points to as inputs',
  ],
  [/\b__(dirname|filename)\b/, 'a bundle has no __dirname and no __filename: declare files they point to as inputs'],
  [/\bnew\s+Worker\s*\(/, 'the code of a worker is not followed'],
];

/** Whether code is to be executed, and must be in the store, or only looked at. */
export type Intent = 'run' | 'look';

/** Puts code into the store. Null where nothing can be written and it is only looked at: its digest is enough for that. */
export async function keep<T>(intent: Intent, put: () => T | Promise<T>): Promise<T | null> {
  try {
    return await put();
  } catch (error) {
    if (intent === 'run' || errnoOf(error) === null) throw error;
    return null;
  }
}

export class Closures {
  readonly #store: Store;
  readonly #intent: Intent;
  readonly #path: string;
  readonly #cached: Map<string, CachedClosure>;
  /** Of directories already looked at: a thousand modules may lie side by side. */
  readonly #names = new Map<string, Digest | null>();
  #dirty = false;

  constructor(store: Store, intent: Intent = 'run') {
    this.#store = store;
    this.#intent = intent;
    this.#path = join(store.directory, 'cache', 'closures.json');
    this.#cached = loadCache(store, this.#path);
  }

  /**
   * The closure of a module, by its project path; from the cache when nothing that esbuild would read has changed.
   * Throws `ReproError` `bad-code` with esbuild's first error and its place, or what `reachedPackages` throws.
   */
  async of(entry: string): Promise<Closure> {
    const cached = this.#cached.get(entry);
    if (cached && (await this.#isCurrent(cached))) return cached;
    const build = () => buildClosure(this.#store, entry, this.#intent, this.#namesIn);
    let { closure, unsettled } = await build();
    if (unsettled.length > 0 && unsettled.every((stat) => this.#store.statCache.settlesSoon(stat))) {
      // A file of it was written in this very tick: a moment later its status stands for its bytes.
      await delay(tickMilliseconds);
      ({ closure, unsettled } = await build());
    }
    const isSettled = unsettled.length === 0;
    if (isSettled) this.#cached.set(entry, closure);
    else this.#cached.delete(entry);
    this.#dirty = true;
    return isSettled ? closure : { ...closure, origin: null };
  }

  /** Digest of the names in a directory, without those that runs themselves create; null when it is gone. */
  readonly #namesIn = (directory: string): Digest | null => {
    const known = this.#names.get(directory);
    if (known !== undefined) return known;
    const names = namesIn(this.#store, directory);
    this.#names.set(directory, names);
    return names;
  };

  /** Writes the cache when it changed. */
  save(): void {
    if (!this.#dirty) return;
    const text = sealJson({ format: cacheFormat, closures: Object.fromEntries(this.#cached) });
    this.#store.files.write(this.#path, text);
    this.#dirty = false;
  }

  async #isCurrent(cached: CachedClosure): Promise<boolean> {
    const { objects, statCache } = this.#store;
    const key = (path: string): string | null => {
      const stat = statCache.stat(path);
      return stat && statKey(stat);
    };
    const isUntouched =
      Object.entries(cached.origin.files).every(([path, known]) => key(path) === known) &&
      Object.entries(cached.origin.directories).every(([path, known]) => this.#namesIn(path) === known);
    if (!isUntouched) return false;
    for (const digest of [cached.bundle, ...Object.values(cached.code)]) {
      if (!(await objects.verify(digest, 'file'))) return false;
    }
    return true;
  }
}

function loadCache({ files }: Store, path: string): Map<string, CachedClosure> {
  return new Map(Object.entries(files.readSealed(path, 'The cache of code', cacheFormat, isCache)?.closures ?? {}));
}

async function buildClosure(
  store: Store,
  entry: string,
  intent: Intent,
  names: (directory: string) => Digest | null,
): Promise<{ closure: CachedClosure; unsettled: readonly BigIntStats[] }> {
  const { root, statCache, fileSystem, objects } = store;
  // Without a prototype: a file may be named `__proto__`.
  const code = Object.create(null) as Record<string, Digest>;
  const warnings: string[] = [];
  const files = Object.create(null) as Record<string, string | null>;
  const unsettled: BigIntStats[] = [];
  const digestKept = async (bytes: Uint8Array): Promise<Digest> =>
    (await keep(intent, () => objects.putBytes(bytes)))?.digest ?? digestBytes(bytes);
  const note = (path: string): void => {
    const stat = statCache.stat(path);
    if (stat && !statCache.isSettled(stat)) unsettled.push(stat);
    files[path] = stat && statKey(stat);
  };

  const packages = new Packages(fileSystem, root);
  const kit = () => installedKit(fileSystem, packages, dirname(join(root, entry)));
  const read = async (name: string, path: string): Promise<Uint8Array> => {
    note(path);
    const contents = fileSystem.readFileSync(path);
    // Stored, so that the code behind any number can be had back.
    code[name] = await digestKept(contents);
    warnings.push(...findCaveats(name, contents.toString('utf8')));
    return contents;
  };
  const bundled = await bundle(entry, { fileSystem, directory: root, root, packages, kit, read });
  const reached = reachedPackages(packages, bundled.imports);
  for (const path of reached.read) note(path);
  // It says which of its files an import means.
  for (const path of bundled.workspaces.keys())
    code[path] = await digestKept(fileSystem.readFileSync(join(root, path)));
  // Within the kit every import says the whole name of a file: no other file changes what it finds.
  const directories = watchedDirectories(
    root,
    Object.keys(code).filter((name) => !isKitFile(name)),
  );
  for (const directory of directories) note(join(directory, 'package.json'));
  const closure: CachedClosure = {
    code,
    packages: reached.packages,
    importers: bundled.importers,
    warnings: [...warnings, ...bundled.unfollowed, ...reached.warnings].sort(),
    bundle: await digestKept(bundled.contents),
    origin: {
      files,
      directories: Object.fromEntries(directories.map((directory) => [directory, names(directory)])),
    },
  };
  return { closure, unsettled };
}

function findCaveats(path: string, text: string): string[] {
  if (!/^\.[cm]?[jt]sx?$/.test(extname(path))) return [];
  return text.split('\n').flatMap((line, i) => {
    if (/^\s*(\/\/|\*)/.test(line)) return [];
    return caveats.filter(([pattern]) => pattern.test(line)).map(([, meaning]) => `${path}:${i + 1}: ${meaning}`);
  });
}

/** Directories of the closure's files and all above them within the project. */
function watchedDirectories(root: string, paths: readonly string[]): string[] {
  const found = new Set([root]);
  for (const path of paths) {
    let directory = dirname(join(root, path));
    found.add(directory);
    while (directory.startsWith(root + sep)) {
      directory = dirname(directory);
      found.add(directory);
    }
  }
  return [...found].sort();
}

/** Digest of the names in a directory, without those that runs themselves create; null when it is gone. */
export function namesIn({ root, fileSystem }: Store, directory: string): Digest | null {
  if (!fileSystem.existsSync(directory)) return null;
  const names = fileSystem.readdirSync(directory);
  const kept = directory === root ? names.filter((name) => name !== '.repro' && name !== 'artifacts') : names;
  return digestBytes(kept.sort().join('\0'));
}
