// Paths that a record, a manifest, a tree, a tag or an archive names: whoever wrote them may have meant another place. They
// are joined to a directory that is ours here, and nowhere else.
import { join, posix } from 'node:path';
import { ReproError } from '../error.ts';
import type { FileSystem } from './file-system.ts';

/** Why a text cannot name something below a directory, or null. A slash at the end is that of a directory. */
export function pathFault(path: string): string | null {
  if (path === '') return 'is empty';
  if (path.includes('\0')) return 'holds a NUL character';
  if (posix.isAbsolute(path)) return 'is absolute';
  const parts = path.replace(/\/$/, '').split('/');
  if (parts.includes('..')) return 'leads out by ".."';
  return parts.includes('.') || parts.includes('') ? 'is not in its plain form' : null;
}

/**
 * A path below a directory that we have just made, so that no link can lie on the way.
 * @throws {ReproError} `unsafe-path` where the text leads elsewhere
 */
export function joinBelow(base: string, path: string): string {
  const fault = pathFault(path);
  if (fault === null) return join(base, path);
  throw new ReproError('unsafe-path', `The path ${JSON.stringify(path)} ${fault}`, {
    hint: 'It was not written by repro: do not trust what it came with',
  });
}

/**
 * A path below a directory. The directory itself may be a link: somebody made it on purpose. Below it, none may be.
 * @param leaf Whether the last name may be a link. `no-link` is for what is read or changed, `replaced` for what is
 * removed or renamed over.
 * @throws {ReproError} `unsafe-path` where the path leads elsewhere, by its text or by a link
 */
export function pathBelow(
  fs: FileSystem,
  base: string,
  path: string,
  leaf: 'no-link' | 'replaced' = 'no-link',
): string {
  const target = joinBelow(base, path);
  const parts = path.replace(/\/$/, '').split('/');
  for (let i = 1; i <= (leaf === 'no-link' ? parts.length : parts.length - 1); i++) {
    const partial = join(base, ...parts.slice(0, i));
    const status = fs.lstatSync(partial, { throwIfNoEntry: false });
    if (status === undefined) break;
    if (!status.isSymbolicLink()) continue;
    throw new ReproError('unsafe-path', `"${partial}" is a link, which may lead anywhere`, {
      hint: 'Remove the link. Only .repro and artifacts as a whole may lie elsewhere by a link',
    });
  }
  return target;
}
