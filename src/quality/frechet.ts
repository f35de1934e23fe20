// The Frechet distance between the Gaussians that have the moments of two sets of samples (Heusel et al., 2017, which
// takes the features of Inception; here any features).
import { Matrix, QrDecomposition, SingularValueDecomposition } from 'ml-matrix';
import { countOf, slice, type Features } from './features.ts';

/**
 * |m1 - m2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)), with S the unbiased covariance. With few samples it is too large, also
 * between two sets of one law: compare with what real samples of the same number get.
 *
 * Writing S = R' R turns the last trace into the sum of the singular values of R1 R2', without a matrix root.
 */
export function frechetDistance(a: Features, b: Features): number {
  const [first, second] = [momentFactor(a), momentFactor(b)];
  let distance = 0;
  for (let d = 0; d < a.dim; d++) distance += (first.mean[d]! - second.mean[d]!) ** 2;
  const product = first.factor.mmul(second.factor.transpose());
  const { diagonal } = new SingularValueDecomposition(product, {
    computeLeftSingularVectors: false,
    computeRightSingularVectors: false,
    autoTranspose: true,
  });
  const root = diagonal.reduce((sum, value) => sum + value, 0);
  return distance + first.trace + second.trace - 2 * root;
}

/**
 * `frechetDistance` and its standard error by the jackknife over `blocks` blocks of both sets.
 * A RangeError unless each set has two vectors for every block.
 */
export function frechetEstimate(a: Features, b: Features, blocks: number): { value: number; standardError: number } {
  const without = Array.from({ length: blocks }, (_, block) =>
    frechetDistance(withoutBlock(a, block, blocks), withoutBlock(b, block, blocks)),
  );
  const mean = without.reduce((sum, value) => sum + value, 0) / blocks;
  const squares = without.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { value: frechetDistance(a, b), standardError: Math.sqrt(((blocks - 1) / blocks) * squares) };
}

/** All vectors but those of one of `blocks` blocks of nearly equal size. */
function withoutBlock(features: Features, block: number, blocks: number): Features {
  const count = countOf(features);
  if (count < 2 * blocks) throw new RangeError(`${count} vectors are too few for a jackknife over ${blocks} blocks`);
  const edge = (k: number): number => Math.floor((k * count) / blocks);
  const [before, after] = [slice(features, 0, edge(block)), slice(features, edge(block + 1), count)];
  const values = new Float32Array(before.values.length + after.values.length);
  values.set(before.values);
  values.set(after.values, before.values.length);
  return { values, dim: features.dim };
}

/** Mean, and R with R' R the covariance: the centered samples themselves where they are few, otherwise their QR factor. */
function momentFactor(features: Features): { mean: Float64Array; factor: Matrix; trace: number } {
  const { values, dim } = features;
  const count = countOf(features);
  if (count < 2) throw new RangeError(`A covariance needs at least two vectors, got ${count}`);
  const mean = new Float64Array(dim);
  for (let i = 0; i < values.length; i++) mean[i % dim]! += values[i]! / count;
  const centered = new Matrix(count, dim);
  let trace = 0;
  for (let i = 0; i < count; i++) {
    for (let d = 0; d < dim; d++) {
      const value = (values[i * dim + d]! - mean[d]!) / Math.sqrt(count - 1);
      centered.set(i, d, value);
      trace += value * value;
    }
  }
  return { mean, trace, factor: count > dim ? new QrDecomposition(centered).upperTriangularMatrix : centered };
}
