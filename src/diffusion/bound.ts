// The variational bound of DDPM (Ho et al., 2020, Eq. 5) for any schedule, on all of its classes: what a code that sends
// x_T, x_{T-1}, … and x_0 needs at most.
import { normalInterval, normalLogCdf } from '../statistics/normal.ts';
import type { Program } from '../tensor/program.ts';
import { normals } from '../tensor/random.ts';
import { dimOf, evaluate, type BatchShape } from './evaluate.ts';
import { at, type Schedule } from './schedule.ts';

export interface BoundRun {
  /** An evaluation program of a denoiser, with its weights loaded. */
  readonly denoiser: Program;
  readonly batchShape: BatchShape;
  readonly schedule: Schedule;
  readonly seed: number;
  /** Called after each of the T evaluations. */
  readonly onLevel?: (done: number) => void;
}

/**
 * An upper bound, in expectation over its own noise, on -log p(x0) in nats for each sample x0 [count, ...shape], where p is
 * the law of ancestral samples (DDPM on all classes). With `pixels` the bound is on the code length -log P(pixels) of the
 * 8-bit images that x0 is made of: tightest at the centers of their bins. Its terms, with epsilonHat at x_t = alpha_t x0 + sigma_t eps:
 *
 *     KL(q(x_T | x0) || N(0, I)),
 *     KL(q(x_{t-1} | x_t, x0) || q(x_{t-1} | x_t, x0Hat)) = (SNR_{t-1} / SNR_t - 1) / 2 |eps - epsilonHat|^2,  t = T .. 2,
 *     -log p(x0 | x_1), normal around x0Hat with standard deviation sigma_1 / alpha_1: a density, or the mass of pixels' bins.
 */
export async function variationalBound(
  run: BoundRun,
  x0: Float32Array,
  pixels?: Uint8Array,
): Promise<{ bounds: Float64Array; nfe: number }> {
  const { denoiser, batchShape, schedule, seed, onLevel } = run;
  const { T, alpha, sigma } = schedule;
  const dim = dimOf(batchShape.shape);
  const count = x0.length / dim;
  if (pixels !== undefined && pixels.length !== x0.length) {
    throw new RangeError(`variationalBound: ${pixels.length} pixels for ${x0.length} values`);
  }
  const bounds = Float64Array.from({ length: count }, (_, i) =>
    priorDivergence(x0.subarray(i * dim, (i + 1) * dim), at(alpha, T), at(sigma, T)),
  );
  for (let t = T; t >= 1; t--) {
    const [a, s] = [at(alpha, t), at(sigma, t)];
    const epsilon = normals({ seed, purpose: 'bound/noise', step: t }, x0.length);
    const xt = x0.map((value, k) => a * value + s * epsilon[k]!);
    const epsilonHat = await evaluate(denoiser, batchShape, xt, t);
    // (SNR_{t-1} / SNR_t - 1) / 2; the decoder of class 1 is written with a half of its own.
    const weight = t > 1 ? ((at(alpha, t - 1) * s) / (at(sigma, t - 1) * a)) ** 2 / 2 - 1 / 2 : 1 / 2;
    const std = s / a;
    for (let k = 0; k < x0.length; k++) {
      let term: number;
      if (t === 1 && pixels !== undefined) {
        term = -logBinMass(pixels[k]!, (xt[k]! - s * epsilonHat[k]!) / a, std);
      } else {
        term = weight * (epsilon[k]! - epsilonHat[k]!) ** 2;
        if (t === 1) term += Math.log(2 * Math.PI * std ** 2) / 2;
      }
      bounds[Math.floor(k / dim)]! += term;
    }
    onLevel?.(T + 1 - t);
  }
  return { bounds, nfe: T };
}

/** KL(N(alpha x0, sigma^2 I) || N(0, I)). */
function priorDivergence(x0: Float32Array, alpha: number, sigma: number): number {
  const own = sigma ** 2 - 1 - 2 * Math.log(sigma);
  return x0.reduce((sum, value) => sum + ((alpha * value) ** 2 + own) / 2, 0);
}

/** log P of the bin [pixel / 128 - 1, (pixel + 1) / 128 - 1) under N(mean, std^2); the outermost bins are open. */
export function logBinMass(pixel: number, mean: number, std: number): number {
  const low = (pixel / 128 - 1 - mean) / std;
  const high = ((pixel + 1) / 128 - 1 - mean) / std;
  if (pixel === 0) return normalLogCdf(high);
  if (pixel === 255) return normalLogCdf(-low);
  return normalInterval((low + high) / 2, (high - low) / 2).logMass;
}
