// Integrals of the standard normal density over an interval, to nearly full precision however far into its tail.

/** Nodes and weights of 16-point Gauss-Legendre quadrature: the positive half of a symmetric rule on [-1, 1]. */
const NODES = [
  0.0950125098376374, 0.2816035507792589, 0.4580167776572274, 0.6178762444026438, 0.755404408355003, 0.8656312023878318,
  0.9445750230732326, 0.9894009349916499,
] as const;
const WEIGHTS = [
  0.1894506104550685, 0.1826034150449236, 0.1691565193950025, 0.1495959888165767, 0.1246289712555339,
  0.0951585116824928, 0.0622535239386479, 0.0271524594117541,
] as const;
const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/**
 * For z ~ N(0, 1): log P(a < z < b), and E[z | a < z < b], of the interval with this center and half-width > 0. The
 * difference of two distribution functions loses its digits where the interval is short or in a tail: short ones are
 * integrated, long ones go through the scaled complementary error function.
 */
export function normalInterval(center: number, half: number): { logMass: number; mean: number } {
  if (center < 0) {
    const mirrored = normalInterval(-center, half);
    return { logMass: mirrored.logMass, mean: -mirrored.mean };
  }
  return half * (center + half) < 4 ? shortInterval(center, half) : longInterval(center - half, center + half);
}

/** The density relative to that at the center is exp(-center u - u^2 / 2) at distance u: flat enough for 16 points. */
function shortInterval(center: number, half: number): { logMass: number; mean: number } {
  let [mass, moment] = [0, 0];
  for (const [i, node] of NODES.entries()) {
    const u = half * node;
    const decay = Math.exp((-u * u) / 2) * WEIGHTS[i]!;
    const [right, left] = [decay * Math.exp(-center * u), decay * Math.exp(center * u)];
    mass += right + left;
    moment += u * (right - left);
  }
  return { logMass: Math.log(half * mass) - (center * center) / 2 - LOG_SQRT_2PI, mean: center + moment / mass };
}

/** From a to b > |a|, with so much between them that the two tails differ in size. */
function longInterval(a: number, b: number): { logMass: number; mean: number } {
  const beyond = logTail(b);
  const logMass =
    a >= 0
      ? logTail(a) + Math.log1p(-Math.exp(beyond - logTail(a)))
      : Math.log1p(-Math.exp(logTail(-a)) - Math.exp(beyond));
  const logDensity = (z: number): number => -(z * z) / 2 - LOG_SQRT_2PI;
  return { logMass, mean: Math.exp(logDensity(a) - logMass) - Math.exp(logDensity(b) - logMass) };
}

/** log P(z < b). */
export function normalLogCdf(b: number): number {
  return b <= 0 ? logTail(-b) : Math.log1p(-Math.exp(logTail(b)));
}

/** P(z < b). */
export function normalCdf(b: number): number {
  return Math.exp(normalLogCdf(b));
}

/** The density of z at a point. */
export function normalDensity(z: number): number {
  return Math.exp(-(z * z) / 2 - LOG_SQRT_2PI);
}

/** log P(z > a), a >= 0. */
function logTail(a: number): number {
  return Math.log(scaledErfc(a * Math.SQRT1_2) / 2) - (a * a) / 2;
}

/** exp(x^2) erfc(x), x >= 0: the series of erf near 0 (DLMF 7.6.2), beyond it Laplace's continued fraction (7.9.1). */
export function scaledErfc(x: number): number {
  if (x < 2) {
    let term = x;
    let sum = x;
    for (let n = 1; term > 1e-17 * sum; n++) sum += term *= (2 * x * x) / (2 * n + 1);
    return Math.exp(x * x) - (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = x;
  for (let n = 60; n >= 1; n--) fraction = x + n / 2 / fraction;
  return 1 / (fraction * Math.sqrt(Math.PI));
}
