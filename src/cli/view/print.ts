// Printing: plain text for people, one JSON document with --json. All that reaches a terminal passes here, and is made
// safe here: of what could move a cursor or reorder a line, only the colours that `paint` put there come through.
import { randomInt } from 'node:crypto';
import { styleText } from 'node:util';
import { visibleText } from '../../manifest/text/visible-text.ts';

export type Style = Extract<Parameters<typeof styleText>[0], string>;

/** Prints lines. A line break in one is spelt out, so that no text from outside can look like a line of ours. */
export function print(...lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${terminalText(line)}\n`).join(''));
}

/** Prints lines on standard error. */
export function complain(...lines: readonly string[]): void {
  process.stderr.write(lines.map((line) => `${terminalText(line)}\n`).join(''));
}

export function printJson(document: unknown): void {
  process.stdout.write(`${jsonText(document, 2)}\n`);
}

/** A text whose bytes are the result, such as a filled template: to a file or pipe as it is, to a terminal made safe. */
export function printDocument(text: string): void {
  const safe = (line: string) => line.split('\t').map(visibleText).join('\t');
  process.stdout.write(process.stdout.isTTY ? text.split('\n').map(safe).join('\n') : text);
}

/** JSON that a terminal shows as it is: control characters that JSON lets be, and those that reorder a line, escaped. */
export function jsonText(document: unknown, indent?: number): string {
  return JSON.stringify(document, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Text in a style, where standard output is a terminal that wants colours. */
export function paint(style: Style | readonly Style[], text: string): string {
  return wantsColor(process.stdout) ? mark(style, text) : text;
}

/** FORCE_COLOR decides where it is set, then NO_COLOR, then whether it is a terminal. */
export function wantsColor(stream: { readonly isTTY?: boolean }): boolean {
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: terminal } = process.env;
  if (force !== undefined) return force !== '0' && force !== 'false';
  return (none ?? '') === '' && stream.isTTY === true && terminal !== 'dumb';
}

/** A terminal whose lines may be drawn over. Who reads with a screen reader says so with ACCESSIBLE, or NO_COLOR. */
export function wantsMotion(stream: { readonly isTTY?: boolean }): boolean {
  const { ACCESSIBLE: accessible, NO_COLOR: noColor, TERM: terminal } = process.env;
  return stream.isTTY === true && terminal !== 'dumb' && (accessible ?? '') === '' && (noColor ?? '') === '';
}

/** Columns of the terminal; a pipe, or a terminal that does not tell, has no limit. */
export function terminalWidth(): number {
  return process.stdout.columns || Infinity;
}

/** A line for a terminal: what `paint` marked in colour, everything else visible. */
export function terminalText(line: string): string {
  return visibleBetween(line, (code) => `\u001b[${code}m`);
}

/** The same with its marks left as they are: what is measured, cut or padded must be what will be shown. */
export function printable(text: string): string {
  return visibleBetween(text, markOf);
}

function visibleBetween(line: string, marked: (code: string) => string): string {
  return line
    .split(marks)
    .map((part, index) => (index % 2 === 0 ? visibleText(part) : marked(part)))
    .join('');
}

// Our colours carry a number that no text from outside can know. As numbers of a colour code they have no width.
const secret = [0, 0, 0, 0].map(() => randomInt(1000, 10000)).join(';');
const markOf = (code: string): string => `\u001b[${secret};${code}m`;
const marks = new RegExp(`\\u001b\\[${secret};(\\d+)m`);

/** Text in a style, for `print` and `complain`, which let it through. */
export function mark(style: Style | readonly Style[], text: string): string {
  const coded = styleText([...[style].flat()] as Style[], '\0', { validateStream: false });
  // eslint-disable-next-line no-control-regex -- the codes to mark
  return coded.replace(/\u001b\[(\d+)m/g, (_, code: string) => markOf(code)).replace('\0', () => text);
}
