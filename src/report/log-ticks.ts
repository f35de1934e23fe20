// Labels of a logarithmic axis: decades, and what lies between them where few decades are shown.

/** @param decades How many the axis spans */
export function logTickText(value: number, decades: number): string {
  const exponent = Math.floor(Math.log10(value) + 1e-9);
  const digit = value / 10 ** exponent;
  if (decades > 2 && Math.abs(digit - 1) > 1e-9) return '';
  if (decades > 0.7 && ![1, 2, 5].some((shown) => Math.abs(digit - shown) < 1e-9)) return '';
  return exponent >= -4 && exponent <= 5
    ? String(Number(value.toPrecision(6)))
    : value.toExponential().replace('+', '');
}
