// Algorithm 2: sampling with a denoiser, ancestral (DDPM) or deterministic (DDIM, DPM-Solver), written in (alpha, sigma)
// and therefore right on any schedule and any grid of classes. Noise belongs to the sample: batching changes no sample.
import type { Program } from '../tensor/program.ts';
import { normals } from '../tensor/random.ts';
import { dimOf, evaluate, type BatchShape } from './evaluate.ts';
import { at, logSnr, type Schedule } from './schedule.ts';

/**
 * How x_s (class s < t) is made of x_t and the noise estimate, in multistep rules also of the one before:
 * x_s = onX x_t + onEpsilon epsilonHat + onPrevious previousEpsilonHat + std z, z ~ N(0, I).
 */
export interface SamplerStep {
  readonly onX: number;
  readonly onEpsilon: number;
  readonly onPrevious?: number;
  readonly std: number;
}

/** One step of a sampler from class t to class s, as coefficients; `previous` is the class before t, if there was one. */
export type SamplerRule = (schedule: Schedule, t: number, s: number, previous?: number) => SamplerStep;

/**
 * DDIM, eta = 0: x_s = alpha_s x0Hat + sigma_s epsilonHat, with x0Hat = (x_t - sigma_t epsilonHat) / alpha_t. On the
 * optimal-transport schedule it is Euler's step along the velocity, x_s = x_t + (s - t) / (T + 1) (epsilonHat - x0Hat).
 */
export const ddimStep: SamplerRule = ({ alpha, sigma }, t, s) => {
  const ratio = at(alpha, s) / at(alpha, t);
  return { onX: ratio, onEpsilon: at(sigma, s) - ratio * at(sigma, t), std: 0 };
};

/**
 * DDPM: x_s ~ q(x_s | x_t, x0Hat), whose mean is (a sigma_s^2 / sigma_t^2) x_t + (alpha_s b^2 / sigma_t^2) x0Hat and whose
 * variance ("beta tilde") is b^2 sigma_s^2 / sigma_t^2, where x_t = a x_s + b z: a = alpha_t / alpha_s and b^2 =
 * sigma_t^2 - a^2 sigma_s^2. With a and b taken between t and s, and not from single steps, strided grids are right too.
 */
export const ddpmStep: SamplerRule = ({ alpha, sigma }, t, s) => {
  const a = at(alpha, t) / at(alpha, s);
  const kept = (at(sigma, s) / at(sigma, t)) ** 2;
  const b2 = at(sigma, t) ** 2 - a ** 2 * at(sigma, s) ** 2;
  const onX0 = (at(alpha, s) * b2) / at(sigma, t) ** 2;
  return {
    onX: a * kept + onX0 / at(alpha, t),
    onEpsilon: (-onX0 * at(sigma, t)) / at(alpha, t),
    std: Math.sqrt(b2 * kept),
  };
};

/**
 * How DPM-Solver continues the noise estimate over a step of length h in the half log-SNR: `midpoint` takes its value in the
 * middle of the step, `taylor` integrates the straight line through it exactly. Both are of second order.
 */
export type DpmSolver = 'midpoint' | 'taylor';

/**
 * DPM-Solver, second order, multistep (Lu et al., 2022): DDIM, whose factor is e^h - 1, with a noise estimate that is linear
 * in the half log-SNR lambda through those of the classes `previous` and t. To its slope `midpoint` gives the factor
 * (e^h - 1) h / 2, and `taylor` e^h - h - 1. The first step, which has nothing to extrapolate from, and the last, which is
 * infinitely long in lambda, are DDIM's.
 */
