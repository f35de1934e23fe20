// The commit a run was made at, and a digest of what differed from it.
import { execFile } from 'node:child_process';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes } from '../store/digest.ts';
import type { Manifest } from '../schema/types.ts';

/**
 * The commit of the project's repository, and the digest of its uncommitted difference: changes to tracked files, and
 * untracked files by name and content. Null outside a repository, before its first commit, or without git.
 */
export async function readGit(root: string): Promise<Manifest['git']> {
  try {
    const [commit, difference, untracked] = await Promise.all([
      git(root, ['rev-parse', '--verify', 'HEAD']),
      git(root, ['diff', 'HEAD', '--binary', '--no-ext-diff', '--no-textconv', '--no-color']),
      git(root, ['ls-files', '--others', '--exclude-standard', '-z', '--full-name', ':/']),
    ]);
    const names = untracked.toString('utf8').split('\0').filter(Boolean).sort();
    const clean = difference.length === 0 && names.length === 0;
    return {
      commit: commit.toString('utf8').trim(),
      dirty: clean ? null : digestBytes(canonicalJson([digestBytes(difference), await hashUntracked(root, names)])),
    };
  } catch {
    return null;
  }
}

/** Names with git's own hashes of their contents; git reads names by line, so one with a line break goes by name only. */
async function hashUntracked(root: string, names: readonly string[]): Promise<string[]> {
  const readable = names.filter((name) => !/[\n"]/.test(name));
  if (readable.length === 0) return [...names];
  const top = (await git(root, ['rev-parse', '--show-toplevel'])).toString('utf8').trimEnd();
  const hashes = await git(top, ['hash-object', '--no-filters', '--stdin-paths'], readable.join('\n'));
  return [...names, ...hashes.toString('utf8').trim().split('\n')];
}

/** The commit that a revision names, or null when it names none. */
export async function resolveRevision(root: string, revision: string): Promise<string | null> {
  // What begins with a dash would be an option.
  if (revision === '' || revision.startsWith('-')) return null;
  const found = await git(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]).catch(() => null);
  return found && found.toString('utf8').trim();
}

/** The text of a file at a commit, its path relative to the project; null when it is not there. */
export async function showRevision(root: string, commit: string, path: string): Promise<Uint8Array | null> {
  return git(root, ['show', `${commit}:./${path}`]).catch(() => null);
}

/** Files directly in a folder at a commit, relative to the project. */
export async function listRevision(root: string, commit: string, folder: string): Promise<string[]> {
  const names = await git(root, ['ls-tree', '--name-only', '-z', commit, `./${folder}/`]).catch(() => Buffer.of());
  return names.toString('utf8').split('\0').filter(Boolean);
}

function git(directory: string, words: readonly string[], input = ''): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const options = { cwd: directory, encoding: 'buffer', maxBuffer: 1 << 30 } as const;
    const child = execFile('git', words, options, (error, stdout) => {
      if (error) reject(error);
      else resolve(stdout);
    });
    child.stdin?.on('error', () => {}); // The exit code tells why it did not read.
    child.stdin?.end(input);
  });
}
