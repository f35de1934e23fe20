// The prose of a LaTeX file. It is read as TeX reads it: comments, control sequences, groups; one pass, no looking back.
// Parsers from npm (latex-utensils, unified-latex) take twice as long for each `\begin` more that is not closed.
import {
  environmentSignature,
  layoutMacros,
  lengths,
  numeric,
  readInPreamble,
  signatureOf,
  siunitxNumbers,
  unreadEnvironments,
} from './latex-commands.ts';
import { blanked, type Comment, type Prose, type Range } from './prose.ts';

interface Control {
  readonly start: number;
  readonly end: number;
  /** Without the backslash. */
  readonly name: string;
}

interface Tokens {
  readonly controls: readonly Control[];
  readonly comments: readonly Comment[];
  /** Verbatim text. */
  readonly verbatim: readonly Range[];
  /** Where the group or option that opens at an offset closes. */
  readonly closings: ReadonlyMap<number, number>;
}

export function latexProse(text: string): Prose {
  const tokens = tokenize(text);
  const ranges: Range[] = [...tokens.verbatim, ...tokens.comments.map(({ start, end }): Range => [start, end])];
  const body = bodyOf(text, tokens);
  for (const control of tokens.controls) {
    const { start, end, name } = control;
    if (/^[a-zA-Z]/.test(name) && !numeric.has(name)) ranges.push([start, end]);
    if (start < body.start) continue;
    ranges.push(...argumentsOf(text, control, tokens.closings), ...lengthsAt(text, control));
  }
  const outside: Range[] = body.start === 0 ? [] : unreadPreamble(text, tokens, body.start);
  const read = blanked(text, [...ranges, ...outside, [body.end, text.length]]);
  return { text: plainNumbers(read, tokens), comments: tokens.comments };
}

/** siunitx takes a comma for a decimal point and passes over blanks; `;` is between the numbers of a list. */
function plainNumbers(text: string, { controls, closings }: Tokens): string {
  const parts: string[] = [];
  let at = 0;
  for (const { name, start, end } of controls) {
    const count = Object.hasOwn(siunitxNumbers, name) ? siunitxNumbers[name]! : 0;
    if (count === 0 || start < at) continue;
    for (const { kind, range } of matched(text, end, `o${'m'.repeat(count)}`, closings)) {
      if (kind !== 'm') continue;
      const number = text
        .slice(...range)
        .replace(/,/g, '.')
        .replace(/;/g, '–');
      parts.push(text.slice(at, range[0]), number.replace(/(?<=\d) (?=\d)/g, '\u202f'));
      at = range[1];
    }
  }
  return parts.join('') + text.slice(at);
}

const word = /[a-zA-Z@]+/y;
const environment = /[ \t]*\{([^{}\n\\]{1,60})\}/y;
const verbatimCommand = /^(?:verb|lstinline|mintinline|Verb)$/;

function tokenize(text: string): Tokens {
  const controls: Control[] = [];
  const comments: Comment[] = [];
  const verbatim: Range[] = [];
  const closings = new Map<number, number>();
  const open: number[] = [];
  const matcher = /[\\%{}[\]]/g;
  for (let match = matcher.exec(text); match !== null; match = matcher.exec(text)) {
    const start = match.index;
    const character = match[0];
    if (character === '%') {
      const newline = text.indexOf('\n', start);
      const end = newline < 0 ? text.length : newline;
      comments.push({ start, end, text: text.slice(start, end).replace(/^%+/, '') });
      matcher.lastIndex = end;
    } else if (character === '\\') {
      word.lastIndex = start + 1;
      const name = word.exec(text)?.[0] ?? text.slice(start + 1, start + 2);
      const end = start + 1 + name.length;
      controls.push({ start, end, name });
      const skipped = verbatimEnd(text, name, end);
      if (skipped !== null) verbatim.push([end, skipped]);
      matcher.lastIndex = skipped ?? end;
    } else if (character === '{' || character === '[') open.push(start);
    else close(text, open, closings, start, character);
  }
  return { controls, comments, verbatim, closings };
}

/** A brace closes its group whatever brackets are open in it; a bracket closes only one of its own group. */
function close(text: string, open: number[], closings: Map<number, number>, at: number, character: string): void {
  if (character === ']') {
    if (text[open.at(-1) ?? -1] === '[') closings.set(open.pop()!, at);
    return;
  }
  while (open.length > 0) {
    const opening = open.pop()!;
    if (text[opening] !== '{') continue;
    closings.set(opening, at);
    return;
  }
}

/** The end of verbatim text that a command begins, or null where it begins none. */
function verbatimEnd(text: string, name: string, end: number): number | null {
  if (name === 'begin') {
    environment.lastIndex = end;
    const found = environment.exec(text)?.[1] ?? '';
    if (!unreadEnvironments.has(found)) return null;
    const close = text.indexOf(`\\end{${found}}`, end);
    return close < 0 ? text.length : close;
  }
  if (!verbatimCommand.test(name)) return null;
  // \verb|x|, \lstinline[options]{x}, \mintinline{language}|x|: at most to the end of the line.
  const newline = text.indexOf('\n', end);
  const line = text.slice(end, newline < 0 ? text.length : Math.min(newline, end + 2000));
  const before = /^\*?(?:\[[^\]]*\])?/.exec(line)![0].length;
  const from = name === 'mintinline' ? before + (/^\{[^{}]*\}/.exec(line.slice(before))?.[0].length ?? 0) : before;
  const delimiter = line[from] === '{' ? '}' : line[from];
  const close = delimiter === undefined ? -1 : line.indexOf(delimiter, from + 1);
  return close < 0 ? null : end + close + 1;
}

