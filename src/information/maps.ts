// The maps of the benchmark. All are injective, so that none changes a mutual information.
import { normalCdf, normalDensity } from '../statistics/normal.ts';
import type { VectorMap } from './pair.ts';

/** A function of a number, at every coordinate. */
export function coordinatewise(f: (value: number) => number): VectorMap {
  return (vector) => vector.map(f);
}

/** Phi, to (0, 1): a normal vector's coordinates become uniform. */
export const toUniform = coordinatewise(normalCdf);

/** t sqrt|t|, which makes tails longer. */
export const halfCube = coordinatewise((t) => t * Math.sqrt(Math.abs(t)));

/** asinh t, which makes tails shorter. */
export const shorten = coordinatewise(Math.asinh);

export const wigglyX = coordinatewise(
  (t) => t + 0.4 * Math.sin(t) + 0.2 * Math.sin(1.7 * t + 1) + 0.03 * Math.sin(3.3 * t - 2.5),
);
export const wigglyY = coordinatewise(
  (t) => t - 0.4 * Math.sin(0.4 * t) + 0.17 * Math.sin(1.3 * t + 3.5) + 0.02 * Math.sin(4.3 * t - 2.5),
);

/** Of a standard normal number: the quantile at Phi(t) of `weight` N(a, 1) + (1 - weight) N(b, 1), which has two modes. */
export function toBimodal(weight: number, a: number, b: number): VectorMap {
  const cdf = (value: number): number => weight * normalCdf(value - a) + (1 - weight) * normalCdf(value - b);
  const density = (value: number): number =>
    weight * normalDensity(value - a) + (1 - weight) * normalDensity(value - b);
  return coordinatewise((t) => invert(cdf, density, normalCdf(t), Math.min(a, b) - 10, Math.max(a, b) + 10));
}

/**
 * exp(G |v|^2 / dim) v, with G the generator of rotations from coordinate `i` to coordinate `j`: a rotation of this plane
 * by the angle |v|^2 / dim. It keeps lengths and volumes.
 */
export function spiral(i: number, j: number): VectorMap {
  return (vector) => {
    const angle = vector.reduce((sum, value) => sum + value ** 2, 0) / vector.length;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const result = Float64Array.from(vector);
    result[i] = cos * vector[i]! - sin * vector[j]!;
    result[j] = sin * vector[i]! + cos * vector[j]!;
    return result;
  };
}

/** A number in (0, 1) to a curve in the plane: (t cos t, t sin t) / 21, t = 3/2 pi (1 + 2x). */
export const swissRoll: VectorMap = ([x]) => {
  const t = 1.5 * Math.PI * (1 + 2 * x!);
  return [(t * Math.cos(t)) / 21, (t * Math.sin(t)) / 21];
};

/** Where an increasing function takes a value, between two bounds: Newton's method, halving where it would leave them. */
function invert(
  f: (value: number) => number,
  slope: (value: number) => number,
  target: number,
  from: number,
  to: number,
): number {
  let [low, high] = [from, to];
  let value = (low + high) / 2;
  for (;;) {
    const error = f(value) - target;
    if (error < 0) low = value;
    else high = value;
    const newton = value - error / slope(value);
    const next = newton > low && newton < high ? newton : (low + high) / 2;
    if (Math.abs(next - value) < 1e-13 * Math.max(1, Math.abs(value))) return next;
    value = next;
  }
}
