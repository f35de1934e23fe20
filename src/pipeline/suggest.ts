// Did you mean: known names close to one that is not known.
import { distance } from 'fastest-levenshtein';

/** At most three names within max(1, length / 3) edits, the closest first. */
export function closeNames(name: string, known: Iterable<string>): string[] {
  const limit = Math.max(1, Math.floor(name.length / 3));
  const close: { candidate: string; edits: number }[] = [];
  for (const candidate of new Set(known)) {
    if (Math.abs(candidate.length - name.length) > limit) continue;
    const edits = isSwap(name, candidate) ? 1 : distance(name, candidate);
    if (edits <= limit) close.push({ candidate, edits });
  }
  close.sort((a, b) => a.edits - b.edits || (a.candidate < b.candidate ? -1 : 1));
  // Beside one that is a slip away, one that is three away is noise.
  const best = close[0]?.edits ?? 0;
  return close
    .filter(({ edits }) => edits <= best + 1)
    .slice(0, 3)
    .map(({ candidate }) => candidate);
}

/** The hint for an unknown name: the close ones, or all of them while they are few; none when nothing helps. */
export function suggestion(name: string, known: Iterable<string>): string | undefined {
  const names = [...new Set(known)];
  const close = closeNames(name, names);
  if (close.length > 0) return `did you mean ${listText(close)}?`;
  if (names.length > 0 && names.length <= 9) return `known here: ${names.map((known) => `"${known}"`).join(', ')}`;
  return undefined;
}

/** Whether two neighboring letters are exchanged: the commonest slip, which Levenshtein counts as two. */
function isSwap(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  return i + 1 < a.length && a[i] === b[i + 1] && a[i + 1] === b[i] && a.slice(i + 2) === b.slice(i + 2);
}

function listText(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`);
  return quoted.length === 1 ? quoted[0]! : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)!}`;
}
