// A diagnostic as a person reads it: path:line:column, the line with a squiggle, related places, and what to do.
import stringWidth from 'string-width';
import { visibleText } from '../../manifest/text/visible-text.ts';
import type { Diagnostic, Location } from '../../pipeline/diagnostic.ts';
import { hideSecrets } from '../../pipeline/url-secret.ts';
import { mark, type Style } from './print.ts';

export interface DiagnosticTextOptions {
  readonly color?: boolean;
}

type Paint = (style: Style, text: string) => string;

/** Columns of a frame, line number included. */
const frameWidth = 80;

/** One diagnostic, several lines. */
export function diagnosticLines(
  diagnostic: Diagnostic<string>,
  { color = false }: DiagnosticTextOptions = {},
): string[] {
  const paint: Paint = (style, text) => (color ? mark(style, text) : text);
  const { severity, code, message, at, related, hint } = diagnostic;
  const tone = severity === 'error' ? 'red' : 'yellow';
  return [
    `${paint('bold', place(at))} ${paint(tone, severity)} ${code}: ${hideSecrets(message)}`,
    ...frame(at, tone, paint),
    ...related.flatMap((each) => [
      `  ${place(each.at)} ${hideSecrets(each.message)}`,
      ...frame(each.at, 'blue', paint),
    ]),
    ...(hint === undefined ? [] : [`  ${paint('cyan', 'hint')}: ${hideSecrets(hint)}`]),
  ];
}

function place({ file, span }: Location): string {
  const { line, column } = file.position(span.start);
  return `${file.path}:${line}:${column}`;
}

function frame({ file, span }: Location, tone: Style, paint: Paint): string[] {
  const { line, column } = file.position(span.start);
  // A diagnostic of another kind may stand on the line of a URL with a password.
  const text = hideSecrets(file.line(line));
  const start = Math.min(column - 1, text.length);
  const end = Math.max(start, Math.min(text.trimEnd().length, start + span.end - span.start));
  const label = String(line).padStart(5);
  const shown = cutLine(text, start, end, frameWidth - label.length - 3);
  const gutter = ' '.repeat(label.length);
  return [
    paint('dim', `${label} |`) + (shown.text === '' ? '' : ` ${shown.text}`),
    `${paint('dim', `${gutter} |`)} ${' '.repeat(shown.indent)}${paint(tone, '~'.repeat(shown.length))}`,
  ];
}

/** The part of a line around [start, end) that fits, and where the squiggle goes, in terminal columns. */
function cutLine(
  line: string,
  start: number,
  end: number,
  width: number,
): { text: string; indent: number; length: number } {
  // A grapheme may be wide, and an escape takes several columns: nothing is measured in code units. A line may also
  // be megabytes long: only what can be shown is looked at.
  const first = Math.max(0, start - width);
  const last = Math.min(line.length, start + width);
  const graphemes = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(line.slice(first, last))].map(
    ({ segment, index }) => {
      const text = visibleText(segment);
      return { text, width: stringWidth(text), from: first + index, to: first + index + segment.length };
    },
  );
  const widthOf = (some: typeof graphemes): number => some.reduce((sum, each) => sum + each.width, 0);
  let shown = graphemes;
  if (first > 0 || last < line.length || widthOf(graphemes) > width) {
    // One column on each side is kept for the marks of the cut.
    const at = graphemes.findIndex(({ to }) => to > start);
    const middle = at < 0 ? graphemes.length : at;
    let from = middle;
    let to = middle;
    let used = 0;
    const fits = (index: number): boolean => index in graphemes && used + graphemes[index]!.width <= width - 2;
    while (from > 0 && used < width / 3 && fits(from - 1)) used += graphemes[--from]!.width;
    while (fits(to)) used += graphemes[to++]!.width;
    while (fits(from - 1)) used += graphemes[--from]!.width;
    shown = graphemes.slice(from, to);
  }
  const cutLeft = (shown[0]?.from ?? 0) > 0;
  const cutRight = (shown.at(-1)?.to ?? line.length) < line.length;
  const before = shown.filter(({ to }) => to <= start);
  const marked = shown.filter((each) => each.to > start && each.from < end);
  return {
    text: (cutLeft ? '…' : '') + shown.map(({ text }) => text).join('') + (cutRight ? '…' : ''),
    indent: (cutLeft ? 1 : 0) + widthOf(before),
    length: Math.max(1, widthOf(marked)),
  };
}
