// A directory as content: the sorted list of its files. Empty directories are not content, as in git.
import { ReproError } from '../error.ts';
import { canonicalJson } from './canonical-json.ts';
import { isDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import type { FileSystem } from './file-system.ts';
import { pathFault } from './path-below.ts';

export interface TreeEntry {
  /** Relative, with forward slashes. */
  readonly path: string;
  readonly digest: Digest;
  readonly executable: boolean;
  readonly sizeBytes: number;
}

/** The bytes whose digest names a directory; they begin with their format, so that no ordinary file has them. */
export function treeText(entries: readonly TreeEntry[]): string {
  const sorted = [...entries].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return canonicalJson({ a: 'repro.tree/1', entries: sorted });
}

/** Reads `treeText` back, or null when the bytes are something else or a path would leave the directory. */
export function parseTree(text: string): TreeEntry[] | null {
  try {
    const tree = JSON.parse(text) as { a?: unknown; entries?: TreeEntry[] } | null;
    if (tree?.a !== 'repro.tree/1' || !Array.isArray(tree.entries)) return null;
    const sound = tree.entries.every(({ path, digest }) => {
      return pathFault(path) === null && !path.endsWith('/') && isDigest(digest);
    });
    return sound ? tree.entries : null;
  } catch {
    return null;
  }
}

export interface TreeFile {
  /** Relative to the directory, with forward slashes. */
  readonly path: string;
  readonly executable: boolean;
  readonly sizeBytes: number;
}

/**
 * Every file below a directory, in code-unit order. Links are followed (`follow`: data from outside may be a farm of
 * links) or refused with a `ReproError` `bad-file`, as are sockets, devices and links that lead in circles.
 * @param onDirectory Is told of the directory itself, as an empty path, and of every one below it, with a slash at the end.
 */
export function listTree(
  fs: FileSystem,
  directory: string,
  links: 'follow' | 'refuse',
  onDirectory: (path: string) => void = () => {},
): TreeFile[] {
  const files: TreeFile[] = [];
  const visit = (prefix: string, above: ReadonlySet<string>): void => {
    const status = fs.statSync(`${directory}/${prefix}`);
    const identity = `${status.dev}.${status.ino}`;
    if (above.has(identity)) throw badFile(directory, prefix, 'is a link that leads in a circle');
    const inside = new Set(above).add(identity);
    onDirectory(prefix);
    for (const entry of fs.readdirSync(`${directory}/${prefix}`, { withFileTypes: true })) {
      const path = `${prefix}${entry.name}`;
      if (entry.isSymbolicLink() && links === 'refuse') throw badFile(directory, path, 'is a symbolic link');
      const stat = fs.statSync(`${directory}/${path}`, { throwIfNoEntry: false });
      if (stat?.isDirectory()) visit(`${path}/`, inside);
      else if (stat?.isFile()) {
        files.push({ path, executable: (stat.mode & 0o111) !== 0, sizeBytes: stat.size });
      } else throw badFile(directory, path, stat ? 'is neither a file nor a directory' : 'is a broken link');
    }
  };
  visit('', new Set());
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function badFile(directory: string, path: string, what: string): ReproError {
  return new ReproError('bad-file', `"${directory}/${path}" ${what}`);
}
