// What a stage may read and write: what it declares, its code and packages, and the installation of its program. Used by
// both ways of watching: Node's permission model (permissions.ts) and strace (strace.ts).
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { CellId, CellPlan } from '../../pipeline/plan.ts';
import type { StageRecord } from '../../schema/types.ts';
import { parseDigest } from '../../store/digest.ts';
import { isDirectory, type FileSystem } from '../../store/file-system.ts';
import type { Store } from '../../store/store.ts';
import { findProgram } from '../code/program.ts';
import type { WorkDirectory } from '../process/work-directory.ts';

/** How executions are watched. Detection, not a sandbox: nothing of it enters a fingerprint. */
export interface Watch {
  /** Node stages run under Node's permission model. */
  readonly strict: boolean;
  /** Every stage runs under strace. */
  readonly trace: boolean;
  /** Absolute paths of installations beside the usual ones, whose files are nobody's data. */
  readonly system: readonly string[];
}

/** The execution that is watched. */
export interface WatchedStage {
  readonly store: Store;
  readonly cell: CellPlan;
  readonly work: WorkDirectory;
  /** The records of the cells that it reads from. */
  readonly recordOf: (cell: CellId) => StageRecord | undefined;
  readonly report: (message: string) => void;
}

export const unwatched: Watch = { strict: false, trace: false, system: [] };

/** Installed programs and libraries, settings of the machine. What lies in the project is never of these. */
const installedPrefixes = [
  ...['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/nix/store', '/gnu/store'],
  ...['/etc', '/sys', '/var/cache'],
];
/** What a trace sees opened in these is the system's: links that lead out of them have been followed. */
const followedPrefixes = ['/proc', '/dev', '/run'];
/** What of them Node's permissions allow, which follow no links: `/proc/self/root` is every file that there is. */
const unfollowedPaths = [
  ...['cpuinfo', 'meminfo', 'stat', 'loadavg', 'uptime', 'version', 'filesystems', 'sys'].map(
    (name) => `/proc/${name}`,
  ),
  ...['stat', 'statm', 'status', 'maps', 'limits', 'cgroup', 'mountinfo'].map((name) => `/proc/self/${name}`),
  ...['null', 'zero', 'full', 'random', 'urandom', 'tty', 'stdin', 'stdout', 'stderr'].map((name) => `/dev/${name}`),
];
/** What belongs to the installation of a program `P/bin/name`. */
const installationFolders = ['bin', 'sbin', 'lib', 'lib64', 'libexec', 'share', 'include'];

export interface Readable {
  /** Inputs, code, the stage's directory: absolute paths, each with all below it. */
  readonly declared: readonly string[];
  /** Directories of packages that Node finds from the project; which packages in them is `packages`. */
  readonly packageDirectories: readonly string[];
  readonly packages: ReadonlySet<string>;
  /** The system and installations, links followed: paths, each with all below it. */
  readonly system: readonly string[];
  /** The same as paths that no link leads out of. */
  readonly installed: readonly string[];
}

export function readableBy(
  context: WatchedStage & {
    readonly packages: readonly string[];
    /** Project paths. */
    readonly code: readonly string[];
  },
  watch: Watch,
): Readable {
  const { store, cell, work, recordOf } = context;
  const fs = store.fileSystem;
  const declared = [work.path];
  for (const input of Object.values(cell.inputs)) {
    if (input.kind === 'file' || input.kind === 'directory') declared.push(resolve(store.root, input.path));
    // Files made by stages or downloaded come as links into the store.
    if (input.kind === 'url') declared.push(store.objects.path(parseDigest(`sha256:${input.sha256}`)));
    for (const { cell, output } of input.kind === 'output' ? [input] : input.kind === 'gathered' ? input.from : []) {
      const artifact = recordOf(cell)?.outputs[output];
      if (artifact?.kind === 'file') declared.push(store.objects.path(parseDigest(artifact.digest)));
    }
  }
  const packageDirectories: string[] = [];
  const system = [...installedPrefixes, ...watch.system];
  if (cell.run.kind === 'module') {
    for (let directory = store.root; ; directory = dirname(directory)) {
      // Node itself looks there for the name and the kind of the package that the project is.
      declared.push(join(directory, 'package.json'));
      packageDirectories.push(join(directory, 'node_modules'));
      if (directory === dirname(directory)) break;
    }
    // Beside the code, above all that of a workspace, others may be installed.
    for (const path of context.code) packageDirectories.push(...packageDirectoriesOf(fs, store.root, path));
    system.push(...installationOf(process.execPath, store.root));
  } else {
    const program = findProgram(cell.run.words[0] ?? '', store);
    if (program !== null) system.push(program, ...installationOf(program, store.root));
  }
  return {
    declared: withRealPaths(fs, declared),
    packageDirectories: withRealPaths(fs, packageDirectories),
    packages: new Set(context.packages.map((key) => key.slice(0, key.lastIndexOf('@')))),
    system: withRealPaths(fs, [...system, ...followedPrefixes]),
    installed: [...withRealPaths(fs, system), ...unfollowedPaths],
  };
}

function packageDirectoriesOf(fs: FileSystem, root: string, path: string): string[] {
  const found: string[] = [];
  for (let each = dirname(join(root, path)); each.startsWith(root + sep); each = dirname(each)) {
    const directory = join(each, 'node_modules');
    if (fs.existsSync(directory)) found.push(directory);
  }
  return found;
}

