// Printing: plain text for people, one JSON document with --json.
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printJson(document: unknown): void {
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

/** Colours text where standard output is a terminal that wants it. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Columns of the terminal; a pipe, or a terminal that does not tell, has no limit. */
export function terminalWidth(): number {
  return process.stdout.columns || Infinity;
}
