// How much estimates of one function vary between replicas, and hence how wrong each is, without knowing the function.
import { jackknife } from './jackknife.ts';
import { meanAndStandardError } from './mean.ts';

const BLOCKS = 10;

/**
 * Variance over points of the error of one replica, from values[replica][point] of at least two: half the variance over points of
 * the difference of two replicas, mean over pairs. What all replicas get wrong alike is not in it; nor is a constant. Its standard
 * error is that of the points (jackknife over blocks) and, of three replicas or more, that of the replicas (over them).
 */
export function varianceBetweenReplicas(values: readonly ArrayLike<number>[]): {
  value: number;
  standardError: number;
} {
  if (values.length < 2) throw new RangeError(`varianceBetweenReplicas: at least two are needed, got ${values.length}`);
  const n = values[0]!.length;
  const blocks = Array.from({ length: BLOCKS }, (_, block) => {
    const edge = (k: number): number => Math.floor((k * n) / BLOCKS);
    return values.map((own) => Array.from(own).slice(edge(block), edge(block + 1)));
  });
  const { value, standardError } = jackknife(blocks, (kept) =>
    halfVariance(values.map((_, replica) => kept.flatMap((block) => block[replica]!))),
  );
  const ofReplicas = values.length < 3 ? 0 : jackknife(values, halfVariance).standardError;
  return { value, standardError: Math.hypot(standardError, ofReplicas) };
}

function halfVariance(values: readonly ArrayLike<number>[]): number {
  const halves = halfVariances(values).flat();
  return halves.reduce((sum, half) => sum + half, 0) / halves.length;
}

/** Half the variance over points of the difference of replicas: [i][j] is that of i and j < i. */
export function halfVariances(values: readonly ArrayLike<number>[]): number[][] {
  return values.map((a, i) =>
    values.slice(0, i).map((b) => varianceOf(Array.from(a, (value, k) => value - b[k]!)) / 2),
  );
}

/** Variance of values around their mean, with n - 1 in the denominator. */
export function varianceOf(values: ArrayLike<number>): number {
  const { standardError, n } = meanAndStandardError(values);
  return standardError ** 2 * n;
}
