// Values for people, so that two that differ are never shown alike: other types, other groupings, ends far along.
import { quotedKey } from './dotted-path.ts';

/** Characters that a value is shown with at most. */
const shownCharacters = 60;
/** Characters before a difference that are shown where a value is cut. */
const contextCharacters = 20;

/** A value as it is told; text is in quotes where it would be read as another value. `none` for what is not there. */
export function valueText(value: unknown): string {
  if (value === undefined) return 'none';
  if (typeof value !== 'string') return JSON.stringify(value, inOrder);
  return isPlain(value) ? value : JSON.stringify(value);
}

/** Keys in one order, as they are fingerprinted. */
function inOrder(_key: string, value: unknown): unknown {
  if (!isMapping(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isPlain(text: string): boolean {
  if (text === '' || text.trim() !== text || /^["'[{]|[\r\n]/.test(text)) return false;
  if (['none', 'nothing', 'absent', 'null', 'true', 'false', '~'].includes(text.toLowerCase())) return false;
  return Number.isNaN(Number(text)) && !/^[-+]?\.?(?:inf|nan)/i.test(text);
}

/** The words of a command; those that hold blanks are in quotes. */
export function wordsText(words: readonly string[]): string {
  return words.map((word) => (/^[^\s"'\\]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}

/** Two texts that differ, cut to the place where they do. */
export function cutTexts(from: string, to: string): [from: string, to: string] {
  if (from.length <= shownCharacters && to.length <= shownCharacters) return [from, to];
  let same = 0;
  while (same < from.length && from[same] === to[same]) same += 1;
  const start = same <= shownCharacters / 2 ? 0 : same - contextCharacters;
  return [cut(from, start), cut(to, start)];
}

function cut(text: string, start: number): string {
  const isBroken = (at: number): boolean => /[\uDC00-\uDFFF]/.test(text[at] ?? '');
  const begin = isBroken(start) ? start - 1 : start;
  const end = begin + shownCharacters - 1;
  const shown = text.slice(begin, isBroken(end) ? end - 1 : end);
  return `${begin > 0 ? '…' : ''}${shown}${begin + shown.length < text.length ? '…' : ''}`;
}

export interface LeafChange {
  /** Dotted path; empty for the whole. */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** The smallest values that differ, by dotted path; lists and scalars are compared whole. `spelling` gives equal values one text. */
export function leafChanges(a: unknown, b: unknown, spelling: (value: unknown) => string, path = ''): LeafChange[] {
  if (isMapping(a) && isMapping(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].sort().flatMap((key) => {
      const [from, to] = [a, b].map((side) => (Object.hasOwn(side, key) ? side[key] : undefined));
      return leafChanges(from, to, spelling, path === '' ? quotedKey(key) : `${path}.${quotedKey(key)}`);
    });
  }
  return spelling(a) === spelling(b) ? [] : [{ path, from: a, to: b }];
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
