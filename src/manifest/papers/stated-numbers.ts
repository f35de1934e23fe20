// The numbers that prose states: not names, dates, links or references to parts of the paper. A number is never passed
// over for what stands around it, only for what it is: `0.877` is one before any unit, after any sign and beside any word.
import type { Span } from '../../pipeline/source.ts';
import { blanked, type Range, rangesOf } from './prose.ts';

export interface Literal {
  readonly span: Span;
  readonly text: string;
  readonly value: number;
  /** One unit of its last digit: 0.01 for `1.23`, 1e-9 for `1.2e-8`. */
  readonly unit: number;
  readonly percent: boolean;
  /** Has a decimal point, an exponent or a percent sign: stated as a result is, not as a count. */
  readonly precise: boolean;
}

// A part of a paper has a number such as 4, 4a or 4.2; none begins with a zero or has more than two decimals.
const after = String.raw`(?![\p{L}\d]|[.,]\d|[ ~]?\\?%|\\[,;:!])`;
const whole = String.raw`\(?[1-9]\d{0,2}[a-z]?\)?${after}`;
const part = String.raw`\(?[1-9]\d{0,2}(?:\.[1-9]\d?)*[a-z]?\)?${after}`;
const space = String.raw`(?:[ \t\u00a0~]|\n(?!\s*\n)){0,4}`;
const before = String.raw`(?<![\p{L}\d\\])`;
const words = 'figure|table|section|equation|theorem|lemma|corollary|proposition|definition|algorithm|appendix|chapter';
const titles = words.replace(/(?<=^|\|)[a-z]/g, (letter) => letter.toUpperCase());
// Those that are words or signs as well only with their point, and not at the end of a sentence: "in 2 sec. 3.5 nats".
const pointed = 'Figs?|figs?|Tabs?|Secs?|Eqs?|eqs?|Eqns?|eqns?|Thms?|Props?|Defs?|Algs?|Chap|Ch|pp?|vers|ver|v';
const plurals = `${words.replace(/(?<=[a-z])(?=\||$)/g, 's')}|corollaries|appendices|figs|eqs|eqns|secs|versions`;
const range = String.raw`(?:(?:–|--?)`;

/** `Figure 4`, `Eq. (10)`, `p. 3`; of several, `Tables 1, 2 and 3`: a comma goes on only to an `and`. */
const references: readonly RegExp[] = [
  new RegExp(`${before}(?:${titles}|Version|version)${space}${part}${range}${part})?`, 'gu'),
  new RegExp(String.raw`${before}(?:${pointed})\.${space}${part}${range}${part})?`, 'gu'),
  new RegExp(`${before}(?:${words}|fig|eq|eqn|footnote|page|line|step|item|issue)s?${space}${whole}`, 'giu'),
  new RegExp(
    String.raw`${before}(?:${plurals})\.?${space}${part}${range}${part})?(?:(?:,${space}${part}){0,50},?${space}(?:and|or|to|&)${space}${part})?`,
    'giu',
  ),
  new RegExp(`§${space}${part}`, 'gu'),
];

/** Links and other names, dates and times. */
const names: readonly RegExp[] = [
  /\bhttps?:\/\/[^\s|<>"'`{}()[\]\\$,;]+/g,
  /\barXiv[:\s]\s?\d{4}\.\d{4,5}(?:v\d{1,3})?(?!\d)/gi,
  /(?<![\d.])10\.\d{4,9}\/[^\s|<>"'`{}[\]\\$,;]+/g,
  /\b\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?Z?)?(?![\d.]*\d)/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?(?![\d.:]*\d)/g,
  /\bSHA-\d{1,3}(?!\d|\.\d)/gi,
];

/** A year is one where it is said to be: `in 2023`, `May 2023`, `(Author, 2023)`. */
const years: readonly RegExp[] = [
  /\b(?:in|since|until|till|by|year|before|after|January|February|March|April|May|June|July|August|September|October|November|December|spring|summer|autumn|fall|winter)[ ~]{1,2}(?:19|20)\d{2}(?![\d%\\]|\.\d|[ ~]{1,2}[a-z])/gi,
  /(?<=[(,] ?)(?:19|20)\d{2}[a-z]?(?=\))/g,
];

const numeral =
  /(?:0\{,\}\d+|(?:\d{1,3}(?:(?:,|\\,|\{,\}|\u2009|\u202f)\d{3}(?!\d))+|\d+)(?:(?:\.|\{\.\})\d+)?|\.\d+)/y;
const scientific = /e([-+−]?\d{1,6})(?!\w|\.\d)/iy;
const gap = String.raw`(?:[\s\u00a0~]|\\[,;:!> ]|\\(?:thinspace|enspace)(?![a-zA-Z])|&(?:nbsp|thinsp|#\d{1,6});)`;
const exponent = String.raw`\^\{?${gap}{0,6}([-−+]?\d{1,6})\}?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,6})`;
const timesTen = new RegExp(
  String.raw`${gap}{0,4}(?:\\times|\\cdot|×|·|x|\*|&times;|&middot;)(?![a-zA-Z])${gap}{0,4}10${gap}{0,4}(?:${exponent})`,
  'y',
);
const powerOfTen = new RegExp(exponent, 'y');
const percentSign = new RegExp(
  String.raw`(?:${gap}|[}$*_]|\{\}|\\\)){0,6}(?:\\?%|&#37;|&percnt;|\{\\?%\}|\\percent(?![a-zA-Z])|\{${gap}{0,2}(?:\\percent|\\?%)${gap}{0,2}\}|per[ ]?cent(?![\p{L}])|pct(?![\p{L}]))`,
  'uy',
);

/** Numbers in their order. Each character is looked at a bounded number of times. */
export function statedNumbers(prose: string): Literal[] {
  const ranges: Range[] = [...references, ...names, ...years].flatMap((pattern) => rangesOf(prose, pattern));
  const text = blanked(prose, ranges);
  const found: Literal[] = [];
  const digit = /\.?\d/g;
  for (let match = digit.exec(text); match !== null; match = digit.exec(text)) {
    // A point after a word ends it: the 3 of "bits.3" is a mark of a footnote. Of an ellipsis none begins a number.
    const isPoint = match[0].startsWith('.') && /[\p{L})\].]/u.test(text[match.index - 1] ?? '');
    const { literal, end } = readAt(text, match.index + (isPoint ? 1 : 0));
    if (literal !== null) found.push(literal);
    digit.lastIndex = end;
  }
  return withSharedPercent(text, found);
}

