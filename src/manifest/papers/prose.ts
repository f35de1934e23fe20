// What of a paper is read out: its text with everything else blanked, each character in its place, and its comments.

export interface Comment {
  readonly start: number;
  readonly end: number;
  /** Without its marks. */
  readonly text: string;
}

export interface Prose {
  /** As long as the file. What is code, markup, a comment or a key of something else is blanks; line ends stay. */
  readonly text: string;
  /** In their order. */
  readonly comments: readonly Comment[];
}

export type Range = readonly [start: number, end: number];

/** The text with ranges, which may overlap, made of blanks. */
export function blanked(text: string, ranges: readonly Range[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const [start, end] of [...ranges].sort((a, b) => a[0] - b[0])) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    parts.push(text.slice(at, from), text.slice(from, end).replace(/[^\n]/g, ' '));
    at = end;
  }
  return parts.join('') + text.slice(at);
}

/** Where each match of a pattern is. The pattern must look at a character a bounded number of times. */
export function rangesOf(text: string, pattern: RegExp): Range[] {
  return Array.from(text.matchAll(pattern), (match) => [match.index, match.index + match[0].length]);
}

/** What comments take out: `repro-ignore` its line, `repro-ignore-start` all up to `repro-ignore-end`. */
export function ignoredRanges(text: string, comments: readonly Comment[]): Range[] {
  const ranges: Range[] = [];
  let from: number | null = null;
  let [lineStart, lineEnd] = [0, -1];
  for (const { start, end, text: comment } of comments) {
    if (start > lineEnd) {
      lineStart = text.lastIndexOf('\n', start - 1) + 1;
      const newline = text.indexOf('\n', start);
      lineEnd = newline < 0 ? text.length : newline;
    }
    const directive = comment.trim();
    if (directive === 'repro-ignore-start') from ??= lineStart;
    else if (directive === 'repro-ignore-end' && from !== null) {
      ranges.push([from, end]);
      from = null;
    } else if (directive === 'repro-ignore') {
      ranges.push([lineStart, lineEnd]);
    }
  }
  return from === null ? ranges : [...ranges, [from, text.length]];
}
