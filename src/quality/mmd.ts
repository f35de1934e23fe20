// The squared maximum mean discrepancy of two sets of samples (Gretton et al., 2012), with the cubic kernel of the kernel
// inception distance (Binkowski et al., 2018). Unlike the Frechet distance its estimate has no bias.
import { meanAndStandardError, type MeanEstimate } from '../statistics/mean.ts';
import { countOf, slice, type Features } from './features.ts';

/**
 * Mean over `blocks` disjoint blocks of the unbiased estimate of E k(x, x') + E k(y, y') - 2 E k(x, y), with k(x, y) =
 * (<x, y> / dim + 1)^3, and its standard error over blocks. Zero in expectation for two sets of one law, so it can be
 * negative. A RangeError unless both sets have as many vectors, and two for each block.
 */
export function kernelDistance(a: Features, b: Features, blocks: number): MeanEstimate {
  const count = countOf(a);
  if (count !== countOf(b)) throw new RangeError(`kernelDistance: ${count} vectors against ${countOf(b)}`);
  const size = Math.floor(count / blocks);
  if (size < 2) throw new RangeError(`kernelDistance: ${count} vectors are too few for ${blocks} blocks`);
  return meanAndStandardError(
    Array.from({ length: blocks }, (_, block) => {
      const [x, y] = [a, b].map((features) => slice(features, block * size, (block + 1) * size)) as [
        Features,
        Features,
      ];
      return meanKernel(x, x) + meanKernel(y, y) - 2 * meanKernel(x, y);
    }),
  );
}

/** Mean of k over all pairs; over pairs of different vectors where both sets are one. */
function meanKernel(a: Features, b: Features): number {
  const { dim } = a;
  const [rows, columns] = [countOf(a), countOf(b)];
  let sum = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      if (a === b && i === j) continue;
      let product = 0;
      for (let d = 0; d < dim; d++) product += a.values[i * dim + d]! * b.values[j * dim + d]!;
      sum += (product / dim + 1) ** 3;
    }
  }
  return sum / (a === b ? rows * (rows - 1) : rows * columns);
}
