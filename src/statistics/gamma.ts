// The gamma function's logarithm and its derivative.

/** log Gamma(x) for x > 0: Stirling's series (DLMF 5.11.1) after moving x above 12 by the recurrence. */
export function logGamma(x: number): number {
  let shift = 0;
  while (x < 12) shift += Math.log(x++);
  const z = 1 / (x * x);
  const series = (1 / 12 - z * (1 / 360 - z * (1 / 1260 - z * (1 / 1680 - z / 1188)))) / x;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series - shift;
}

/** psi(x), the derivative of log Gamma, for x > 0: the series (DLMF 5.11.2) above 12, the recurrence below. */
export function digamma(x: number): number {
  let shift = 0;
  while (x < 12) shift += 1 / x++;
  const z = 1 / (x * x);
  const series = z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z / 132))));
  return Math.log(x) - 0.5 / x - series - shift;
}
