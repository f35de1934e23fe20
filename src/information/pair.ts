// Two random vectors whose mutual information is known: the laws that estimators of it are measured on.
import type { StreamKey } from '../tensor/random.ts';

/** Draws of two vectors, row-major: x [count, dimX] and y [count, dimY]. */
export interface Pairs {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/** The joint law of x in R^dimX and y in R^dimY. */
export interface PairLaw {
  readonly dimX: number;
  readonly dimY: number;
  /** I(x; y), nats. */
  readonly mutualInformation: number;
  /** `count` independent pairs; pair k depends only on (key, k). */
  sample(count: number, key: StreamKey): Pairs;
}

/** A map of a vector, in place of its coordinates. */
export type VectorMap = (vector: Float64Array) => ArrayLike<number>;

/**
 * The law of (f(x), g(y)). Both maps must be injective: then the mutual information is what it was. `dimX` and `dimY` are
 * those of the images where they differ from what is mapped.
 */
export function mapped(
  base: PairLaw,
  f: VectorMap,
  g: VectorMap,
  { dimX = base.dimX, dimY = base.dimY }: { dimX?: number; dimY?: number } = {},
): PairLaw {
  return {
    dimX,
    dimY,
    mutualInformation: base.mutualInformation,
    sample(count, key) {
      const { x, y } = base.sample(count, key);
      return { x: mapRows(x, base.dimX, f, dimX), y: mapRows(y, base.dimY, g, dimY) };
    },
  };
}

function mapRows(rows: Float64Array, dim: number, map: VectorMap, images: number): Float64Array {
  const result = new Float64Array((rows.length / dim) * images);
  for (let i = 0; i * dim < rows.length; i++) result.set(map(rows.subarray(i * dim, (i + 1) * dim)), i * images);
  return result;
}

/** Rows of [a, b]. */
export function interleave<T extends Float32Array | Float64Array>(a: T, dimA: number, b: T, dimB: number): T {
  const dim = dimA + dimB;
  const rows = new (a.constructor as new (length: number) => T)((a.length / dimA) * dim);
  for (let i = 0; i * dimA < a.length; i++) {
    rows.set(a.subarray(i * dimA, (i + 1) * dimA), i * dim);
    rows.set(b.subarray(i * dimB, (i + 1) * dimB), i * dim + dimA);
  }
  return rows;
}
