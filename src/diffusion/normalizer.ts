// Z, the integral of the one-shot density p_hat (Eq. 10), which nothing makes 1, without knowing the true density: as a mean of
// weights whose expectation is Z exactly, over samples of the model itself.
//
//     ODE:        W = p_hat_1(x) / q(x), with q the density of the ODE's samples,
//     ancestral:  W = p_hat_s(x_s) prod_t q(x_t | x_{t-1}) / [N(x_T; 0, I) prod_t r(x_{t-1} | x_t)],  t = s+1 .. T,
//
// where q is the forward process and r any Gaussian steps back: both are densities of the same chain, and the integral of
// p_hat_s q(x_{s+1} | x_s) … over all of it is that of p_hat_s.
import { normals } from '../tensor/random.ts';
import type { FlowDensities } from './flow.ts';
import { ddpmStep } from './sampler.ts';
import { at, noised, type Schedule } from './schedule.ts';

/** Values [count, …] of a model at the samples x [count, dim] of one class. */
type AtClass = (x: Float32Array, t: number) => Promise<Float32Array>;

/** Of which model the integral is sought. */
export interface NormalizerRun {
  readonly schedule: Schedule;
  readonly dim: number;
  /** log p_hat_t(x) in one shot. */
  readonly logDensity: AtClass;
  /** E[eps | x_t = x], with which the steps back are made. */
  readonly denoiser: AtClass;
  /** [T+1] of `reverseVariances`: of the step back from each class. */
  readonly variances: Float64Array;
  readonly seed: number;
}

/** ln W of each sample: their means are Z of the density of clean data and of that of the first class. */
export interface LogWeights {
  readonly clean: Float64Array;
  readonly first: Float64Array;
}

/**
 * The best variance, one number for all dimensions, of a Gaussian step from class t to t-1 (Bao et al., "Analytic-DPM", 2022, Eq.
 * 8), for t = 1..T: that of q(x_{t-1} | x_t, x0), and what the denoiser leaves open of x0, which is sigma_t^2 / alpha_t^2 (1 -
 * E|epsHat|^2 / dim). E is over clean samples x0 [count, dim] with noise. Weights are right with any variances, and vary less
 * with good ones.
 */
export async function reverseVariances(
  { schedule, denoiser, seed }: Pick<NormalizerRun, 'schedule' | 'denoiser' | 'seed'>,
  x0: Float32Array,
): Promise<Float64Array> {
  const { T, alpha, sigma } = schedule;
  const variances = new Float64Array(T + 1);
  for (let t = 1; t <= T; t++) {
    const noise = normals({ seed, purpose: 'normalizer/variance', step: t }, x0.length);
    const epsilonHat = await denoiser(noised(x0, noise, schedule, t), t);
    const explained = epsilonHat.reduce((sum, value) => sum + value ** 2, 0) / x0.length;
    const { std } = ddpmStep(schedule, t, t - 1);
    const { onX0 } = forwardStep(schedule, t);
    // A denoiser that explains more than all there is would leave nothing to draw.
    const open = Math.max(1e-3, 1 - explained) * (at(sigma, t) / at(alpha, t)) ** 2;
    variances[t] = std ** 2 + onX0 ** 2 * open;
  }
  return variances;
}

/** The weights of chains drawn from N(0, I) at class T back to clean data: `count` of them, each T evaluations of the denoiser. */
export async function ancestralWeights(
  run: NormalizerRun,
  count: number,
  onStep?: (done: number) => void,
): Promise<LogWeights> {
  const { T } = run.schedule;
  let x: Float32Array = normals({ seed: run.seed, purpose: 'normalizer/start' }, count * run.dim);
  let log: Float64Array = standardNormalLogs(x, run.dim).map((value) => -value);
  let first = log;
  for (let t = T; t >= 1; t--) {
    if (t === 1) first = add(log, await run.logDensity(x, 1));
    const back = await stepBack(run, x, t);
    log = add(log, back.logRatios);
    x = back.x;
    onStep?.(T + 1 - t);
  }
  return { first, clean: add(log, await run.logDensity(x, 0)) };
}

/**
 * The weights of samples of the ODE (`flowSample`), those of clean data with one ancestral step more. Random probes leave noise of
 * variance s^2 in the log density, which makes the mean weight exp(s^2 / 2) too large, if it is normal: that is taken off.
 */
export async function flowWeights(
  run: NormalizerRun,
  { samples, logDensities, probeErrors }: FlowDensities & { readonly samples: Float32Array },
): Promise<LogWeights> {
  const log = logDensities.map((value, i) => -value - (probeErrors === null ? 0 : probeErrors[i]! ** 2 / 2));
  const { x, logRatios } = await stepBack(run, samples, 1);
  return {
    first: add(log, await run.logDensity(samples, 1)),
    clean: add(add(log, logRatios), await run.logDensity(x, 0)),
  };
}

/** Samples of class t-1 drawn back from x of class t, and log q(x | back) - log r(back | x) of each. */
async function stepBack(
  { schedule, dim, denoiser, variances, seed }: NormalizerRun,
  x: Float32Array,
  t: number,
): Promise<{ x: Float32Array; logRatios: Float64Array }> {
  const { onX, onEpsilon } = ddpmStep(schedule, t, t - 1);
  const { a, variance: forward } = forwardStep(schedule, t);
  const variance = variances[t]!;
  const epsilonHat = await denoiser(x, t);
  const z = normals({ seed, purpose: 'normalizer/noise', step: t }, x.length);
  const back = new Float32Array(x.length);
  const logRatios = new Float64Array(x.length / dim).fill((dim / 2) * Math.log(variance / forward));
  for (let k = 0; k < x.length; k++) {
    back[k] = onX * x[k]! + onEpsilon * epsilonHat[k]! + Math.sqrt(variance) * z[k]!;
    logRatios[Math.floor(k / dim)]! += z[k]! ** 2 / 2 - (x[k]! - a * back[k]!) ** 2 / (2 * forward);
  }
  return { x: back, logRatios };
}

/** The step from class t-1 to t, x_t = a x_{t-1} + N(0, variance I), and the weight of x0 in the mean of x_{t-1} given x_t. */
function forwardStep({ alpha, sigma }: Schedule, t: number): { a: number; variance: number; onX0: number } {
  const a = at(alpha, t) / at(alpha, t - 1);
  const variance = at(sigma, t) ** 2 - a ** 2 * at(sigma, t - 1) ** 2;
  return { a, variance, onX0: (at(alpha, t - 1) * variance) / at(sigma, t) ** 2 };
}

/** log N(x; 0, I) of each sample of x [count, dim]. */
function standardNormalLogs(x: Float32Array, dim: number): Float64Array {
  const logs = new Float64Array(x.length / dim).fill((-dim / 2) * Math.log(2 * Math.PI));
  for (let k = 0; k < x.length; k++) logs[Math.floor(k / dim)]! -= x[k]! ** 2 / 2;
  return logs;
}

function add(a: Float64Array, b: ArrayLike<number>): Float64Array {
  return a.map((value, i) => value + b[i]!);
}
