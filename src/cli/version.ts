// The version of this program, as its package.json says it.
import { existsSync, readFileSync } from 'node:fs';

/** The folder of this package: that of the nearest package.json above this module, in a package or in a checkout's cache of bundles. */
export function packageFolder(): URL {
  for (let folder = new URL('./', import.meta.url); folder.pathname !== '/'; folder = new URL('../', folder)) {
    if (existsSync(new URL('package.json', folder))) return folder;
  }
  throw new Error('Internal error: this program lies in no package');
}

export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('package.json', packageFolder()), 'utf8')) as { version: string };
  return version;
}