export function dpmSolverStep(solver: DpmSolver): SamplerRule {
  const reachOf = {
    midpoint: (h: number): number => h / 2,
    taylor: (h: number): number => 1 - h / Math.expm1(h),
  }[solver];
  if (reachOf === undefined) throw new RangeError(`No DPM-Solver "${solver as string}": use midpoint or taylor`);
  return (schedule, t, s, previous) => {
    const step = ddimStep(schedule, t, s);
    if (previous === undefined || s === 0) return step;
    const halfLogSnr = (k: number): number => logSnr(schedule, k) / 2;
    const h = halfLogSnr(s) - halfLogSnr(t);
    const share = reachOf(h) / (halfLogSnr(t) - halfLogSnr(previous));
    return { ...step, onEpsilon: step.onEpsilon * (1 + share), onPrevious: -step.onEpsilon * share };
  };
}

/** Which classes a sampler of few steps visits: `linspace` goes from T to 1, `leading` (the paper's) from 1 up by equal strides. */
export type Spacing = 'linspace' | 'leading';

/**
 * `steps` descending classes of 1..T: with `linspace` from T down to 1, as evenly spaced as integers can be; with `leading`
 * 1, 1 + k, 1 + 2k, … with k = floor(T / steps), 981 … 21, 1 for 50 of 1000. A RangeError unless 1 <= steps <= T.
 */
export function classGrid(T: number, steps: number, spacing: Spacing = 'linspace'): number[] {
  if (!Number.isInteger(steps) || steps < 1 || steps > T) {
    throw new RangeError(`steps must be an integer in 1..${T}, got ${steps}`);
  }
  if (spacing !== 'linspace' && spacing !== 'leading') {
    throw new RangeError(`No spacing "${spacing as string}" of classes: use linspace or leading`);
  }
  if (spacing === 'leading') {
    const stride = Math.floor(T / steps);
    return Array.from({ length: steps }, (_, i) => 1 + stride * (steps - 1 - i));
  }
  return Array.from({ length: steps }, (_, i) => (steps === 1 ? T : T - Math.round(((T - 1) * i) / (steps - 1))));
}

/** What to sample, and with what. */
export interface SamplingRun {
  /** An evaluation program of a denoiser, with its weights loaded. */
  readonly denoiser: Program;
  readonly batchShape: BatchShape;
  readonly schedule: Schedule;
  readonly rule: SamplerRule;
  /** Descending classes within 1..T, such as `classGrid(T, steps)`; after the last one x0Hat is returned. */
  readonly grid: readonly number[];
  readonly seed: number;
  readonly count: number;
  /** What a conditional denoiser is to draw, [count]. */
  readonly labels?: Int32Array;
  /** Index of the first sample: samples [first, first + count) are the same alone as among others. */
  readonly first?: number;
}

/** Samples [count, ...shape], and how many network evaluations each of them took. */
export async function sample(run: SamplingRun): Promise<{ samples: Float32Array; nfe: number }> {
  const { denoiser, batchShape, schedule, rule, grid, seed, count, labels, first = 0 } = run;
  checkGrid(grid, schedule.T);
  const dim = dimOf(batchShape.shape);
  let x = normals({ seed, purpose: 'sampler/start' }, count * dim, first * dim);
  let previous: Float32Array = new Float32Array(x.length);
  for (const [i, t] of grid.entries()) {
    const s = grid[i + 1] ?? 0;
    const epsilonHat = await evaluate(denoiser, batchShape, x, t, labels);
    const { onX, onEpsilon, onPrevious = 0, std } = rule(schedule, t, s, grid[i - 1]);
    const noise =
      std === 0 ? undefined : normals({ seed, purpose: 'sampler/noise', step: t }, count * dim, first * dim);
    x = x.map(
      (value, k) =>
        onX * value + onEpsilon * epsilonHat[k]! + onPrevious * previous[k]! + (noise ? std * noise[k]! : 0),
    );
    previous = epsilonHat;
  }
  return { samples: x, nfe: grid.length };
}

function checkGrid(grid: readonly number[], T: number): void {
  const ok = grid.length > 0 && grid.every((t, i) => Number.isInteger(t) && t >= 1 && t < (grid[i - 1] ?? T + 1));
  if (!ok) throw new RangeError(`A sampling grid must descend within 1..${T}, got [${grid.join(', ')}]`);
}
