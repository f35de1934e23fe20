// The packages a stage reaches, with everything they depend on: `name@version` to what pins their bytes.
// From package-lock.json (version 2 or 3); without one, from the installed packages themselves.
import { dirname, join, relative, sep } from 'node:path';
import { ReproError } from '../../error.ts';
import { digestBytes } from '../../store/digest.ts';
import type { FileSystem } from '../../store/file-system.ts';

export interface PackageImport {
  readonly name: string;
  /** The project file that imports it. */
  readonly importer: string;
  /** By `import()`: a package that may be missing, when the stage can do without. */
  readonly isDynamic: boolean;
}

export interface PackagesReached {
  /** `name@version` to lock-file integrity, or to the digest of the installed package.json. */
  readonly packages: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
  /** Absolute paths of the files this was read from; when none of them changes, neither does the answer. */
  readonly read: readonly string[];
}

interface PackageJson {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

interface LockEntry extends PackageJson {
  readonly integrity?: string;
  /** A workspace. */
  readonly link?: boolean;
  readonly resolved?: string;
}

/** The package of a bare import: `@scope/name/file` is of `@scope/name`. */
export function packageName(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/**
 * Packages reached from imports of project files. Optional dependencies count whether installed or not, so that one
 * lock file gives one answer on every platform. Throws a `ReproError` `unknown-package` for an import that is neither
 * in the lock file nor installed.
 */
export function reachedPackages(reader: Packages, imports: readonly PackageImport[]): PackagesReached {
  for (const { name, importer, isDynamic } of imports) {
    const found = reader.find(name, dirname(join(reader.root, importer)), 'noted');
    if (found !== null) reader.add(name, found, `imported by "${importer}"`);
    else if (!isDynamic) {
      throw new ReproError('unknown-package', `Cannot find package "${name}", imported by "${importer}"`, {
        hint: 'Install it, or write a path that begins with ./ when it is a file of the project',
      });
    }
  }
  return { packages: reader.packages, warnings: reader.warnings, read: [...reader.read] };
}

/** The packages of a project, as the lock file and `node_modules` have them. */
export class Packages {
  readonly root: string;
  readonly packages = Object.create(null) as Record<string, string>;
  readonly warnings: string[] = [];
  readonly read = new Set<string>();
  readonly #fs: FileSystem;
  readonly #realRoot: string;
  readonly #lock: Readonly<Record<string, LockEntry>> | null;
  readonly #seen = new Set<string>();

  constructor(fs: FileSystem, root: string) {
    this.#fs = fs;
    this.root = root;
    this.#realRoot = fs.realpathSync(root);
    const lock = this.#readJson(join(root, 'package-lock.json')) as { packages?: Record<string, LockEntry> } | null;
    this.#lock = lock?.packages ?? null;
  }

  /**
   * The directory of a package as Node would find it from another directory: installed, or said to be by the lock.
   * `noted`, every place that is looked at counts as read.
   */
  find(name: string, from: string, how?: 'noted'): string | null {
    for (let directory = from; ; directory = dirname(directory)) {
      const candidate = join(directory, 'node_modules', name);
      const file = join(candidate, 'package.json');
      if (how === 'noted') this.read.add(file);
      if (this.#lock?.[this.#key(candidate)] || this.#fs.existsSync(file)) return candidate;
      if (directory === dirname(directory)) return null;
    }
  }

  /** The project path of the directory that a package is a link to; null unless it is a part of the project. */
  workspaceOf(directory: string, name: string): string | null {
    const target = this.#linkTarget(directory, name);
    if (target === null || !isBelow(this.#realRoot, target)) return null;
    return relative(this.#realRoot, target).split(sep).join('/');
  }

  /** Where a package leads that is a link, and not into a store of packages such as pnpm's; null for any other. */
  #linkTarget(directory: string, name: string): string | null {
    if (!this.#fs.existsSync(directory)) return null;
    const target = this.#fs.realpathSync(directory);
    const folder = directory.slice(0, -name.length - 1);
    if (target === join(this.#fs.realpathSync(folder), name)) return null;
    if (!target.includes(`${sep}node_modules${sep}`)) return target;
    // A store lies in a directory of packages that the project's own are found in.
    for (let each = dirname(folder); ; each = dirname(each)) {
      const installed = join(each, 'node_modules');
      if (this.#fs.existsSync(installed) && isBelow(this.#fs.realpathSync(installed), target)) return null;
      if (each === dirname(each)) return target;
    }
  }

  /** Adds a package and what it depends on; `why` says who needs it. */
  add(name: string, directory: string, why: string): void {
    const waiting = [{ name, directory, why }];
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      if (this.#seen.has(next.directory)) continue;
      this.#seen.add(next.directory);
      this.#warnOfLink(next);
      const entry = this.#describe(next.name, next.directory);
      for (const [names, isRequired] of [
        [entry.dependencies, true],
        [entry.optionalDependencies, false],
        [entry.peerDependencies, false],
      ] as const) {
        for (const dependency of Object.keys(names ?? {})) {
          const found = this.find(dependency, entry.directory);
          if (found !== null) waiting.push({ name: dependency, directory: found, why: `needed by "${next.name}"` });
          else if (isRequired && !(entry.optionalDependencies && dependency in entry.optionalDependencies)) {
            this.warnings.push(`Package "${dependency}", needed by "${next.name}", is not installed`);
          }
        }
      }
    }
  }

  /** Only its package.json is known of a package whose files lie elsewhere and may be edited there. */
  #warnOfLink({ name, directory, why }: { readonly name: string; readonly directory: string; readonly why: string }) {
    const target = this.#linkTarget(directory, name);
    if (target === null) return;
    const where = isBelow(this.#realRoot, target) ? relative(this.#realRoot, target) : target;
    this.warnings.push(`Package "${name}", ${why}, is a link to "${where}": a change of its files goes unnoticed`);
  }

  /** Records what pins a package: the lock file where it tells the truth about what is installed. */
  #describe(name: string, directory: string): PackageJson & { readonly directory: string } {
    const locked = this.#lock?.[this.#key(directory)];
    const file = join(directory, 'package.json');
    // A workspace, or a store of packages such as pnpm's: dependencies are looked for from where the package really is.
    const home = this.#fs.existsSync(directory) ? this.#fs.realpathSync(directory) : directory;
    const installed = this.#readJson(file) as PackageJson | null;
    const agrees = installed === null || installed.version === locked?.version;
    // A package from git has no integrity; `resolved` names its commit.
    const pin = locked?.link ? undefined : (locked?.integrity ?? locked?.resolved);
    if (locked && pin !== undefined && agrees) {
      this.packages[`${name}@${locked.version ?? ''}`] = pin;
      return { ...locked, directory };
    }
    if (locked && pin !== undefined) {
      this.warnings.push(
        `Package "${name}" is installed in version ${installed?.version ?? 'unknown'}, ` +
          `package-lock.json says ${locked.version ?? 'unknown'}: run npm ci`,
      );
    }
    const text = installed === null ? '' : this.#fs.readFileSync(file);
    this.packages[`${name}@${installed?.version ?? locked?.version ?? ''}`] = digestBytes(text);
    return { ...(installed ?? locked), directory: home };
  }

  #readJson(path: string): unknown {
    this.read.add(path);
    if (!this.#fs.existsSync(path)) return null;
    return JSON.parse(this.#fs.readFileSync(path, 'utf8'));
  }

  /** A directory as lock files write it. */
  #key(directory: string): string {
    return relative(this.root, directory).split(sep).join('/');
  }
}

function isBelow(directory: string, path: string): boolean {
  return path === directory || path.startsWith(directory.endsWith(sep) ? directory : directory + sep);
}
