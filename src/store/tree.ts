// A directory as content: the sorted lists of its files and of the directories below it that hold nothing.
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

export interface Tree {
  readonly files: readonly TreeEntry[];
  /** Relative, with forward slashes, one at the end. A directory that holds anything follows from that. */
  readonly emptyDirectories: readonly string[];
}

/**
 * The bytes whose digest names a directory; they begin with their format, so that no ordinary file has them. Without
 * empty directories that is format 1, in which they did not count.
 */
export function treeText({ files, emptyDirectories }: Tree): string {
  const entries = [...files].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  if (emptyDirectories.length === 0) return canonicalJson({ a: 'repro.tree/1', entries });
  return canonicalJson({ a: 'repro.tree/2', directories: [...emptyDirectories].sort(), entries });
}

/** Reads `treeText` back, or null when the bytes are something else or a path would leave the directory. */
export function parseTree(text: string): Tree | null {
  try {
    const tree = JSON.parse(text) as { a?: unknown; directories?: string[]; entries?: TreeEntry[] } | null;
    const directories = tree?.a === 'repro.tree/2' ? tree.directories : [];
    if (!['repro.tree/1', 'repro.tree/2'].includes(String(tree?.a))) return null;
    if (!Array.isArray(tree?.entries) || !Array.isArray(directories)) return null;
    const isSound =
      tree.entries.every(isEntry) &&
      directories.every((path) => pathFault(path) === null && path.endsWith('/')) &&
      isOnePlaceEach(tree.entries, directories);
    return isSound ? { files: tree.entries, emptyDirectories: directories } : null;
  } catch {
    return null;
  }
}

function isEntry({ path, digest, executable, sizeBytes }: TreeEntry): boolean {
  const isNamed = pathFault(path) === null && !path.endsWith('/') && isDigest(digest);
  return isNamed && typeof executable === 'boolean' && Number.isSafeInteger(sizeBytes) && sizeBytes >= 0;
}

/** Whether no file is there twice, nor is one a directory as well. */
function isOnePlaceEach(files: readonly TreeEntry[], directories: readonly string[]): boolean {
  const paths = new Set(files.map(({ path }) => path));
  let known = '';
  const isClear = (path: string): boolean => {
    const directory = path.slice(0, path.lastIndexOf('/') + 1);
    // Those of one directory follow each other.
    if (directory === known) return true;
    known = directory;
    for (let end = directory.indexOf('/'); end >= 0; end = directory.indexOf('/', end + 1)) {
      if (paths.has(directory.slice(0, end))) return false;
    }
    return true;
  };
  return paths.size === files.length && files.every(({ path }) => isClear(path)) && directories.every(isClear);
}

export interface TreeFile {
  /** Relative to the directory, with forward slashes. */
  readonly path: string;
  readonly executable: boolean;
  readonly sizeBytes: number;
}

/**
 * Every file below a directory, and every directory below it that holds nothing, in code-unit order.
 * @param links Data from outside may be a farm of links: `follow` them. `refuse` throws.
 * @param onDirectory Is told of the directory itself, as an empty path, and of every one below it, with a slash at the
 * end.
 * @throws {ReproError} `bad-file` for a socket, a device, a link in circles, and a link that is refused
 */
export function listTree(
  fs: FileSystem,
  directory: string,
  links: 'follow' | 'refuse',
  onDirectory: (path: string) => void = () => {},
): { readonly files: TreeFile[]; readonly emptyDirectories: string[] } {
  const files: TreeFile[] = [];
  const emptyDirectories: string[] = [];
  const visit = (prefix: string, above: ReadonlySet<string>): void => {
    const status = fs.statSync(`${directory}/${prefix}`);
    const identity = `${status.dev}.${status.ino}`;
    if (above.has(identity)) throw badFile(directory, prefix, 'is a link that leads in a circle');
    const inside = new Set(above).add(identity);
    onDirectory(prefix);
    const names = fs.readdirSync(`${directory}/${prefix}`, { withFileTypes: true });
    if (names.length === 0 && prefix !== '') emptyDirectories.push(prefix);
    for (const entry of names) {
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
  return { files: files.sort((a, b) => (a.path < b.path ? -1 : 1)), emptyDirectories: emptyDirectories.sort() };
}

function badFile(directory: string, path: string, what: string): ReproError {
  return new ReproError('bad-file', `"${directory}/${path}" ${what}`);
}
