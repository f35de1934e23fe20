// The commit a run was made at, a digest of what differed from it, and what a revision holds.
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson } from '../../store/canonical-json.ts';
import { digestBytes } from '../../store/digest.ts';
import type { Manifest } from '../../schema/types.ts';
import { askGit, findRepository } from './ask.ts';
import { readCheckout } from './checkout.ts';

export interface GitState {
  /** Null outside a repository, before its first commit, or where it could not be read: the gaps say which. */
  readonly git: Manifest['git'];
  /** What is not known of it, as sentences. */
  readonly gaps: readonly string[];
  /** Whether there is a repository whose state, or a part of it, could not be read. */
  readonly unread: boolean;
}

/**
 * The commit of the repository that the project lies in, and the digest of its uncommitted difference. The difference
 * is what git counts as changed, and untracked files, each by name and content. Repositories inside count likewise. What runs
 * publish does not count: another run would write it again.
 * Never throws.
 */
export async function readGit(root: string): Promise<GitState> {
  let top = root;
  try {
    const repository = findRepository(root);
    if (repository === null) {
      return { git: null, gaps: ['Not in a git repository: no commit names this code'], unread: false };
    }
    top = repository.top;
    const { commit, changes, unknown } = await readCheckout(repository, publishedBelow(repository.top, root));
    if (commit === null) {
      const gap = 'The git repository has no commit yet: no commit names this code';
      return { git: null, gaps: [gap, ...unknown], unread: unknown.length > 0 };
    }
    const dirty = changes.length === 0 ? null : digestBytes(canonicalJson(changes));
    return { git: { commit, dirty }, gaps: unknown, unread: unknown.length > 0 };
  } catch (error) {
    const where = path.relative(root, top) || '.';
    const gap = `The state of the git repository "${where}" could not be read: ${(error as Error).message}`;
    return { git: null, gaps: [gap], unread: true };
  }
}

/** Of paths below the top, as git names them: those in `artifacts` of the project but for references, which people put there. */
function publishedBelow(top: string, root: string): (name: string) => boolean {
  const inside = path.relative(top, realpathSync(root));
  const artifacts = Buffer.from(path.join(inside, 'artifacts/')).toString('latin1');
  return (name) => name.startsWith(artifacts) && !name.startsWith(`${artifacts}reference/`);
}

/** The commit that a revision names, or null when it names none. */
export async function resolveRevision(root: string, revision: string): Promise<string | null> {
  // What begins with a dash would be an option.
  if (revision === '' || revision.startsWith('-')) return null;
  const found = await ask(root, ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
  return found && found.toString('utf8').trim();
}

/** The bytes of a file at a commit, its path relative to the project; null when it is not there. */
export async function showRevision(root: string, commit: string, file: string): Promise<Uint8Array | null> {
  return ask(root, ['cat-file', 'blob', `${commit}:./${file}`]);
}

/** Files directly in a folder at a commit, relative to the project. */
export async function listRevision(root: string, commit: string, folder: string): Promise<string[]> {
  const names = await ask(root, ['ls-tree', '--name-only', '-z', commit, `./${folder}/`]);
  return names?.toString('utf8').split('\0').filter(Boolean) ?? [];
}

async function ask(root: string, words: readonly string[]): Promise<Buffer | null> {
  const repository = findRepository(root);
  if (repository === null) return null;
  return askGit(repository, words, { directory: realpathSync(root) }).catch(() => null);
}
