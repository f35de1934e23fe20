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

/**
 * Images [size * size, 3], of the last axis the colours, over a basis of their planes: the coordinates of each plane, and at
 * each of those the colours as brightness (1, 1, 1) / sqrt 3, (1, 0, -1) / sqrt 2 and (1, -2, 1) / sqrt 6.
 */
export function colourBasis(plane: Basis): Basis {
  const dim = 3 * plane.dim;
  const colours = [
    [1, 1, 1].map((value) => value / Math.sqrt(3)),
    [1, 0, -1].map((value) => value / Math.SQRT2),
    [1, -2, 1].map((value) => value / Math.sqrt(6)),
  ];
  const eachPlane = (map: Basis['vectors'], values: ArrayLike<number>): Float64Array => {
    const result = new Float64Array(values.length);
    const own = new Float64Array(values.length / 3);
    for (const channel of [0, 1, 2]) {
      for (let i = 0; i < own.length; i++) own[i] = values[3 * i + channel]!;
      for (const [i, value] of map(own).entries()) result[3 * i + channel] = value;
    }
    return result;
  };
  /** The colour at every place, to its coordinates or back from them. */
  const turn = (values: Float64Array, weight: (from: number, to: number) => number): Float64Array =>
    values.map((_, i) => {
      const [first, to] = [i - (i % 3), i % 3];
      return [0, 1, 2].reduce((sum, from) => sum + weight(from, to) * values[first + from]!, 0);
    });
  return {
    dim,
    coordinates: (vectors) => turn(eachPlane(plane.coordinates, vectors), (from, to) => colours[to]![from]!),
    vectors: (coordinates) =>
      eachPlane(
        plane.vectors,
        turn(Float64Array.from(coordinates), (from, to) => colours[from]![to]!),
      ),
  };
}
