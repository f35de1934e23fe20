// The files that a command's `code` names, and everything that was looked at to find them: while none of that changes, the
// next look would find the same.
import { join, posix } from 'node:path';
import { ReproError } from '../../error.ts';
import { isDirectory, isFile } from '../../store/file-system.ts';
import type { Store } from '../../store/store.ts';

export interface CodeFiles {
  /** Project paths, sorted. */
  readonly files: readonly string[];
  /** Absolute paths whose status decided what is found: directories that were listed, links, and names of nothing. */
  readonly looked: readonly string[];
}

const neverCode = ['**/node_modules/**', '**/.git/**', '.repro/**', 'artifacts/**'];
// What desktops, editors and Python's environments leave in a directory is no reason to run.
const neverCodeHidden = ['**/.DS_Store', '**/.*.sw?', '**/.venv/**'];

/**
 * Files that patterns name. A pattern is a file's path, a directory or a glob. A directory is everything below it,
 * hidden files included. Wildcards match no hidden names, as in a shell. Throws a `ReproError`
 * `missing-code` for a pattern of nothing.
 */
export async function findCode({ root, fileSystem: fs }: Store, patterns: readonly string[]): Promise<CodeFiles> {
  const files = new Set<string>();
  const looked = new Set<string>();
  for (const pattern of patterns) {
    looked.add(join(root, pattern));
    if (isFile(fs, join(root, pattern))) {
      files.add(pattern);
      continue;
    }
    const { globSync } = await import('tinyglobby');
    // The glob's own view of the disk, noted: it lists exactly the directories in which something could match.
    const noting = <Call>(call: Call): Call =>
      ((path: string, ...rest: unknown[]) => {
        looked.add(path.replace(/(?<=.)\/$/, ''));
        return (call as (...words: unknown[]) => unknown)(path, ...rest);
      }) as Call;
    const view = {
      readdirSync: noting(fs.readdirSync),
      realpathSync: noting(fs.realpathSync),
      statSync: noting(fs.statSync),
    };
    const directory = isDirectory(fs, join(root, pattern));
    const ignore = directory ? [...neverCode, ...neverCodeHidden] : neverCode;
    const found = globSync(pattern, { cwd: root, ignore, dot: directory, fs: view });
    // A link may lead to a pipe or a device.
    const matches = found.filter((match) => isFile(fs, join(root, match)));
    if (matches.length === 0) {
      throw new ReproError('missing-code', `No file matches "${pattern}", declared as code`, {
        hint: 'correct "code" of the stage in the pipeline file, or make the file',
      });
    }
    for (const match of matches) files.add(match);
  }
  return { files: [...files].sort(), looked: [...looked].sort() };
}

/** The project path a word of a command names, when that is one of its code files. */
export function codeWord(word: string, code: Readonly<Record<string, unknown>>): string | null {
  const path = posix.normalize(word);
  return Object.hasOwn(code, path) ? path : null;
}
