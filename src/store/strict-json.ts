// JSON from elsewhere: a manifest, a record or a signed statement that anyone may have written. What canonical JSON cannot
// say, or says ambiguously, is refused here, so that whoever works with the value can hash it, compare it and walk it.
import { canonicalJson, engineJson } from './canonical-json.ts';

/** Deepest nesting of lists and objects. A manifest of a pipeline file, whose values have 64 levels at most, has fewer. */
export const maxDepth = 128;
/** A manifest of 200,000 numbers has 100 MB. */
export const maxBytes = 400_000_000;

/** Text that is no JSON, or JSON that is refused; the message is the end of a sentence that names the file. */
export class RefusedJson extends Error {}

/**
 * The value of a JSON text.
 * @param source Bytes, which must be UTF-8, or text
 * @throws {RefusedJson} for text that is no JSON, is larger than `maxBytes`, is deeper than `maxDepth`, or names a
 * member of an object twice. Also for what canonical JSON cannot spell: inexact numbers, halves of surrogate pairs
 */
export function parseStrictJson(source: Uint8Array | string): unknown {
  if (source.length > maxBytes) throw new RefusedJson(`it is larger than ${maxBytes / 1e6} MB`);
  const text = typeof source === 'string' ? source : decode(source);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RefusedJson('it is not JSON');
  }
  // Most texts are what we wrote: one that is spelt as its value is has nothing that was lost in reading it.
  const spelt = engineJson(value);
  if (spelt !== null && (text === spelt || text === `${spelt}\n`)) return value;
  new Scanner(text).scan();
  return value;
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RefusedJson('it is not UTF-8');
  }
}

const quote = 0x22;
const backslash = 0x5c;
const opening = { list: 0x5b, object: 0x7b };
const closing = { list: 0x5d, object: 0x7d };

/** Walks the tokens of a text that is known to be JSON: without recursion, each character once. */
class Scanner {
  readonly #text: string;
  /** Of each open list or object: the names met so far; null for a list, and before the first name. */
  readonly #open: (Set<string> | null)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    const text = this.#text;
    if (/\p{Surrogate}/u.test(text))
      this.#refuse('half of a surrogate pair is no character', text.search(/\p{Surrogate}/u));
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (code === quote) this.#string();
      else if (code === opening.list || code === opening.object) {
        if (this.#open.push(null) > maxDepth) this.#refuse(`it is nested deeper than ${maxDepth} levels`);
        this.#at += 1;
      } else if (code === closing.list || code === closing.object) {
        this.#open.pop();
        this.#at += 1;
      } else if (code === 0x2d || (code >= 0x30 && code <= 0x39)) this.#number();
      else this.#at += 1;
    }
  }

  #string(): void {
    const text = this.#text;
    const start = this.#at;
    let end = text.indexOf('"', start + 1);
    while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
    this.#at = end + 1;
    const inner = text.slice(start + 1, end);
    const value = inner.includes('\\') ? (JSON.parse(text.slice(start, end + 1)) as string) : inner;
    if (value !== inner && /\p{Surrogate}/u.test(value))
      this.#refuse('half of a surrogate pair is no character', start);
    let next = this.#at;
    while (isBlank(text.charCodeAt(next))) next += 1;
    if (text[next] !== ':') return;
    const names = (this.#open[this.#open.length - 1] ??= new Set());
    if (names.has(value)) this.#refuse(`an object has two members of the name ${JSON.stringify(value)}`, start);
    names.add(value);
  }

  #number(): void {
    const start = this.#at;
    const [token = ''] = this.#match(/[-+.0-9eE]+/y);
    this.#at += token.length;
    // Most numbers are short, and exact whatever they are.
    if (token.length < 16 && !/[eE]/.test(token)) return;
    try {
      const spelt = canonicalJson(Number(token));
      if (/^-?\d+$/.test(token) && spelt !== token && token !== '-0') {
        const why = 'is not exact as a number: integers beyond 2^53 need an exponent, or quotes';
        this.#refuse(`${shortened(token)} ${why}`, start);
      }
    } catch (cause) {
      if (cause instanceof RefusedJson) throw cause;
      this.#refuse(`${shortened(token)} is not exact as a number`, start);
    }
  }

  #match(pattern: RegExp): readonly string[] {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text) ?? [];
  }

  #refuse(why: string, at = this.#at): never {
    const before = this.#text.slice(0, at);
    const line = before.split('\n').length;
    throw new RefusedJson(`${why} (line ${line}, column ${at - before.lastIndexOf('\n')})`);
  }
}

/** Whether an odd number of backslashes stands before a character. */
function isEscaped(text: string, at: number): boolean {
  let start = at;
  while (text.charCodeAt(start - 1) === backslash) start -= 1;
  return (at - start) % 2 === 1;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

function shortened(token: string): string {
  return token.length > 40 ? `${token.slice(0, 20)}…` : token;
}
