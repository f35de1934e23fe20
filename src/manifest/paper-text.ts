// The numbers that a paper states in its own words: not in code, citations, references, dates, names or ignored parts.
import type { Span } from '../pipeline/source.ts';

export type PaperFormat = 'markdown' | 'latex';

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

/** `repro: ADDRESS` in a comment, which says what the number before it is. */
export interface Binding {
  readonly span: Span;
  readonly address: string;
}

/** What is blanked before numbers are looked for; order matters, comments first. */
const ignored: Readonly<Record<PaperFormat, readonly RegExp[]>> = {
  markdown: [
    /<!--\s*repro-ignore-start\s*-->[\s\S]*?(?:<!--\s*repro-ignore-end\s*-->|$)/g,
    /^.*<!--\s*repro-ignore\s*-->.*$/gm,
    /^---\n[\s\S]*?\n---\n/g,
    /^(```+|~~~+)[\s\S]*?^\1/gm,
    /<!--[\s\S]*?-->/g,
    /(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g,
    /\{\{[^{}]*\}\}/g,
    /\]\([^)]*\)/g,
    /\[[@^][^\]]*\]/g,
    /\[\d+(?:\s*[,;–-]\s*\d+)*\]/g,
    /<\/?[a-z][^>]*>/gi,
    /^#+\s+\d+(?:\.\d+)*\.?\s/gm,
    /^\s*\d+[.)]\s/gm,
  ],
  latex: [
    /^[^\n]*%\s*repro-ignore-start[\s\S]*?(?:%\s*repro-ignore-end|$(?![\s\S]))/gm,
    /^.*%\s*repro-ignore\s*$/gm,
    /^[\s\S]*?\\begin\{document\}/g,
    /\\begin\{(verbatim|lstlisting|minted|thebibliography)\*?\}[\s\S]*?\\end\{\1\*?\}/g,
    /(?<!\\)%.*$/gm,
    /\\(?:verb|lstinline)\*?([^a-zA-Z\s])[^\n]*?\1/g,
    /\\(?:[a-zA-Z]*cite[a-zA-Z]*|[a-zA-Z]*ref|label|input|include|includegraphics|bibliography|bibliographystyle|url|href|usepackage|documentclass|begin|end|vspace|hspace|setlength|setcounter|addtolength|multicolumn|multirow|cline|cmidrule|rule|repro[a-z]*)\*?(?:\([^)]*\))?(?:\[[^\]]*\])*(?:\{[^{}]*\})*/g,
    /-?\d*\.?\d+\s*(?:\\(?:textwidth|linewidth|columnwidth|textheight|baselineskip)|(?:pt|em|ex|cm|mm|in)\b)/g,
  ],
};

const ignoredEverywhere: readonly RegExp[] = [
  /\bhttps?:\/\/\S+/g,
  /\b(?:arXiv|doi):\S+/gi,
  // Figure 4, Eqs. (10) and (11), Section 3.1, Table 2a.
  /\b(?:fig(?:ure)?s?|tab(?:le)?s?|sec(?:tion)?s?|eqs?|equations?|theorems?|lemmas?|corollary|propositions?|definitions?|algorithms?|app(?:endix)?|chapters?|steps?|lines?|pages?|pp?|footnotes?|issues?|versions?|item)\.?[\s~]*\(?\d+(?:\.\d+)*[a-z]?\)?(?:(?:,|\s*(?:–|--|-)|\s+(?:and|to|or))[\s~]*\(?\d+(?:\.\d+)*[a-z]?\)?(?![.\d]*\d))*/gi,
  /§\s*\d+(?:\.\d+)*/g,
  // Dates, times, versions and other dotted or dashed names; years.
  /\b\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z?)?\b/g,
  /\b\d{1,2}:\d{2}(?::\d{2})?\b/g,
  /\bv?\d+\.\d+\.\d+(?:[.-]\w+)*/g,
  /(?<![\d.,])(?:19|20)\d{2}(?![\d.]*\d|[%\\])/g,
  /\bSHA-\d+/gi,
];

const literal =
  /(?<![\w.\\^]|\d[,.])([-−–+]?)(\d{1,3}(?:(?:,|\\,|\{,\}|\u2009|\u202f)\d{3})+|\d+)?(\.\d+)?(?:e([-+]?\d+)|\s*(?:\\times|\\cdot|×|·)\s*10\s*(?:\^\{?([-−+]?\d+)\}?|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)))?(\s?\\?%)?(?![\w]|\.\d)/g;

/** Numbers in their order. */
export function literalsOf(text: string, format: PaperFormat): Literal[] {
  const masked = [...ignored[format], ...ignoredEverywhere].reduce(blank, text);
  return [...masked.matchAll(literal)].flatMap((match): Literal[] => {
    const [whole, sign = '', whole_ = '', fraction = '', e, power, superscript, percent] = match;
    if (whole_ === '' && fraction === '') return [];
    const digits = `${whole_.replace(/[^\d]/g, '') || '0'}${fraction}`;
    const exponent = Number((e ?? power ?? plainDigits(superscript ?? '0')).replace('−', '-'));
    // A dash between words or numbers is no sign: 1.67-1.68, 1.67 – 1.68.
    const follows = /[\w)]\s*$/.test(masked.slice(Math.max(0, match.index - 9), match.index));
    const negative =
      sign !== '' && sign !== '+' && (sign !== '–' || !follows) && !/[\w)]/.test(masked[match.index - 1] ?? '');
    const start = match.index + (negative || sign === '' ? 0 : sign.length);
    const text = whole.slice(start - match.index);
    const decimals = Math.max(0, fraction.length - 1);
    return [
      {
        span: { start, end: match.index + whole.length },
        text: text.trim(),
        value: Number(`${negative ? '-' : ''}${digits}e${exponent}`),
        unit: Number(`1e${exponent - decimals}`),
        percent: percent !== undefined,
        precise: fraction !== '' || percent !== undefined || e !== undefined || (power ?? superscript) !== undefined,
      },
    ];
  });
}

/** Comments that name an address, in their order. */
export function bindingsOf(text: string, format: PaperFormat): Binding[] {
  const comment = format === 'markdown' ? /<!--\s*repro:\s*(\S+)\s*-->/g : /%\s*repro:\s*(\S+)/g;
  return [...text.matchAll(comment)].map((match) => ({
    span: { start: match.index, end: match.index + match[0].length },
    address: match[1]!,
  }));
}

/** The same text with matches made of spaces, so that every other character keeps its place. */
function blank(text: string, pattern: RegExp): string {
  return text.replace(pattern, (match) => match.replace(/[^\n]/g, ' '));
}

function plainDigits(superscript: string): string {
  return superscript.replace(/[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (character) => '-0123456789'['⁻⁰¹²³⁴⁵⁶⁷⁸⁹'.indexOf(character)]!);
}
