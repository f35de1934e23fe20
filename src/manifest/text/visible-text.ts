// Text of a stranger made harmless on one line: what would move the cursor or reorder the line is spelt out.

// By their numbers: a minifier writes a tab into the page's script as it is.
const letters: Readonly<Record<number, string>> = { 9: 't', 10: 'n', 13: 'r' };

/** Control characters, invisible reordering, and what is no character of XML, as escapes such as `\u001b`. */
export function visibleText(text: string): string {
  return text.replaceAll(
    // eslint-disable-next-line no-control-regex -- the characters to escape
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu,
    (character) => {
      const code = character.charCodeAt(0);
      const letter = letters[code];
      return letter === undefined ? `\\u${code.toString(16).padStart(4, '0')}` : `\\${letter}`;
    },
  );
}
