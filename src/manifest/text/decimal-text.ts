// Rounding that says no falsehood: what is written lies within half a unit of its last digit, and stays on its side of
// what it is compared with.

/** Beyond this many significant digits a number of 64 bits is not known. */
const mostDigits = 15;
/** From here on whole numbers are written with an exponent. */
const large = 1e15;

/** At most so many significant digits, but never fewer than the whole part has; zeros at the end are left out. */
export function significantText(value: number, digits: number): string {
  const size = Math.abs(value);
  if (size < large && Number.isInteger(value)) return String(value + 0);
  if (size >= large) return value.toExponential(digits - 1).replace(/\.?0*e/, 'e');
  return size >= 10 ** digits ? value.toFixed(0) : String(Number(value.toPrecision(digits)));
}

/** A difference: its sign, also where it is above 0, and four digits. */
export function signedText(difference: number): string {
  return (difference > 0 ? '+' : '') + significantText(difference, 4);
}

/** A value to the place of 10^place, without a minus before nothing: -0.004 to the place of -2 is `0.00`. */
export function placeText(value: number, place: number): string {
  const exponent = exponentOf(value);
  if (value !== 0 && exponent - place >= mostDigits) return String(value);
  if (place >= -12 && Math.abs(value) < large) return unsignedZero(value.toFixed(Math.max(0, -place)));
  if (value !== 0 && exponent >= place) return value.toExponential(exponent - place);
  // Below the place: nothing of it is left, or one unit.
  return Math.abs(value) < 0.5 * 10 ** place ? '0' : `${value < 0 ? '-' : ''}1e${place < 0 ? '' : '+'}${place}`;
}

/** Decimals, more of them where they are needed to keep the value on its side of the others. */
export function fixedText(value: number, decimals: number, others: readonly number[] = []): string {
  for (let more = decimals; more <= mostDigits; more += 1) {
    const text = unsignedZero(value.toFixed(more));
    if (!keepsSides(Number(text), value, others)) continue;
    // With digits enough for the very number it is spelt as everywhere: -756.9077758789063 and …62 are one number.
    return more > decimals && Number(text) === value ? String(value) : text;
  }
  return String(value);
}

/** The exponent of ten of the first digit; 0 for 0. */
function exponentOf(value: number): number {
  return Number(value.toExponential().split('e')[1]);
}

/** The value times 10^places, exactly as its shortest decimal says: 0.285 by two places is 28.5. */
export function shifted(value: number, places: number): number {
  const [digits = '', exponent] = value.toExponential().split('e');
  return Number(`${digits}e${Number(exponent) + places}`);
}

/** Whether what is written is above, equal to or below each of the others as the value is. */
export function keepsSides(written: number, value: number, others: readonly number[]): boolean {
  return others.every((other) => Math.sign(written - other) === Math.sign(value - other));
}

function unsignedZero(text: string): string {
  return text.replace(/^-(?=[0.]*$)/, '');
}
