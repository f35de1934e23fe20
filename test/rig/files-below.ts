// What lies below a directory. Node's own recursion follows links to directories, or not, as its version likes.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Relative paths, sorted, of all but directories. Links are named and never followed. */
export function filesBelow(directory: string): string[] {
  const below = (prefix: string): string[] =>
    readdirSync(join(directory, prefix), { withFileTypes: true }).flatMap((entry) => {
      const path = join(prefix, entry.name);
      return entry.isDirectory() ? below(path) : [path];
    });
  return below('').sort();
}
