// The logarithm of the mean of weights that are given as logarithms: of importance sampling.
import { meanAndStandardError } from './mean.ts';

export interface LogMean {
  /** ln of the mean weight. */
  readonly value: number;
  /** By the delta method, from the spread of the weights: too small where few weights carry the sum. */
  readonly standardError: number;
  readonly n: number;
  /** (sum w)^2 / (n sum w^2), in (0, 1]: where it is small, neither of the two is to be trusted. */
  readonly effectiveShare: number;
  /** Share of the sum of weights that the largest has. */
  readonly largestShare: number;
}

/** ln mean exp of independent log weights, at least two, nats. */
export function logMeanExp(logWeights: ArrayLike<number>): LogMean {
  const logs = Array.from(logWeights);
  // Weights relative to the largest.
  const largest = logs.reduce((a, b) => Math.max(a, b), -Infinity);
  const weights = logs.map((log) => Math.exp(log - largest));
  const { mean, standardError, n } = meanAndStandardError(weights);
  const squares = weights.reduce((total, weight) => total + weight ** 2, 0);
  return {
    value: largest + Math.log(mean),
    standardError: standardError / mean,
    n,
    effectiveShare: (n * mean ** 2) / squares,
    largestShare: 1 / (n * mean),
  };
}
