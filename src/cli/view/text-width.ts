// Text in columns of a terminal: how many it takes, and cut to what there is.
import stringWidth from 'string-width';

const ascii = /^[ -~]*$/;

/** Columns of a text. Nearly all are ASCII, one column for each character, which is told a hundred times faster. */
export function widthOf(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

/** A text without marks of colour, cut with an ellipsis where it is wider. */
export function clip(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  if (width < 1) return '';
  if (ascii.test(text)) return `${text.slice(0, width - 1)}…`;
  let clipped = '';
  let columns = 0;
  for (const character of text) {
    columns += stringWidth(character);
    if (columns > width - 1) break;
    clipped += character;
  }
  return `${clipped}…`;
}
