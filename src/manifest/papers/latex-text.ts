// Text of a stranger in LaTeX: shown as written, commanding nothing.
import { visibleText } from '../text/visible-text.ts';

const commands = new Map([
  ['\\', 'backslash'],
  ['~', 'asciitilde'],
  ['^', 'asciicircum'],
  ['<', 'less'],
  ['>', 'greater'],
  ['|', 'bar'],
]);

/** Text in which nothing is a command of LaTeX. */
export function latexText(text: string): string {
  return visibleText(text).replace(/[\\~^<>|{}%$#&_]/g, (character) => {
    const name = commands.get(character);
    return name === undefined ? `\\${character}` : `\\text${name}{}`;
  });
}

/** A comment of one line. */
export function latexComment(text: string): string {
  return `% ${visibleText(text)}`;
}
