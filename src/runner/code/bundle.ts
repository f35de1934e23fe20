// A module and every project file that it imports as one module, made by esbuild. Packages are left outside; those that are
// links to directories of the project, workspaces, are files of the project.
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, BuildResult, Message, Metafile, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { ReproError } from '../../error.ts';
import type { FileSystem } from '../../store/file-system.ts';
import { isKitFile, kitEntry, kitFault, kitHome, kitName, kitPlugin } from './kit.ts';
import type { Kit } from './kit.ts';
import { packageName } from './packages.ts';
import type { PackageImport, Packages } from './packages.ts';

export interface BundleOptions {
  readonly fileSystem: FileSystem;
  /** Where the sources lie: the project, or copies laid out as in it. */
  readonly directory: string;
  /** The project, whose packages are imported. */
  readonly root: string;
  readonly packages: Packages;
  /** The kit that the stage has, asked for when it is imported; an import of another one is that of a package. */
  readonly kit: () => Kit | null;
  /** Reads a source; `name` is its own in the closure, `path` where it lies. */
  readonly read: (name: string, path: string) => Uint8Array | Promise<Uint8Array>;
}

export interface Bundled {
  readonly contents: Uint8Array;
  readonly imports: readonly PackageImport[];
  /** Who imports each file, by project path, and each package, as `npm:name`. */
  readonly importers: Readonly<Record<string, string>>;
  /** The `package.json` of each workspace that is followed, by project path, with the file that imports it. */
  readonly workspaces: ReadonlyMap<string, string>;
  /** Imports whose target is not written there, with places. */
  readonly unfollowed: readonly string[];
}

/** esbuild's names for imports whose target is not written there. */
const unfollowedImports = ['unsupported-dynamic-import', 'unsupported-require-call', 'indirect-require'];
const unfollowed = 'the name of what is imported is computed: its code is not followed';

/** Modules of the older kind look for packages by `require`, which a bundle has not. */
const requireText = `import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url); `;

/** Bundles a module, by its project path. Throws `ReproError` `bad-code` with esbuild's first error and its place. */
export async function bundle(entry: string, options: BundleOptions): Promise<Bundled> {
  const { fileSystem: fs } = options;
  // esbuild names files by their real paths.
  const directory = fs.realpathSync(options.directory);
  if (!fs.existsSync(join(directory, entry))) {
    throw new ReproError('bad-code', `The module "${entry}" does not exist, declared as run`, {
      hint: 'correct "run" of the stage in the pipeline file, or write the module',
    });
  }
  const imports = new PackageResolution(directory, options);
  const kit = kitPlugin(async (name) => options.read(name, imports.kit!.file(name)));
  const result = await build(directory, entry, [imports.plugin, kit, sourcesIn(directory, options)]);
  const needsRequire = Object.values(result.metafile.inputs).some((input) =>
    input.imports.some(({ external, kind }) => external && kind === 'require-call'),
  );
  const contents = result.outputFiles[0]!.contents;
  return {
    // In the first line, so that the source map goes on being right.
    contents: needsRequire ? Buffer.concat([Buffer.from(requireText), contents]) : contents,
    imports: imports.packages,
    importers: importersFrom(entry, result.metafile, imports),
    workspaces: imports.workspaces,
    unfollowed: result.warnings
      .filter(({ id }) => unfollowedImports.includes(id))
      .map((warning) => `${placeText(warning)}${unfollowed}`),
  };
}

async function build(
  directory: string,
  entry: string,
  plugins: Plugin[],
): Promise<BuildResult<{ metafile: true; write: false }>> {
  const esbuild = await import('esbuild');
  try {
    return await esbuild.build({
      absWorkingDir: directory,
      entryPoints: [join(directory, entry)],
      // As deep as the place it is run from, so that the source map leads to the user's files.
      outfile: join(directory, '.repro', 'work', 'bundle', 'stage.mjs'),
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20',
      // As Node resolves: no condition "module", no field "module".
      conditions: [],
      mainFields: ['main'],
      sourcemap: 'inline',
      metafile: true,
      // Neither tsconfig.json nor side-effect annotations may change what runs: they are not part of the closure.
      tsconfigRaw: '{}',
      ignoreAnnotations: true,
      treeShaking: false,
      logLevel: 'silent',
      logOverride: Object.fromEntries(unfollowedImports.map((id) => [id, 'warning' as const])),
      plugins,
    });
  } catch (error) {
    const first = (error as Partial<BuildFailure>).errors?.[0];
    if (first === undefined) throw error;
    throw new ReproError('bad-code', `${placeText(first)}${first.text}`, { cause: error });
  }
}

/** Reading the sources here makes the bytes that are hashed the bytes that are bundled. */
function sourcesIn(directory: string, { read }: BundleOptions): Plugin {
  return {
    name: 'sources',
    setup(build) {
      build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
        const name = relative(directory, path).split(sep).join('/');
        if (isKitFile(name)) throw new Error(`"${name}" is the name of a file of the kit: call it otherwise`);
        return { contents: await read(name, path), loader: 'default' };
      });
    },
  };
}

/** Marks what esbuild is to resolve by itself. */
const byItself = Symbol('by itself');

/** Decides of every import by a bare name whether it is a file of the project, and remembers what is not. */
class PackageResolution {
  readonly packages: PackageImport[] = [];
  readonly workspaces = new Map<string, string>();
  readonly #names = new Map<string, string>();
  readonly #directory: string;
  readonly #options: BundleOptions;
  #kit: Kit | null | undefined;

