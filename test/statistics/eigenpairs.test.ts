// Leading eigenpairs against matrices whose eigenpairs are known, on both sides of the size where the method changes.
import { describe, expect, test } from 'vitest';
import { eigenpairsAbove, largestDense } from '../../src/statistics/eigenpairs.ts';

/** Reflects along u, which takes it to minus itself: H = I - 2 u u'. Its columns are an orthonormal basis. */
function reflection(dim: number): (i: number, j: number) => number {
  const raw = Float64Array.from({ length: dim }, (_, i) => Math.sin(1 + i * i));
  const length = Math.sqrt(raw.reduce((sum, value) => sum + value ** 2, 0));
  return (i, j) => (i === j ? 1 : 0) - (2 * raw[i]! * raw[j]!) / length ** 2;
}

/** H diag(eigenvalues) H, symmetric: its eigenvectors are the columns of H. */
function matrixOf(eigenvalues: readonly number[], dim: number): Float64Array {
  const h = reflection(dim);
  const matrix = new Float64Array(dim * dim);
  for (const [k, value] of eigenvalues.entries()) {
    if (value === 0) continue;
    const column = Float64Array.from({ length: dim }, (_, i) => h(i, k));
    for (let i = 0; i < dim; i++) {
      for (let j = 0; j <= i; j++) matrix[i * dim + j]! += value * column[i]! * column[j]!;
    }
  }
  for (let i = 0; i < dim; i++) for (let j = 0; j < i; j++) matrix[j * dim + i] = matrix[i * dim + j]!;
  return matrix;
}

const spectra: readonly (readonly [string, (k: number) => number, number])[] = [
  ['falls as that of images', (k) => 200 / (1 + k) ** 1.5, 0.5],
  ['has equal values', (k) => (k < 6 ? 3 : 0.001), 0.5],
  ['has few directions', (k) => (k < 5 ? 5 - k : 0), 0.5],
];

describe.each([40, largestDense + 6])('of %i dimensions', (dim) => {
  test.each(spectra)('a spectrum that %s', (_, spectrum, least) => {
    const eigenvalues = Array.from({ length: dim }, (_, k) => spectrum(k));
    const { values, vectors } = eigenpairsAbove(matrixOf(eigenvalues.slice(0, 200), dim), dim, least);
    const expected = eigenvalues.slice(0, 200).filter((value) => value > least).reverse(); // prettier-ignore
    expect(values.length).toBe(expected.length);
    for (const [k, value] of expected.entries()) expect(values[k]! / value).toBeCloseTo(1, 8);
    // Each is where its eigenspace is: outside of it nothing is left.
    const h = reflection(dim);
    for (const [row, value] of values.entries()) {
      const vector = vectors.subarray(row * dim, (row + 1) * dim);
      let inside = 0;
      for (const [k, eigenvalue] of eigenvalues.entries()) {
        if (Math.abs(eigenvalue - value) > 1e-6) continue;
        inside += vector.reduce((sum, each, i) => sum + each * h(i, k), 0) ** 2;
      }
      expect(inside).toBeCloseTo(1, 6);
    }
    for (let a = 0; a < values.length; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let i = 0; i < dim; i++) product += vectors[a * dim + i]! * vectors[b * dim + i]!;
        expect(product).toBeCloseTo(a === b ? 1 : 0, 8);
      }
    }
  });
});

test('where most of the directions are asked for, all are found', () => {
  const dim = largestDense + 1;
  const matrix = new Float64Array(dim * dim);
  for (let i = 0; i < dim; i++) matrix[i * (dim + 1)] = 1 + i / dim;
  expect(eigenpairsAbove(matrix, dim, 0.5).values.length).toBe(dim);
});
