// How an input differs from an earlier one, as a sentence: other bytes, another name, or other permissions.
import { type Source, sourceText } from '../pipeline/input-source.ts';
import type { Preimage } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes } from '../store/digest.ts';
import { filesOf, type ReadFile } from '../store/input-files.ts';
import { shortDigest } from './short-digest.ts';

type Input = Preimage['inputs'][string] | undefined;

/** The difference between two inputs of one name; null when a stage cannot tell them apart, as far as both formats say. */
export function inputChange(name: string, before: Input, after: Input, source: Source | undefined): string | null {
  const [from, to] = [filesOf(before), filesOf(after)];
  const pairs = from.map((old, i): [ReadFile, ReadFile | undefined] => [old, to[i]]);
  const isSameBytes = from.length === to.length && pairs.every(([old, now]) => old.digest === now?.digest);
  if (!isSameBytes) return bytesChange(name, from, to, source);
  if (before === null || after === null || Array.isArray(before) !== Array.isArray(after)) {
    const shape = (input: Input): string =>
      Array.isArray(input) ? 'a list' : (input ?? null) === null ? 'absent' : 'one';
    return shape(before) === shape(after) ? null : `input ${name}: ${shape(before)} -> ${shape(after)}`;
  }
  const known = pairs.flatMap(([old, now]) => (now && old.path !== null && now.path !== null ? [{ old, now }] : []));
  const renamed = known.filter(({ old, now }) => old.path !== now.path);
  const turned = known.filter(({ old, now }) => old.isExecutable !== now.isExecutable);
  const [first] = renamed;
  if (first) return `input ${name}: ${first.old.path} -> ${first.now.path} (${others(renamed.length)}same bytes)`;
  const [one] = turned;
  const label = ({ cell }: ReadFile): string => (cell === undefined ? 'none' : canonicalJson(cell));
  const moved = known.find(({ old, now }) => label(old) !== label(now));
  if (!one && moved) return `input ${name}: cell ${label(moved.old)} -> ${label(moved.now)} (same bytes)`;
  if (!one) return null;
  return `input ${name}: ${one.now.path} is ${one.now.isExecutable ? 'now' : 'no longer'} executable (${others(turned.length)}same bytes)`;
}

const others = (count: number): string => (count === 1 ? '' : `and ${count - 1} more, `);

function bytesChange(
  name: string,
  from: readonly ReadFile[],
  to: readonly ReadFile[],
  source: Source | undefined,
): string {
  const [a, b] = [from[0], to[0]];
  if (from.length === 1 && to.length === 1 && a?.path && b?.path && a.path !== b.path) {
    return `input ${name} changed (${a.path} ${shortDigest(a.digest)} -> ${b.path} ${shortDigest(b.digest)})`;
  }
  // A gathered input has a source for each of its cells, too many to say.
  const origin = source === undefined || source === null || Array.isArray(source) ? '' : `${sourceText(source)} `;
  return `input ${name} changed (${origin}${digestText(from)} -> ${digestText(to)})`;
}

function digestText(files: readonly ReadFile[]): string {
  const [first] = files;
  if (first === undefined) return 'absent';
  const all = digestBytes(files.map(({ digest }) => digest).join());
  return files.length === 1 ? shortDigest(first.digest) : `${files.length} files ${shortDigest(all)}`;
}
