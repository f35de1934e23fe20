// Dormand and Prince's Runge-Kutta method of order 5 with its error estimate of order 4, as a coroutine: it asks for
// derivatives and is sent them, so that many solutions with steps of their own can share the batches of one network.

/** Where the solver wants dy/dt. */
export interface DerivativeRequest {
  readonly t: number;
  readonly y: Float64Array;
}

const NODES = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1] as const;
const STAGES = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
] as const;
/** Order 5 less order 4. */
const ERROR = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40] as const;
const MAX_STEPS = 10_000;

/**
 * y at `to` > `from`, from y0 there. A step to t is taken when `errorNorm` of its estimated error, in units of what is
 * tolerated there, is at most 1. Throws an Error when the steps become too small or too many to be of use.
 */
export function* dormandPrince(
  y0: Float64Array,
  from: number,
  to: number,
  errorNorm: (error: Float64Array, t: number) => number,
): Generator<DerivativeRequest, Float64Array, Float64Array> {
  let [t, y, step] = [from, y0, (to - from) / 50];
  let first = yield { t, y };
  for (let count = 0; count < MAX_STEPS; count++) {
    // A last step that stops just short of the end would need another one for nothing.
    const last = t + 1.01 * step >= to;
    if (last) step = to - t;
    const slopes = [first];
    let next = y;
    for (let stage = 1; stage < NODES.length; stage++) {
      next = combine(y, STAGES[stage]!, slopes, step);
      slopes.push(yield { t: t + NODES[stage]! * step, y: next });
    }
    // The last stage is the solution of order 5, and its slope the first of the next step.
    const norm = errorNorm(combine(null, ERROR, slopes, step), t + step);
    if (norm <= 1) {
      if (last) return next;
      [t, y, first] = [t + step, next, slopes[6]!];
    }
    step *= norm > 0 ? Math.min(5, Math.max(0.2, 0.9 * norm ** -0.2)) : 5;
    if (!(t + step > t)) break;
  }
  throw new Error(`The solver is stuck at t = ${t}: the derivative is not smooth enough for its tolerance`);
}

/** y + step * sum of weights * slopes; without y the sum alone. */
function combine(
  y: Float64Array | null,
  weights: readonly number[],
  slopes: readonly Float64Array[],
  step: number,
): Float64Array {
  const result = new Float64Array(slopes[0]!.length);
  for (const [k, weight] of weights.entries()) {
    const [slope, factor] = [slopes[k]!, step * weight];
    if (factor !== 0) for (let d = 0; d < result.length; d++) result[d]! += factor * slope[d]!;
  }
  if (y !== null) for (let d = 0; d < result.length; d++) result[d]! += y[d]!;
  return result;
}
