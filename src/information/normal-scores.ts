// Normal scores: values by the normal quantiles of their ranks.
import { normalQuantile } from '../tensor/random.ts';

/**
 * Each coordinate of rows [count, dim] to the normal quantile of its rank among the training values, linear between those
 * of neighbours and constant beyond the last. Equal training values have their middle rank.
 */
export function normalScores(training: Float64Array, dim: number): (rows: Float64Array) => Float64Array {
  const count = training.length / dim;
  const sorted = Array.from({ length: dim }, (_, d) =>
    Float64Array.from({ length: count }, (_unused, i) => training[i * dim + d]!).sort(),
  );
  const scores = Float64Array.from({ length: count }, (_, i) => normalQuantile((i + 0.5) / count - 0.5));
  return (rows) => rows.map((value, k) => interpolate(sorted[k % dim]!, scores, value));
}

/** The piecewise linear function through (knots, values) at a point; knots are not decreasing. */
function interpolate(knots: Float64Array, values: Float64Array, point: number): number {
  const [first, last] = [below(knots, (knot) => knot < point), below(knots, (knot) => knot <= point)];
  // Knots first .. last-1 equal the point.
  if (first < last) return (values[first]! + values[last - 1]!) / 2;
  if (first === 0) return values[0]!;
  if (first === knots.length) return values[first - 1]!;
  const share = (point - knots[first - 1]!) / (knots[first]! - knots[first - 1]!);
  return values[first - 1]! + share * (values[first]! - values[first - 1]!);
}

/** How many knots, from the first on, are such. */
function below(knots: Float64Array, isSuch: (knot: number) => boolean): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isSuch(knots[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
