// Improved precision and recall (Kynkaanniemi et al., 2019): how many samples look real, and how much of what is real
// has samples.
import { countOf, type Features } from './features.ts';

/**
 * The share of `samples` within the balls around the vectors of `reference` that reach to their k-th nearest neighbour
 * in `reference`. Precision has real vectors as the reference and recall has them as the samples.
 * A RangeError unless there are more than k reference vectors.
 */
export function coverage(samples: Features, reference: Features, k: number): number {
  const [rows, columns] = [countOf(samples), countOf(reference)];
  if (columns <= k) throw new RangeError(`coverage: ${columns} reference vectors have no ${k}-th neighbour`);
  const reach = Float64Array.from({ length: columns }, (_, j) => {
    const distances = Float64Array.from({ length: columns }, (_, i) => squaredDistance(reference, j, reference, i));
    // The nearest is the vector itself, at distance 0.
    return distances.sort()[k]!;
  });
  let inside = 0;
  for (let i = 0; i < rows; i++) {
    if (reach.some((radius, j) => squaredDistance(samples, i, reference, j) <= radius)) inside++;
  }
  return inside / rows;
}

function squaredDistance(a: Features, i: number, b: Features, j: number): number {
  const { dim } = a;
  let sum = 0;
  for (let d = 0; d < dim; d++) sum += (a.values[i * dim + d]! - b.values[j * dim + d]!) ** 2;
  return sum;
}