  constructor(directory: string, options: BundleOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** The stage's, from when it is imported first. */
  get kit(): Kit | null {
    if (this.#kit === undefined) this.#kit = this.#options.kit();
    return this.#kit;
  }

  /** The package of an import as the bundle writes it. */
  nameOf(path: string): string {
    return this.#names.get(path) ?? packageName(path);
  }

  get plugin(): Plugin {
    return {
      name: 'packages',
      setup: (build) => {
        build.onResolve({ filter: /^[^./]/ }, async (args) => {
          // `#name` is looked up in the project's package.json; `data:` and addresses are no packages.
          if (args.pluginData === byItself || args.kind === 'entry-point' || /^#|^[a-z]+:/.test(args.path)) {
            return isBuiltin(args.path) ? { path: args.path, external: true } : undefined;
          }
          if (isBuiltin(args.path)) return { path: args.path, external: true };
          const fault = kitFault(args.path, args.namespace);
          if (fault !== null) return fault;
          if (args.path === kitName && this.#isKitFrom(args.resolveDir)) return kitEntry;
          return this.#resolve(args, async (resolveDir) => {
            const { kind, importer } = args;
            const { path, errors } = await build.resolve(args.path, {
              kind,
              importer,
              resolveDir,
              pluginData: byItself,
            });
            return errors.length > 0 ? null : path;
          });
        });
      },
    };
  }

  /** A directory of the project by that of the sources. */
  #inProject(directory: string): string {
    return join(this.#options.root, relative(this.#directory, directory));
  }

  #isKitFrom(directory: string): boolean {
    const { fileSystem, packages } = this.#options;
    return this.kit !== null && kitHome(fileSystem, packages, this.#inProject(directory)) === this.kit.home;
  }

  async #resolve(
    { path, kind, importer, resolveDir }: OnResolveArgs,
    locate: (directory: string) => Promise<string | null>,
  ): Promise<OnResolveResult | undefined> {
    const { root, packages } = this.#options;
    const name = packageName(path);
    const from = this.#inProject(resolveDir);
    const importedBy = relative(this.#directory, importer).split(sep).join('/');
    const found = packages.find(name, from, 'noted');
    const workspace = found && packages.workspaceOf(found, name);
    if (workspace !== null) {
      const file = `${workspace === '' ? '' : `${workspace}/`}package.json`;
      if (!this.workspaces.has(file)) this.workspaces.set(file, importedBy);
      return undefined;
    }
    this.packages.push({ name, importer: importedBy, isDynamic: kind === 'dynamic-import' });
    if (found === null || packages.find(name, root) === found) return { path, external: true };
    // The bundle runs from a directory below the root, and Node would look for the package from there.
    const file = await locate(from);
    if (file === null) return { path, external: true };
    const place = kind === 'require-call' || kind === 'require-resolve' ? file : pathToFileURL(file).href;
    this.#names.set(place, name);
    return { path: place, external: true };
  }
}

function placeText({ location }: Message): string {
  return location === null ? '' : `${location.file}:${location.line}:${location.column + 1}: `;
}

/** Breadth first, so that following importers from any file leads to the entry on a shortest way. */
function importersFrom(entry: string, { inputs }: Metafile, packages: PackageResolution): Record<string, string> {
  const importers = Object.create(null) as Record<string, string>;
  const reached = new Set([entry]);
  for (const importer of reached) {
    for (const { path, external } of inputs[importer]?.imports ?? []) {
      const name = external ? `npm:${packages.nameOf(path)}` : path;
      if (reached.has(name)) continue;
      reached.add(name);
      importers[name] = importer;
    }
  }
  for (const [file, importer] of packages.workspaces) importers[file] ??= importer;
  return importers;
}

/** Lays out links to workspaces beside copies of sources as they are in the project, so that they are found from there. */
export function linkWorkspaces(fs: FileSystem, root: string, directory: string, files: readonly string[]): void {
  const realRoot = fs.realpathSync(root);
  const workspaces = new Set(files.filter((file) => /(^|\/)package\.json$/.test(file)).map((file) => dirname(file)));
  const around = new Set(files.flatMap((file) => [...directoriesAbove(file)]));
  for (const each of workspaces.size === 0 ? [] : around) {
    for (const name of installedNames(fs, join(root, each, 'node_modules'))) {
      const link = join(each, 'node_modules', name);
      const real = fs.existsSync(join(root, link)) ? relative(realRoot, fs.realpathSync(join(root, link))) : null;
      if (real === null || !workspaces.has(real.split(sep).join('/') || '.')) continue;
      fs.mkdirSync(dirname(join(directory, link)), { recursive: true });
      fs.symlinkSync(join(directory, real), join(directory, link));
    }
  }
}

function* directoriesAbove(file: string): Generator<string> {
  for (let each = dirname(file); ; each = dirname(each)) {
    yield each;
    if (each === '.' || each === dirname(each)) return;
  }
}

function installedNames(fs: FileSystem, directory: string): string[] {
  if (!fs.existsSync(directory)) return [];
  return fs
    .readdirSync(directory)
    .flatMap((name) =>
      name.startsWith('@') ? fs.readdirSync(join(directory, name)).map((inner) => `${name}/${inner}`) : [name],
    );
}
