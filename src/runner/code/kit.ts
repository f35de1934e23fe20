// The kit, `repro/stage`, which stages import from the tool's own package. Its files are code of the stage as the project's
// are: followed import by import, bundled, known by their bytes. So neither the version of the tool nor what else the tool
// depends on is a part of a stage (docs/decisions/kit.md).
import { dirname, join, posix } from 'node:path';
import type { OnResolveResult, Plugin } from 'esbuild';
import type { FileSystem } from '../../store/file-system.ts';
import type { Packages } from './packages.ts';

/** What stages import. */
export const kitName = 'repro/stage';
const toolPackage = 'repro';
/** Files of the kit have one name wherever and in whatever folder of its package it is installed: `npm:repro/stage/index.js`. */
const namespace = 'npm';
const entry = 'index.js';

/** The kit that the modules of one stage are bundled with. */
export interface Kit {
  /** The directory of its package, links followed; null where none is installed. */
  readonly home: string | null;
  /** Where a file of it lies, by its name in a closure. */
  file(name: string): string;
}

/** Whether a name in a closure is that of a file of the kit. */
export function isKitFile(name: string): boolean {
  return name.startsWith(`${namespace}:${kitName}/`);
}

/** The directory of the tool's package as Node finds it from another directory, links followed. */
export function kitHome(fs: FileSystem, packages: Packages, from: string): string | null {
  const found = packages.find(toolPackage, from, 'noted');
  return found !== null && fs.existsSync(found) ? fs.realpathSync(found) : null;
}

/** The kit as Node finds it from a directory; null where there is none, or none that is laid out as a kit. */
export function installedKit(fs: FileSystem, packages: Packages, from: string): Kit | null {
  const home = kitHome(fs, packages, from);
  if (home === null || !fs.existsSync(join(home, 'package.json'))) return null;
  const { exports } = JSON.parse(fs.readFileSync(join(home, 'package.json'), 'utf8')) as {
    readonly exports?: Readonly<Record<string, { readonly default?: unknown } | undefined>>;
  };
  const target = exports?.['./stage']?.default;
  if (typeof target !== 'string' || posix.basename(target) !== entry) return null;
  const folder = dirname(join(home, target));
  return {
    home,
    file(name) {
      const path = join(folder, posix.relative(`${namespace}:${kitName}`, name));
      if (fs.existsSync(path)) return path;
      // The text is all that esbuild keeps of an error.
      throw new Error(
        `The kit "${kitName}" has no file "${path}": install its package again, or build it in a checkout`,
      );
    },
  };
}

/** What an import of the kit means to esbuild. */
export const kitEntry: OnResolveResult = { path: `${kitName}/${entry}`, namespace };

/** An import within the kit that leads out of it would be followed by nobody; null for one elsewhere. */
export function kitFault(specifier: string, importerNamespace: string): OnResolveResult | null {
  if (importerNamespace !== namespace) return null;
  return { errors: [{ text: `The kit "${kitName}" imports "${specifier}", which is no file of it` }] };
}

/** Follows the imports within the kit, which are of files beside its first or below. `read` is told names in a closure. */
export function kitPlugin(read: (name: string) => Promise<Uint8Array>): Plugin {
  return {
    name: 'kit',
    setup(build) {
      build.onResolve({ filter: /^\./, namespace }, ({ path, importer }) => {
        const file = posix.join(posix.dirname(importer), path);
        return isKitFile(`${namespace}:${file}`) ? { path: file, namespace } : kitFault(path, namespace);
      });
      build.onLoad({ filter: /.*/, namespace }, async ({ path }) => {
        return { contents: await read(`${namespace}:${path}`), loader: 'js' };
      });
    },
  };
}
