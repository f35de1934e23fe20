// The version of this program, as its package.json says it.
import { readFileSync } from 'node:fs';

/** Read from the nearest package.json above this module, in a package or in a checkout's cache of bundles. */
export function programVersion(): string {
  for (let folder = new URL('./', import.meta.url); ; folder = new URL('../', folder)) {
    try {
      const { version } = JSON.parse(readFileSync(new URL('package.json', folder), 'utf8')) as { version: string };
      return version;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder.pathname === '/') throw error;
    }
  }
}
