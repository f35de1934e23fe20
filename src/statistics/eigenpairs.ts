// The leading eigenvectors of a covariance. All of them are found by a dense decomposition, which takes dim^3: seconds at the
// 784 pixels of a digit, minutes at the 3,072 of a small image in colour. There, a Lanczos iteration finds those that are asked for.
import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

export interface Eigenpairs {
  /** In ascending order. */
  readonly values: Float64Array;
  /** Orthonormal, [values.length, dim], row-major. */
  readonly vectors: Float64Array;
}

/** Up to here the dense decomposition takes seconds. */
export const largestDense = 800;
/** Lanczos vectors before the first look at what has converged. */
const firstLook = 64;
/** |A v - lambda v| over lambda of a pair that has converged. */
const tolerance = 1e-5;

/** The eigenpairs of a symmetric positive semidefinite matrix [dim, dim] whose eigenvalues are above `least` > 0. */
export function eigenpairsAbove(matrix: Float64Array, dim: number, least: number): Eigenpairs {
  return (dim > largestDense ? lanczos(matrix, dim, least) : null) ?? dense(matrix, dim, least);
}

function dense(matrix: Float64Array, dim: number, least: number): Eigenpairs {
  const { values, vectors } = decompose(matrix, dim);
  const kept = [...values.keys()].filter((k) => values[k]! > least);
  return {
    values: Float64Array.from(kept, (k) => values[k]!),
    vectors: Float64Array.from({ length: kept.length * dim }, (_, i) =>
      vectors.get(i % dim, kept[Math.floor(i / dim)]!),
    ),
  };
}

/**
 * With full reorthogonalization (Golub and Van Loan, Matrix Computations, section 10.3). The basis doubles until all pairs above
 * `least` have converged. Null where that would take half of all dimensions: a dense decomposition is as quick then.
 */
function lanczos(matrix: Float64Array, dim: number, least: number): Eigenpairs | null {
  const size = matrix.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const basis: Float64Array[] = [];
  const [diagonal, beside]: [number[], number[]] = [[], []];
  let next = start(dim, basis);
  for (let look = firstLook; look <= dim / 2; look *= 2) {
    while (basis.length < look) {
      basis.push(next);
      const image = times(matrix, next);
      diagonal.push(dot(image, next));
      const length = orthogonalize(image, basis);
      // Where the basis is closed under the matrix, what is left is rounding: the iteration begins again beside it.
      const isClosed = length <= 1e-10 * size;
      beside.push(isClosed ? 0 : length);
      next = isClosed ? start(dim, basis) : image.map((value) => value / length);
    }
    const found = ritzPairs(basis, diagonal, beside, least);
    if (found !== null) return found;
  }
  return null;
}

/** The eigenpairs above `least` as the basis has them; null where one has not converged, or nothing says that all are there. */
function ritzPairs(
  basis: readonly Float64Array[],
  diagonal: readonly number[],
  beside: readonly number[],
  least: number,
): Eigenpairs | null {
  const count = basis.length;
  const small = new Float64Array(count * count);
  for (let i = 0; i < count; i++) {
    small[i * (count + 1)] = diagonal[i]!;
    if (i > 0) small[i * count + i - 1] = small[(i - 1) * count + i] = beside[i - 1]!;
  }
  const { values, vectors } = decompose(small, count);
  const kept = [...values.keys()].filter((k) => values[k]! > least);
  const hasConverged = (k: number): boolean =>
    Math.abs(beside[count - 1]! * vectors.get(count - 1, k)) <= tolerance * values[k]!;
  if (kept.length === count || !kept.every(hasConverged)) return null;
  const dim = basis[0]!.length;
  const found = new Float64Array(kept.length * dim);
  for (const [row, k] of kept.entries()) {
    const vector = found.subarray(row * dim, (row + 1) * dim);
    for (const [j, direction] of basis.entries()) add(vector, vectors.get(j, k), direction);
  }
  return { values: Float64Array.from(kept, (k) => values[k]!), vectors: found };
}

function decompose(matrix: Float64Array, dim: number): { values: readonly number[]; vectors: Matrix } {
  const options = { assumeSymmetric: true };
  const found = new EigenvalueDecomposition(Matrix.from1DArray(dim, dim, matrix), options);
  return { values: found.realEigenvalues, vectors: found.eigenvectorMatrix };
}

/** A unit vector beside the basis. Any will do that has a part of each eigenvector: here multiples of an irrational number. */
function start(dim: number, basis: readonly Float64Array[]): Float64Array {
  const step = (basis.length + 1) * 0.618033988749895;
  const vector = Float64Array.from({ length: dim }, (_, i) => (((i + 1) * step) % 1) - 0.5);
  const length = orthogonalize(vector, basis);
  return vector.map((value) => value / length);
}

/** Takes off what a vector has of the basis, twice, as once leaves rounding; returns its length then. */
function orthogonalize(vector: Float64Array, basis: readonly Float64Array[]): number {
  for (let pass = 0; pass < 2; pass++) {
    for (const direction of basis) add(vector, -dot(vector, direction), direction);
  }
  return Math.sqrt(dot(vector, vector));
}

function times(matrix: Float64Array, vector: Float64Array): Float64Array {
  const dim = vector.length;
  return Float64Array.from(vector, (_, i) => dot(matrix.subarray(i * dim, (i + 1) * dim), vector));
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function add(to: Float64Array, factor: number, vector: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * vector[i]!;
}
