// A pipeline file of thousands of stages, cut where its lines alone say that one stage ends and the next begins.
import type { Span } from './source.ts';

export interface Pieces {
  /** What is before the stages, the key `stages` included, and what comes after them, if there is anything. */
  readonly outer: readonly Span[];
  /** Some stages each, in order: mappings that are indented alike. */
  readonly stages: readonly Span[];
}

/** A few hundred stages. */
const pieceLength = 32 * 1024;

/**
 * The pieces of a text whose key `stages` stands alone on its line, before entries that are indented alike. Null for any other
 * text. A cut may be wrong only within quotes or brackets that are open there: then a piece by itself is no YAML.
 */
export function splitStages(text: string): Pieces | null {
  // Several documents, directives, tabs before anything on a line, byte order marks but the first: they are read at once.
  if (/^(---|\.\.\.|%| *\t)/m.test(text) || text.includes('\ufeff', 1)) return null;
  const heading = /^stages:[ \t]*(#.*)?\r?\n/m.exec(text);
  if (heading === null) return null;
  const begin = heading.index + heading[0].length;
  const stages: Span[] = [];
  let indent: number | null = null;
  let start = begin;
  let end = text.length;
  for (let line = begin; line < text.length; line = nextLine(text, line)) {
    const own = indentOf(text, line);
    const first = text[line + own];
    if (first === undefined || first === '\n' || first === '\r' || first === '#') continue;
    if (own === 0) {
      end = line;
      break;
    }
    indent ??= own;
    if (own < indent) return null;
    // An entry begins with its key, or a sequence goes on that is indented as its key is.
    if (own === indent && !/[\w'"-]/.test(first)) return null;
    if (own === indent && first !== '-' && line - start >= pieceLength) {
      stages.push({ start, end: line });
      start = line;
    }
  }
  // After the stages comes another key, or nothing.
  if (end < text.length && !/[\w'"]/.test(text[end]!)) return null;
  stages.push({ start, end });
  const outer = [{ start: 0, end: begin }, ...(end < text.length ? [{ start: end, end: text.length }] : [])];
  return { outer, stages };
}

function nextLine(text: string, line: number): number {
  const end = text.indexOf('\n', line);
  return end < 0 ? text.length : end + 1;
}

function indentOf(text: string, line: number): number {
  let at = line;
  while (text[at] === ' ') at++;
  return at - line;
}
