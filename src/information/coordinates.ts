// Coordinates that make a dependence easy to learn: every coordinate of x and of y mapped by itself to N(0, 1), then x and y
// each mapped linearly so that only pairs of coordinates are correlated. That leaves the mutual information as it is. Or the
// few variates of features that are correlated most, which lets go of some of it. All of it is found on training data.
import { canonicalVariates } from './canonical-variates.ts';
import { lengthFeatures } from './length-features.ts';
import { normalScores } from './normal-scores.ts';
import type { Pairs } from './pair.ts';

/** Pairs in these coordinates, row-major: x [count, dimX] and y [count, dimY]. */
export interface CanonicalPairs {
  readonly x: Float32Array;
  readonly y: Float32Array;
}

export interface CanonicalCoordinates {
  /** How many there are of x and of y. */
  readonly dimX: number;
  readonly dimY: number;
  /** Of x_i and y_i on the training data, decreasing, [min(dimX, dimY)]. Other coordinates are uncorrelated. */
  readonly correlations: Float64Array;
  readonly map: (pairs: Pairs) => CanonicalPairs;
}

/** The coordinates of training pairs of these dimensions: canonical variates of normal scores, as many as there are. */
export function canonicalCoordinates(training: Pairs, dimX: number, dimY: number): CanonicalCoordinates {
  const scoresX = normalScores(training.x, dimX);
  const scoresY = normalScores(training.y, dimY);
  const { correlations, ofX, ofY } = canonicalVariates(scoresX(training.x), dimX, scoresY(training.y), dimY);
  return { dimX, dimY, correlations, map: (pairs) => ({ x: ofX(scoresX(pairs.x)), y: ofY(scoresY(pairs.y)) }) };
}

/**
 * For each of the counts: the coordinates of the first so many canonical variates of features of this degree (length-features.ts).
 * They are functions of x and of y, so that their mutual information is at most that of x and y.
 */
export function lengthCoordinates(
  training: Pairs,
  dimX: number,
  dimY: number,
  degree: number,
  counts: readonly number[],
): CanonicalCoordinates[] {
  const featuresX = lengthFeatures(training.x, dimX, degree);
  const featuresY = lengthFeatures(training.y, dimY, degree);
  const [x, y] = [featuresX.of(training.x), featuresY.of(training.y)];
  const { ofX, ofY } = canonicalVariates(x, featuresX.count, y, featuresY.count);
  return counts.map((count) => {
    const variates = (pairs: Pairs): Pairs => ({
      x: Float64Array.from(ofX(featuresX.of(pairs.x), count)),
      y: Float64Array.from(ofY(featuresY.of(pairs.y), count)),
    });
    const { map, ...coordinates } = canonicalCoordinates(variates(training), count, count);
    return { ...coordinates, map: (pairs) => map(variates(pairs)) };
  });
}

/**
 * The mean log of p(x, y) / (p(x) p(y)) of Gaussian pairs with the first `count` of these correlations, over pairs in their
 * coordinates, at each: [pairs], nats. With the copula of a normal law it is the mutual information.
 */
export function gaussianPairLogRatios(
  { x, y }: CanonicalPairs,
  correlations: ArrayLike<number>,
  dimX: number,
  dimY: number,
): Float64Array {
  return Float64Array.from({ length: x.length / dimX }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < correlations.length; k++) {
      const [rho, a, b] = [correlations[k]!, x[i * dimX + k]!, y[i * dimY + k]!];
      const left = 1 - rho ** 2;
      sum += b ** 2 / 2 - (b - rho * a) ** 2 / (2 * left) - Math.log(left) / 2;
    }
    return sum;
  });
}
