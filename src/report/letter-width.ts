// How wide a text will be, about, where nothing can measure it: by the letters of DejaVu Sans, the widest of the fonts that a
// figure is read in. So texts beside each other never touch, and stand a little apart in other fonts.

/** Widths in units of the font's size; a character has that of the first row it is in. */
const widths: readonly (readonly [width: number, characters: RegExp])[] = [
  [0.33, /[iIjl.,:;'| ]/],
  [0.42, /[ftrJ()[\]{}!/\\-]/],
  [0.56, /[cszL*"°]/],
  [1.02, /[mMW%@—…]/],
  [0.85, /[w=+<>~±×÷≤≥≈→←↑↓−]/],
  [0.65, /[a-z0-9EFKPRSTY_?$]/],
  [0.78, /[A-Z&Δ]/],
];

/** Beyond Latin, Greek and Cyrillic, letters are as wide as they are high. */
function characterWidth(character: string): number {
  if (character > '\u2e7f') return 1.05;
  return widths.find(([, characters]) => characters.test(character))?.[0] ?? 0.7;
}

/** In the units of `size`. */
export function textWidth(text: string, size: number): number {
  return Array.from(text).reduce((width, character) => width + characterWidth(character), 0) * size;
}

/** The beginning of a text that is wider than there is room. */
export function shortened(text: string, size: number, room: number): string {
  if (textWidth(text, size) <= room) return text;
  let [kept, width] = ['', textWidth('…', size)];
  for (const character of text) {
    width += textWidth(character, size);
    if (width > room) break;
    kept += character;
  }
  return `${kept.trimEnd()}…`;
}

/** A text in lines that there is room for, broken between words; the last of so many has all that is left. */
export function linesOf(text: string, size: number, room: number, most: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    const joined = last === undefined ? word : `${last} ${word}`;
    const fits = lines.length === most || textWidth(joined, size) <= room;
    if (last !== undefined && fits) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines.map((line) => shortened(line, size, room));
}
