// Two sets of samples are compared through features: vectors of their pixels, or of what a network makes of them.

/** Vectors [count, dim], row-major. */
export interface Features {
  readonly values: Float32Array;
  readonly dim: number;
}

/** How many vectors there are. */
export function countOf({ values, dim }: Features): number {
  return values.length / dim;
}

/** Vectors [from, to). */
export function slice({ values, dim }: Features, from: number, to: number): Features {
  return { values: values.subarray(from * dim, to * dim), dim };
}
