// Interpreters of other versions, as packages of npm: nothing but the registry is needed, and no install script runs.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const cache = join(dirname(fileURLToPath(import.meta.url)), '../../node_modules/.cache/node');

export interface Interpreter {
  /** The folder of its program, for PATH. */
  readonly folder: string;
  readonly program: string;
  /** Such as `v24.11.0`. */
  readonly version: string;
}

/** The newest interpreter of a version, such as `24` or `20.20`; had from the registry once, and kept. Throws where it cannot be had. */
export function interpreter(version: string): Interpreter {
  const prefix = join(cache, version);
  const name = packageName();
  const folder = join(prefix, 'node_modules', name, 'bin');
  const program = join(folder, 'node');
  const kept = versionOf(program);
  if (kept !== null) return { folder, program, version: kept };
  // What an interrupted installation left would count as installed.
  rmSync(prefix, { recursive: true, force: true });
  const words = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', prefix];
  execFileSync('npm', [...words, `${name}@${version}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const fetched = versionOf(program);
  if (fetched === null) throw new Error(`${name}@${version} has no program that runs at ${program}`);
  return { folder, program, version: fetched };
}

/** The package with the program for this platform, which the package `node` would install by a script. */
function packageName(): string {
  const { platform, arch } = process;
  return `${platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'}-${platform}-${arch}`;
}

/** What a program says of its version; null where there is none that runs. */
function versionOf(program: string): string | null {
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8' }).trim();
  } catch {
    return null;
  }
}