/** What is between the document's begin and end; all of a file that has none. */
function bodyOf(text: string, { controls }: Tokens): { start: number; end: number } {
  const at = (name: string, from: number) =>
    controls.find((control) => {
      environment.lastIndex = control.end;
      return control.start >= from && control.name === name && environment.exec(text)?.[1] === 'document';
    });
  const start = at('begin', 0)?.end ?? 0;
  return { start, end: at('end', start)?.start ?? text.length };
}

/** The arguments of a command that are not read out. */
function argumentsOf(text: string, { name, end }: Control, closings: Tokens['closings']): Range[] {
  if (name === 'begin' || name === 'end') {
    environment.lastIndex = end;
    const found = environment.exec(text);
    if (found === null) return [];
    const after = end + found[0].length;
    const signature = name === 'begin' ? environmentSignature(found[1]!) : '';
    return [[end, after], ...unread(text, after, signature, closings)];
  }
  return unread(text, text[end] === '*' ? end + 1 : end, signatureOf(name), closings);
}

function unread(text: string, from: number, signature: string, closings: Tokens['closings']): Range[] {
  return matched(text, from, signature, closings).flatMap(({ kind, range }) => (/[om]/.test(kind) ? [range] : []));
}

interface Argument {
  readonly kind: string;
  readonly range: Range;
}

/** The arguments that a signature finds from an offset on; it ends where one in braces is missing. */
function matched(text: string, from: number, signature: string, closings: Tokens['closings']): Argument[] {
  const found: Argument[] = [];
  let at = from;
  for (const kind of signature) {
    const opening = at + /^[ \t]{0,20}\n?[ \t]{0,20}/.exec(text.slice(at, at + 41))![0].length;
    const isOption = kind === 'o' || kind === 'O';
    // \cmidrule(lr){2-3} has its option in parentheses.
    const closing =
      isOption && text[opening] === '('
        ? text.slice(opening, opening + 20).indexOf(')') + opening
        : text[opening] === (isOption ? '[' : '{')
          ? closings.get(opening)
          : undefined;
    if (closing !== undefined && closing > opening) {
      found.push({ kind, range: [opening, closing + 1] });
      at = closing + 1;
    } else if (!isOption) break;
  }
  return found;
}

const length = /[ \t]*[-+]?(?:\d+\.?\d*|\.\d+)[ \t]*(?:pt|em|ex|cm|mm|in|bp|pc|sp|\\[a-zA-Z]+)/y;
const option = /\*?\[[^[\]\n]{0,60}\]/y;

/** Lengths that are no arguments: the factor before a register, after `\kern` and its kin, and of a line's end. */
function lengthsAt(text: string, { name, start, end }: Control): Range[] {
  if (lengths.has(name)) {
    const factor = /[-+]?(?:\d{1,10}\.?\d{0,10}|\.\d{1,10})[ \t]{0,9}$/.exec(
      text.slice(Math.max(0, start - 32), start),
    );
    return factor === null ? [] : [[start - factor[0].length, start]];
  }
  if (['kern', 'hskip', 'vskip'].includes(name)) {
    length.lastIndex = end;
    return length.test(text) ? [[end, length.lastIndex]] : [];
  }
  if (name !== '\\') return [];
  option.lastIndex = end;
  const found = option.exec(text);
  if (found === null) return [];
  length.lastIndex = end + found[0].indexOf('[') + 1;
  return length.test(text) && text[length.lastIndex] === ']' ? [[end, option.lastIndex]] : [];
}

/** All of the preamble but titles and what macros stand for. */
function unreadPreamble(text: string, { controls, closings }: Tokens, end: number): Range[] {
  const ranges: Range[] = [];
  let at = 0;
  for (const { name, end: from, start } of controls) {
    if (start >= end) break;
    const read = definitionBody(text, name, from, closings);
    if (read === null || read[0] < at || read[1] > end) continue;
    ranges.push([at, read[0]]);
    at = read[1];
  }
  return [...ranges, [at, end]];
}

/** The part of a definition or title that is read out. */
function definitionBody(text: string, name: string, from: number, closings: Tokens['closings']): Range | null {
  if (/^[gex]?def$/.test(name)) {
    // \def\name#1{body}
    const head = /^[ \t]*\\[a-zA-Z@]+[^{}\\\n]{0,40}(?=\{)/.exec(text.slice(from, from + 120));
    if (head === null || layoutMacros.test(/\\[a-zA-Z@]+/.exec(head[0])![0])) return null;
    const opening = from + head[0].length;
    const closing = closings.get(opening);
    return closing === undefined ? null : [opening, closing + 1];
  }
  if (!Object.hasOwn(readInPreamble, name)) return null;
  let at = text[from] === '*' ? from + 1 : from;
  let signature = readInPreamble[name]!;
  // \newcommand\name{body}, without braces around the name.
  const bare = /^[ \t]*(\\[a-zA-Z@]+)/.exec(text.slice(at, at + 80));
  if (bare !== null && signature.startsWith('m')) {
    if (layoutMacros.test(bare[1]!)) return null;
    at += bare[0].length;
    signature = signature.slice(1);
  }
  const found = matched(text, at, signature, closings);
  const [first] = found;
  if (first?.kind === 'm' && layoutMacros.test(text.slice(first.range[0] + 1, first.range[1] - 1).trim())) return null;
  return found.find(({ kind }) => kind === 'M')?.range ?? null;
}
