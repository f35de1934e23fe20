// Features of vectors that know their length: ranks of coordinates lose it, and the dependence of anything elliptical, or of
// what is turned by an angle that depends on it, is a function of it.
import { normalScores } from './normal-scores.ts';

export interface Features {
  /** Of each row. */
  readonly count: number;
  /** Rows [count, dim] to features, row-major. */
  readonly of: (rows: Float64Array) => Float64Array;
}

/**
 * With z the normal scores of a row [dim], s that of its length as it is given, and h_k the Hermite polynomials of variance 1:
 * h_k(s) z for k = 0 .. degree, and h_k(s) for k = 1 .. degree. A number has no length apart from itself: of it, z alone.
 */
export function lengthFeatures(training: Float64Array, dim: number, degree: number): Features {
  const scores = normalScores(training, dim);
  if (dim === 1) return { count: 1, of: scores };
  const lengthScores = normalScores(lengths(training, dim), 1);
  const count = dim * (degree + 1) + degree;
  return {
    count,
    of(rows) {
      const [z, s] = [scores(rows), lengthScores(lengths(rows, dim))];
      const features = new Float64Array(s.length * count);
      for (let i = 0; i < s.length; i++) {
        const row = features.subarray(i * count, (i + 1) * count);
        const polynomials = hermite(s[i]!, degree);
        for (const [k, value] of polynomials.entries()) {
          for (let d = 0; d < dim; d++) row[k * dim + d] = value * z[i * dim + d]!;
        }
        row.set(polynomials.slice(1), (degree + 1) * dim);
      }
      return features;
    },
  };
}

/** The Hermite polynomials of degree 0 .. `degree`, orthonormal under N(0, 1), at a point. */
function hermite(s: number, degree: number): number[] {
  const values = [1, s];
  for (let k = 2; k <= degree; k++) {
    values.push((s * values[k - 1]! - Math.sqrt(k - 1) * values[k - 2]!) / Math.sqrt(k));
  }
  return values.slice(0, degree + 1);
}

function lengths(rows: Float64Array, dim: number): Float64Array {
  return Float64Array.from({ length: rows.length / dim }, (_, i) => {
    let squares = 0;
    for (let d = 0; d < dim; d++) squares += rows[i * dim + d]! ** 2;
    return Math.sqrt(squares);
  });
}