/**
 * The directories of the packages that a stage reaches, as they are found and as they are. A `node_modules` that is a link is
 * whole: Node follows it by reading it.
 */
export function packagesIn(fs: FileSystem, { packageDirectories, packages }: Readable): string[] {
  const links = packageDirectories.filter((path) => fs.lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink());
  // Stores of packages such as pnpm's have `.pnpm/name@1.0.0/node_modules/name`.
  const stores = packageDirectories.flatMap((directory) => {
    const store = join(directory, '.pnpm');
    return fs.existsSync(store) ? fs.readdirSync(store).map((name) => join(store, name, 'node_modules')) : [];
  });
  const found = [...packageDirectories, ...stores].flatMap((directory) =>
    [...packages].map((name) => join(directory, name)).filter((path) => fs.existsSync(path)),
  );
  return withRealPaths(fs, [...links, ...found]);
}

/**
 * The same places without the project, where it lies within one of them: for a project `/usr/src/app`, all beside `src` in
 * `/usr`, and all beside `app` in `/usr/src`.
 */
export function withoutProject(fs: FileSystem, places: readonly string[], root: string): string[] {
  const roots = withRealPaths(fs, [root]);
  const without = (place: string): string[] => {
    const within = roots.filter((each) => isWithin(each, [place]));
    if (within.length === 0) return [place];
    if (within.includes(place)) return [];
    return fs.readdirSync(place).flatMap((name) => without(join(place, name)));
  };
  return places.flatMap(without);
}

/** Folders of the installation that a program `P/bin/name` belongs to; none when that would be the project itself. */
export function installationOf(program: string, root: string): string[] {
  const folder = dirname(program);
  const prefix = dirname(folder);
  if (!/[/\\]s?bin$/.test(folder) || prefix === root) return [];
  return installationFolders.map((name) => join(prefix, name));
}

/** Whether a path that the stage opened, links followed, is one it may read. */
export function isReadable(readable: Readable, root: string, path: string): boolean {
  if (isWithin(path, readable.declared)) return true;
  if (isWithin(path, readable.packageDirectories)) {
    // The program may itself be a package: that of the name `node` is one.
    const installed = readable.system.filter((prefix) => isWithin(prefix, readable.packageDirectories));
    return isPackageFile(readable, path) || isWithin(path, installed);
  }
  // A project below /usr is still no part of the system; an environment inside the project, such as .venv, is.
  const system = isWithin(path, [root])
    ? readable.system.filter((prefix) => isWithin(prefix, [root]))
    : readable.system;
  return isWithin(path, system);
}

/** Links in an input directory lead to files that are part of it: their real paths. */
export function linkedFrom(context: WatchedStage): string[] {
  const { store, cell } = context;
  const fs = store.fileSystem;
  return Object.values(cell.inputs).flatMap((input) => {
    if (input.kind !== 'directory') return [];
    return linksBelow(fs, resolve(store.root, input.path)).map((path) => fs.realpathSync(path));
  });
}

/** Also in directories that links lead to. Node's own recursion follows links from version 22 on. */
function linksBelow(fs: FileSystem, directory: string): string[] {
  return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    const isLink = entry.isSymbolicLink();
    const below = entry.isDirectory() || (isLink && isDirectory(fs, path)) ? linksBelow(fs, path) : [];
    return isLink ? [path, ...below] : below;
  });
}

/** A path as the manifest names it: relative to the project when it lies there. */
export function shownPath(root: string, path: string): string {
  return isWithin(path, [root]) && path !== root ? relative(root, path) : path;
}

/** What to write into the pipeline file so that reading this path is declared. */
export function declarationFor(root: string, path: string): string {
  const shown = shownPath(root, path);
  const [top, stage] = shown.split(sep);
  if (top === 'artifacts' && stage !== undefined) {
    return `Declare the output of stage "${stage}" as an input, and read it from the path the stage is given`;
  }
  if (shown.includes(`node_modules${sep}`)) {
    return 'Import the package by its name, written out, so that it is found; or declare the file as an input';
  }
  const place = JSON.stringify(shown);
  const external = isAbsolute(shown) ? ', external: true' : '';
  return `Declare it as an input, { file: ${place}${external} }, and read it from the path the stage is given`;
}

function isPackageFile({ packages, packageDirectories }: Readable, path: string): boolean {
  // The last one: stores of packages such as pnpm's keep `.pnpm/name@1.0.0/node_modules/name`.
  const rest = path.slice(path.lastIndexOf(`${sep}node_modules${sep}`) + `${sep}node_modules${sep}`.length);
  const parts = rest.split(sep);
  const name = rest.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
  return packageDirectories.includes(path) || packages.has(name);
}

function isWithin(path: string, trees: readonly string[]): boolean {
  return trees.some((tree) => path === tree || path.startsWith(tree.endsWith(sep) ? tree : tree + sep));
}

function withRealPaths(fs: FileSystem, paths: readonly string[]): string[] {
  const all = paths.flatMap((path) => (fs.existsSync(path) ? [path, fs.realpathSync(path)] : [path]));
  return [...new Set(all)];
}
