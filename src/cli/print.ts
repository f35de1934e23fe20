// Printing: plain text for people, one JSON document with --json.
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(document: unknown): void {
  print(jsonText(document, 2));
}

/** JSON that a terminal shows as it is: control characters that JSON lets be, and those that reorder a line, escaped. */
export function jsonText(document: unknown, indent?: number): string {
  return JSON.stringify(document, null, indent).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Colours text where standard output is a terminal that wants it. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Columns of the terminal; a pipe, or a terminal that does not tell, has no limit. */
export function terminalWidth(): number {
  return process.stdout.columns || Infinity;
}