/** What is between the ends of a range, or a value and its error, which share a percent sign: 77.1--77.9\\%. */
const joint = /^[\s~$}]{0,6}(?:--?|–|—|\\pm|±|&plusmn;|\+\/?-|to|\}\{)[\s~${]{0,6}$/;

function withSharedPercent(text: string, literals: readonly Literal[]): Literal[] {
  const shared = [...literals];
  for (let at = shared.length - 2; at >= 0; at -= 1) {
    const [each, next] = [shared[at]!, shared[at + 1]!];
    if (each.percent || !next.percent || next.span.start - each.span.end > 20) continue;
    if (joint.test(text.slice(each.span.end, next.span.start))) shared[at] = { ...each, percent: true, precise: true };
  }
  return shared;
}

/** The number at an offset, or null where it is part of a name; and where to go on. */
function readAt(text: string, start: number): { literal: Literal | null; end: number } {
  const digits = at(numeral, text, start)![0];
  const end = start + digits.length;
  const plain = digits
    .replace(/^0\{,\}/, '0.')
    .replace('{.}', '.')
    .replace(/[^\d.]/g, '');
  const fraction = plain.includes('.') ? plain.slice(plain.indexOf('.') + 1) : '';
  const [e, tens] = [at(scientific, text, end), at(timesTen, text, end)];
  const power = e === null && tens === null && digits === '10' ? at(powerOfTen, text, end) : null;
  const raised = e ?? tens ?? power;
  const afterPower = end + (raised?.[0].length ?? 0);
  const percent = at(percentSign, text, afterPower);
  const stop = afterPower + (percent?.[0].length ?? 0);
  const isWhole = fraction === '' && raised === null && percent === null;
  const name = nameEnd(text, start, end, isWhole, fraction !== '');
  if (name !== null) return { literal: null, end: name };
  const sign = signAt(text, start);
  const by = Number(plainDigits(raised?.[1] ?? raised?.[2] ?? '0'));
  const from = start - (sign === '' ? 0 : 1);
  const literal: Literal = {
    span: { start: from, end: stop },
    text: text.slice(from, stop).trim(),
    value: power === null ? Number(`${sign}${plain}e${by}`) : Number(`${sign}1e${by}`),
    unit: power === null ? Number(`1e${by - fraction.length}`) : Number(`1e${by}`),
    percent: percent !== null,
    // A power of ten alone is a count, unless it is small.
    precise: fraction !== '' || percent !== null || e !== null || tens !== null || (power !== null && by < 0),
  };
  return { literal, end: stop };
}

/**
 * The end of the name that digits are part of; null where they are a number. Only versions have two points or a `v`
 * before. Whole numbers may be part of a word, an index or an exponent; what has a fraction, exponent or percent sign never is.
 */
function nameEnd(text: string, start: number, end: number, isWhole: boolean, hasFraction: boolean): number | null {
  if (hasFraction && text[end] === '.' && isDigit(text[end + 1])) {
    return end + at(/(?:\.\d+)+(?:-(?:alpha|beta|rc|dev|pre)[\w.]*)?/y, text, end)![0].length;
  }
  const left = text.slice(Math.max(0, start - 40), start);
  if (/(?<![\p{L}\p{N}\\])v$/iu.test(left)) return end;
  if (!isWhole) return null;
  // A command of LaTeX is no part of a word: $\pm5$.
  const isGlued = /[\p{L}\p{N}]_?$/u.test(left) && !/\\[a-zA-Z]+$/.test(left);
  const isIndex = /(?:\^\{?|_\{)[-−+]?$/.test(left);
  const rest = at(/(?:_?[\p{L}\p{N}])+/uy, text, end);
  return isGlued || isIndex || rest !== null ? end + (rest?.[0].length ?? 0) : null;
}

/** `-` before a negative number; a dash between words or numbers is no sign: 1.67-1.68, 1.67 – 1.68. */
function signAt(text: string, start: number): '' | '-' {
  const sign = text[start - 1];
  if (sign !== '-' && sign !== '−' && sign !== '–') return '';
  const left = text.slice(Math.max(0, start - 10), start - 1);
  if (/[\p{L}\p{N})\]–-]$/u.test(left)) return '';
  return sign === '–' && /[\p{L}\p{N})]\s*$/u.test(left) ? '' : '-';
}

function at(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

const isDigit = (character: string | undefined) => character !== undefined && /\d/.test(character);

function plainDigits(power: string): string {
  return power.replace(/[−⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (character) => '--+0123456789'['−⁻⁺⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(character)]!);
}
