// The squared error of an estimate of vectors.

/** Mean of (a - b)^2 over the `dim` values of each of the vectors a and b [count, dim]: [count]. */
export function squaredErrors(a: ArrayLike<number>, b: ArrayLike<number>, dim: number): number[] {
  return Array.from({ length: a.length / dim }, (_, i) => {
    let sum = 0;
    for (let k = i * dim; k < (i + 1) * dim; k++) sum += (a[k]! - b[k]!) ** 2;
    return sum / dim;
  });
}
