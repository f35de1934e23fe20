// Names of ours as names of files that another tool takes.
import { digestBytes, hexOf } from '../../store/digest.ts';

/**
 * Keeps what is listed by name, under the names that `plain` makes of them. Two that come to the same, and one that is too
 * long, are told apart by their digests.
 */
export function uniqueNames<Content>(
  entries: Iterable<readonly [name: string, content: Content]>,
  plain: (name: string) => string,
  longest: number,
): Map<string, Content> {
  const names = new Map<string, Content>();
  for (const [name, content] of entries) {
    const made = plain(name);
    const isTaken = made === '' || names.has(made) || made.length > longest;
    const end = hexOf(digestBytes(name)).slice(0, 8);
    names.set(isTaken ? `${made.slice(0, longest - 9)}-${end}` : made, content);
  }
  return names;
}
