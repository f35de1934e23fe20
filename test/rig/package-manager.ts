// Package managers, as a user has them: from the registry, with install scripts allowed, with nothing kept from before.
import { execFile } from 'node:child_process';
import { lstatSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export interface PackageManager {
  readonly name: 'npm' | 'pnpm' | 'yarn';
  /** What npm brings; null for npm itself. */
  readonly version: string | null;
  /** Words that add a package, given as a path, with caches below a folder. */
  add(tarball: string, cache: string): readonly string[];
  /** Words before those of an installed command. */
  readonly exec: readonly string[];
}

export const packageManagers: readonly PackageManager[] = [
  {
    name: 'npm',
    version: null,
    add: (tarball, cache) => ['install', tarball, '--ignore-scripts=false', '--cache', cache],
    exec: ['exec', '--'],
  },
  {
    name: 'pnpm',
    version: '10',
    add: (tarball, cache) => ['add', tarball, '--config.dangerouslyAllowAllBuilds=true', '--store-dir', cache],
    exec: ['exec'],
  },
  {
    name: 'yarn',
    version: '1',
    add: (tarball, cache) => ['add', `file:${tarball}`, '--cache-folder', cache],
    exec: ['--silent', 'run'],
  },
];

/** Starts a program; what it printed on standard output. Throws with both outputs where it fails. */
export async function command(directory: string, program: string, ...words: readonly string[]): Promise<string> {
  const options = { cwd: directory, env: ownEnvironment(), maxBuffer: 2 ** 26 };
  try {
    return (await promisify(execFile)(program, words, options)).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`${program} ${words.join(' ')}\n${stdout}\n${stderr}`, { cause: error });
  }
}

/** Installs a manager into a folder, for `command`: the path of its program. */
export async function programOf({ name, version }: PackageManager, folder: string): Promise<string> {
  if (version === null) return name;
  await command(folder, 'npm', 'install', '--prefix', folder, '--ignore-scripts', `${name}@${version}`);
  return join(folder, 'node_modules/.bin', name);
}

/** `npm test` hands on the settings of this repository, which are not those of a user; where the registry is stays. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const isNetwork = (name: string): boolean =>
    /registry|proxy|cafile|extra_ca_certs|^npm_config_userconfig$/i.test(name);
  const kept = Object.entries(process.env).filter(
    ([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name) || isNetwork(name),
  );
  // The Node that runs the test is the one that is tested.
  const path = [dirname(process.execPath), process.env['PATH'] ?? ''].join(':');
  return { ...Object.fromEntries(kept), PATH: path, CI: '1', NO_COLOR: '1' };
}

/** How many packages are below a folder, and how many bytes their files take, those of hard links once. */
export function weigh(folder: string): { readonly packages: number; readonly bytes: number } {
  const files = new Map<string, number>();
  let packages = 0;
  const walk = (directory: string, isOfPackages: boolean): void => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (isOfPackages && !/^[.@]/.test(entry.name)) packages++;
        walk(path, entry.name === 'node_modules' || (isOfPackages && entry.name.startsWith('@')));
      } else {
        const { ino, size } = lstatSync(path);
        files.set(String(ino), size);
      }
    }
  };
  walk(folder, true);
  return { packages, bytes: [...files.values()].reduce((sum, size) => sum + size, 0) };
}
