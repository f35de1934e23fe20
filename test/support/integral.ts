// Integrals by summation, the reference for closed forms.

/** log of the integral of exp(log(u)) over [a, b] by Simpson's rule, relative to its largest value: for any tail. */
export function logIntegral(log: (u: number) => number, a: number, b: number, points = 20_000): number {
  const step = (b - a) / points;
  const logs = Array.from({ length: points + 1 }, (_, i) => log(a + i * step));
  const largest = Math.max(...logs);
  const weightAt = (i: number) => (i === 0 || i === points ? 1 : i % 2 === 1 ? 4 : 2);
  return (
    largest + Math.log(logs.reduce((sum, value, i) => sum + weightAt(i) * Math.exp(value - largest), 0) * (step / 3))
  );
}
