// The area under the ROC curve: how well one score tells two groups apart.

export interface Auroc {
  /** P(positive score > negative score), ties counting half. */
  readonly value: number;
  readonly standardError: number;
}

/**
 * The Mann-Whitney estimate, and its standard error by DeLong et al. (1988): the spread, over each group, of the share of
 * the other group that a member beats. A RangeError for groups of fewer than two.
 */
export function auroc(positive: ArrayLike<number>, negative: ArrayLike<number>): Auroc {
  const [m, n] = [positive.length, negative.length];
  if (m < 2 || n < 2) throw new RangeError(`auroc: both groups need two scores, they have ${m} and ${n}`);
  const above = Array.from(positive, (score) => share(score, negative));
  const below = Array.from(negative, (score) => 1 - share(score, positive));
  const value = above.reduce((sum, part) => sum + part, 0) / m;
  const variance = (parts: readonly number[]): number =>
    parts.reduce((sum, part) => sum + (part - value) ** 2, 0) / (parts.length - 1);
  return { value, standardError: Math.sqrt(variance(above) / m + variance(below) / n) };
}

/** The share of `others` that is below `score`; equal ones count half. */
function share(score: number, others: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < others.length; i++) sum += others[i]! < score ? 1 : others[i] === score ? 0.5 : 0;
  return sum / others.length;
}
