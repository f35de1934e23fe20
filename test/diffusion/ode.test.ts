import { expect, test } from 'vitest';
import { dormandPrince } from '../../src/diffusion/ode.ts';

/** Runs the solver on a plain function, and counts how often it asks. */
function solve(f: (t: number, y: Float64Array) => number[], y0: number[], to: number, tolerance: number) {
  const norm = (error: Float64Array) => Math.max(...error.map(Math.abs)) / tolerance;
  const solver = dormandPrince(Float64Array.from(y0), 0, to, norm);
  let evaluations = 0;
  let next = solver.next();
  while (!next.done) {
    evaluations++;
    next = solver.next(Float64Array.from(f(next.value.t, next.value.y)));
  }
  return { y: Array.from(next.value), evaluations };
}

const rotation = (_: number, [x, v]: ArrayLike<number> & Iterable<number>) => [v!, -x!];

test('dormandPrince() solves what can be solved by hand, to about its tolerance', () => {
  for (const tolerance of [1e-4, 1e-7, 1e-10]) {
    const { y } = solve(rotation, [1, 0], 10, tolerance);
    expect(Math.abs(y[0]! - Math.cos(10))).toBeLessThan(50 * tolerance);
    expect(Math.abs(y[1]! + Math.sin(10))).toBeLessThan(50 * tolerance);
  }
  expect(solve((t) => [4 * t ** 3], [1], 3, 1e-9).y[0]).toBeCloseTo(82, 9);
});

test('its cost grows as the fifth root of the accuracy', () => {
  const counts = [1e-6, 1e-11].map((tolerance) => solve(rotation, [1, 0], 50, tolerance).evaluations);
  expect(counts[1]! / counts[0]!).toBeGreaterThan(7);
  expect(counts[1]! / counts[0]!).toBeLessThan(14);
});

test('steps follow a fast change that comes late', () => {
  const { y } = solve((t) => [Math.cos(t) + 100 * Math.exp(-(((t - 9) * 10) ** 2))], [0], 10, 1e-8);
  expect(y[0]).toBeCloseTo(Math.sin(10) + 10 * Math.sqrt(Math.PI), 5);
});

test('a derivative without end is an error, not an endless loop', () => {
  expect(() => solve((_, y) => [y[0]! ** 2], [1], 2, 1e-6)).toThrow('stuck at t =');
});
