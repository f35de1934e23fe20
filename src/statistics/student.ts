// Student's t distribution: intervals for the mean of few replicates.
import { logGamma } from './gamma.ts';
import type { MeanEstimate } from './mean.ts';

/** The interval that holds the true mean with this confidence, such as 0.95, if the values are normal. */
export function studentInterval({ mean, standardError, n }: MeanEstimate, confidence: number): [number, number] {
  const half = studentQuantile((1 + confidence) / 2, n - 1) * standardError;
  return [mean - half, mean + half];
}

/** The t that a Student variable with `degrees` > 0 degrees of freedom stays below with probability p in (0, 1). */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`studentQuantile: p must be in (0, 1), got ${p}`);
  if (!(degrees > 0)) throw new RangeError(`studentQuantile: degrees must be > 0, got ${degrees}`);
  if (p < 0.5) return -studentQuantile(1 - p, degrees);
  if (p === 0.5) return 0;
  let low = 0;
  let high = 1;
  while (upperTail(high, degrees) > 1 - p) high *= 2;
  // Bisection to the last bit: some sixty steps of a few microseconds, and nothing to tune.
  for (;;) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) return middle;
    if (upperTail(middle, degrees) > 1 - p) low = middle;
    else high = middle;
  }
}

/** P(T > t) for a Student variable with `degrees` > 0 degrees of freedom; infinite t are its limits. */
export function studentTail(t: number, degrees: number): number {
  if (!(degrees > 0)) throw new RangeError(`studentTail: degrees must be > 0, got ${degrees}`);
  return t < 0 ? 1 - upperTail(-t, degrees) : upperTail(t, degrees);
}

/** P(T > t) for t >= 0. */
function upperTail(t: number, degrees: number): number {
  return incompleteBeta(degrees / (degrees + t * t), degrees / 2, 1 / 2) / 2;
}

/** The regularized incomplete beta function I_x(a, b) (DLMF 8.17.22), by Lentz's method. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast only below the mean; beyond it, use the mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log1p(-x)) / a;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  for (let m = 1; m < 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / (1 + even * d);
    c = 1 + even / c;
    fraction *= c * d;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / (1 + odd * d);
    c = 1 + odd / c;
    fraction *= c * d;
    if (Math.abs(c * d - 1) < 1e-16) break;
  }
  return front * fraction;
}
