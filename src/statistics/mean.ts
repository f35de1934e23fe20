// Means with their standard errors: how far a number may be from what it estimates.

export interface MeanEstimate {
  readonly mean: number;
  /** Standard deviation of the mean, from the sample's own spread (n - 1 degrees of freedom). */
  readonly standardError: number;
  readonly n: number;
}

/** Mean of independent values. Throws a RangeError for fewer than two, whose spread says nothing. */
export function meanAndStandardError(values: ArrayLike<number>): MeanEstimate {
  const n = values.length;
  if (n < 2) throw new RangeError(`meanAndStandardError: at least two values are needed, got ${n}`);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const mean = sum / n;
  // A second pass: the difference of the sums of squares cancels when the mean is large.
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n), n };
}

/**
 * Difference of the means of two independent samples, with Welch's degrees of freedom (Satterthwaite's approximation):
 * the variances need not be equal.
 */
export function welchDifference(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { mean: number; standardError: number; degreesOfFreedom: number } {
  const [first, second] = [meanAndStandardError(a), meanAndStandardError(b)];
  const [u, v] = [first.standardError ** 2, second.standardError ** 2];
  return {
    mean: first.mean - second.mean,
    standardError: Math.sqrt(u + v),
    degreesOfFreedom:
      u + v === 0 ? first.n + second.n - 2 : (u + v) ** 2 / (u ** 2 / (first.n - 1) + v ** 2 / (second.n - 1)),
  };
}

/**
 * Mean of a[i] - b[i] for two methods measured on the same cases: what the cases have in common cancels, so the
 * standard error is that of the difference alone. Throws a RangeError for unequal lengths.
 */
export function pairedDifference(a: ArrayLike<number>, b: ArrayLike<number>): MeanEstimate {
  if (a.length !== b.length) throw new RangeError(`pairedDifference: ${a.length} values against ${b.length}`);
  return meanAndStandardError(Float64Array.from({ length: a.length }, (_, i) => a[i]! - b[i]!));
}
