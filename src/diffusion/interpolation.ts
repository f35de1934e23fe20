// A schedule, and a classifier trained on it, between its classes: what an adaptive solver in t needs.
import { at, type Schedule } from './schedule.ts';

/** A schedule between its classes: the noise level at a real t, and how fast it changes there. */
export interface LevelAt {
  readonly alpha: number;
  readonly sigma: number;
  /** d log alpha / dt. */
  readonly logAlphaSlope: number;
  /** d log(sigma / alpha) / dt: minus half the slope of the log-SNR. */
  readonly logRatioSlope: number;
}

/**
 * The noise level at a real t in [1, T], by cubic interpolation of log(sigma / alpha) and of log(alpha^2 + sigma^2); it
 * keeps alpha^2 + sigma^2 = 1 where it holds. A RangeError outside.
 */
export function levelAt({ T, alpha, sigma }: Schedule, t: number): LevelAt {
  const { weights, slopes } = interpolationAt(T, t);
  let [logRatio, logRatioSlope, logNorm, logNormSlope] = [0, 0, 0, 0];
  for (const [u, weight] of weights) {
    const ratio = Math.log(at(sigma, u) / at(alpha, u));
    const norm = Math.log(Math.hypot(at(alpha, u), at(sigma, u)));
    logRatio += weight * ratio;
    logNorm += weight * norm;
    logRatioSlope += slopes.get(u)! * ratio;
    logNormSlope += slopes.get(u)! * norm;
  }
  const ratio = Math.exp(logRatio);
  const alphaAt = Math.exp(logNorm) / Math.hypot(1, ratio);
  const share = ratio ** 2 / (1 + ratio ** 2);
  return {
    alpha: alphaAt,
    sigma: alphaAt * ratio,
    logAlphaSlope: logNormSlope - share * logRatioSlope,
    logRatioSlope,
  };
}

/**
 * The classes among 1..T whose values make the value at a real t in [1, T], and with which weights: Catmull and Rom's
 * cubic through the four nearest, one weight of 1 at an integer. Where a neighbor would be 0 or T+1, the straight line
 * through the last two takes its place. `slopes` are the derivatives of the weights.
 */
export function interpolationAt(
  T: number,
  t: number,
): { weights: ReadonlyMap<number, number>; slopes: ReadonlyMap<number, number> } {
  if (!(t >= 1 && t <= T)) throw new RangeError(`Cannot interpolate at class ${t}: it must be in 1..${T}`);
  const first = Math.min(Math.floor(t), Math.max(1, T - 1));
  const u = t - first;
  const weights = new Map<number, number>();
  const slopes = new Map<number, number>();
  const add = (t: number, weight: number, slope: number): void => {
    if (t < 1 && T > 1) {
      add(1, 2 * weight, 2 * slope);
      add(2, -weight, -slope);
    } else if (t > T && T > 1) {
      add(T, 2 * weight, 2 * slope);
      add(T - 1, -weight, -slope);
    } else {
      const known = Math.min(Math.max(t, 1), T);
      weights.set(known, (weights.get(known) ?? 0) + weight);
      slopes.set(known, (slopes.get(known) ?? 0) + slope);
    }
  };
  add(first - 1, (-u + 2 * u ** 2 - u ** 3) / 2, (-1 + 4 * u - 3 * u ** 2) / 2);
  add(first, (2 - 5 * u ** 2 + 3 * u ** 3) / 2, (-10 * u + 9 * u ** 2) / 2);
  add(first + 1, (u + 4 * u ** 2 - 3 * u ** 3) / 2, (1 + 8 * u - 9 * u ** 2) / 2);
  add(first + 2, (-(u ** 2) + u ** 3) / 2, (-2 * u + 3 * u ** 2) / 2);
  return { weights, slopes };
}
