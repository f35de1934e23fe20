// Holm's step-down correction: several tests, and still the chance of a single false claim is what was asked for.

/**
 * p-values after correction, in their order: a test passes at level a when its corrected p is at most a (S. Holm, 1979).
 * The i-th smallest of m is multiplied by m - i + 1, and none falls below one that was smaller before.
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, index) => index).sort((a, b) => p[a]! - p[b]!);
  const corrected = new Array<number>(p.length);
  let most = 0;
  order.forEach((index, rank) => {
    most = Math.max(most, Math.min(1, p[index]! * (p.length - rank)));
    corrected[index] = most;
  });
  return corrected;
}
