// The tool's package as it lies in the node_modules of a project of somebody else: the kit as built from this repository,
// and packages that the tool depends on, in the layout of npm or of pnpm.
import { readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Rig } from './rig.ts';

const repository = join(dirname(fileURLToPath(import.meta.url)), '../..');

const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

const { exports } = JSON.parse(read('package.json')) as {
  readonly exports: { readonly './stage': { readonly default: string } };
};

/** Where the kit lies in the tool's package. */
export const kitFolder = dirname(exports['./stage'].default);

/** The kit's modules as `npm run build` writes them, by name. */
export function builtKit(): Record<string, string> {
  const { compilerOptions } = JSON.parse(read('tsconfig.json')) as { compilerOptions: object };
  // The package is of modules; a single file does not tell that.
  const own = { ...compilerOptions, noEmit: false, module: 'ESNext', moduleResolution: 'Bundler' };
  const { options } = ts.convertCompilerOptionsFromJson(own, repository);
  const modules = readdirSync(join(repository, 'src/stage')).map((name) => [
    name.replace(/\.ts$/, '.js'),
    ts.transpileModule(read(`src/stage/${name}`), { compilerOptions: options, fileName: name }).outputText,
  ]);
  return Object.fromEntries(modules) as Record<string, string>;
}

export interface InstalledTool {
  readonly version: string;
  /** Modules of the kit by name. */
  readonly kit: Readonly<Record<string, string>>;
  /** Of packages that the tool depends on; `yaml` stands for those that it declares. */
  readonly versions?: Readonly<Record<string, string>>;
}

export type Layout = 'npm' | 'pnpm';

/** Installs it in the place of what is installed. */
export function installTool(
  rig: Rig,
  layout: Layout,
  { version, kit, versions = { yaml: '2.0.0' } }: InstalledTool,
): void {
  rmSync(join(rig.root, 'node_modules'), { recursive: true });
  const home = layout === 'npm' ? 'node_modules' : `node_modules/.pnpm/repro@${version}/node_modules`;
  for (const [name, text] of Object.entries(kit)) rig.write(join(home, 'repro', kitFolder, name), text);
  const tool = { version, dependencies: Object.fromEntries(Object.keys(versions).map((name) => [name, '*'])) };
  const installed = { name: 'repro', type: 'module', exports, ...tool };
  rig.write(`${home}/repro/package.json`, JSON.stringify(installed));
  const locked: Record<string, unknown> = { 'node_modules/repro': { ...tool, integrity: `sha512-repro-${version}` } };
  for (const [name, own] of Object.entries(versions)) {
    rig.write(`${home}/${name}/package.json`, JSON.stringify({ name, version: own }));
    locked[`node_modules/${name}`] = { version: own, integrity: `sha512-${name}-${own}` };
  }
  if (layout === 'npm') rig.write('package-lock.json', JSON.stringify({ lockfileVersion: 3, packages: locked }));
  else symlinkSync(`.pnpm/repro@${version}/node_modules/repro`, join(rig.root, 'node_modules/repro'));
}
