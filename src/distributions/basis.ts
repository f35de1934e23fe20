// Orthonormal bases of R^dim in which a covariance is diagonal.

/** Batches are row-major, [count, dim], on both sides. */
export interface Basis {
  readonly dim: number;
  /** The inner products of each vector with the basis vectors. */
  coordinates(vectors: ArrayLike<number>): Float64Array;
  /** The inverse: the vectors with these coordinates. */
  vectors(coordinates: ArrayLike<number>): Float64Array;
}

/** The coordinate axes. */
export function identityBasis(dim: number): Basis {
  const copy = (values: ArrayLike<number>) => new Float64Array(values);
  return { dim, coordinates: copy, vectors: copy };
}

/**
 * Sum and difference of each pair, (x[2j] + x[2j+1]) / sqrt 2 and (x[2j] - x[2j+1]) / sqrt 2: diagonal for pairs of
 * any correlation, and its own inverse. `dim` is even.
 */
export function pairBasis(dim: number): Basis {
  if (dim % 2 !== 0) throw new RangeError(`pairBasis: dim must be even, got ${dim}`);
  const rotate = (values: ArrayLike<number>) => {
    const rotated = new Float64Array(values.length);
    for (let i = 0; i < values.length; i += 2) {
      rotated[i] = (values[i]! + values[i + 1]!) * Math.SQRT1_2;
      rotated[i + 1] = (values[i]! - values[i + 1]!) * Math.SQRT1_2;
    }
    return rotated;
  };
  return { dim, coordinates: rotate, vectors: rotate };
}

/** The columns of an orthogonal matrix [dim, dim], row-major. */
export function matrixBasis(columns: Float64Array): Basis {
  const dim = Math.sqrt(columns.length);
  return {
    dim,
    coordinates(vectors) {
      const result = new Float64Array(vectors.length);
      for (let begin = 0; begin < vectors.length; begin += dim) {
        for (let i = 0; i < dim; i++) {
          const value = vectors[begin + i]!;
          for (let k = 0; k < dim; k++) result[begin + k]! += value * columns[i * dim + k]!;
        }
      }
      return result;
    },
    vectors(coordinates) {
      const result = new Float64Array(coordinates.length);
      for (let begin = 0; begin < coordinates.length; begin += dim) {
        for (let i = 0; i < dim; i++) {
          let sum = 0;
          for (let k = 0; k < dim; k++) sum += columns[i * dim + k]! * coordinates[begin + k]!;
          result[begin + i] = sum;
        }
      }
      return result;
    },
  };
}
