// Means with their standard errors. The kit stands alone: src/statistics has the same estimate, and a test holds the two
// together to the last bit.

export interface MeanEstimate {
  readonly mean: number;
  /** Standard deviation of the mean, from the sample's own spread (n - 1 degrees of freedom). */
  readonly standardError: number;
  readonly n: number;
}

/** Mean of independent values. Throws a RangeError, which names `what`, for fewer than two: their spread says nothing. */
export function estimateMean(values: ArrayLike<number>, what: string): MeanEstimate {
  const n = values.length;
  if (n < 2) throw new RangeError(`The mean "${what}" needs at least two values for its standard error, it has ${n}`);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const mean = sum / n;
  // A second pass: the difference of the sums of squares cancels when the mean is large.
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return { mean, standardError: Math.sqrt(squares / (n - 1) / n), n };
}
