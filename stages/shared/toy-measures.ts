// What is measured of a toy's CDM: everything against the density in closed form, on points that training did not see.
import type { CorrelatedPairsSpec, GaussianMixtureSpec } from '../../src/distributions/spec.ts';
import { classGrid } from '../../src/diffusion/sampler.ts';
import { at, noised } from '../../src/diffusion/schedule.ts';
import { logMeanExp } from '../../src/statistics/log-mean.ts';
import { logSumExp } from '../../src/statistics/log-softmax.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';
import { squaredErrors } from '../../src/statistics/squared-error.ts';
import type { Stage } from '../../src/stage/index.ts';
import { normals } from '../../src/tensor/random.ts';
import { FLOW_POINTS, FLOW_PROBES, type LearnedToy } from './learned-toy.ts';

/** Of every mean here that does not say another. */
const unit = 'nats';
const DENOISING_LEVELS = 20;
/** Weights p_hat / q of importance sampling have heavy tails in higher dimensions. */
const NORMALIZER_DIM = 64;

/** NLL and its errors: one-shot at t = 0, where no squared error helps, and at t = 1; [points] log p_hat - log p at t = 0. */
export async function reportDensity(stage: Stage, toy: LearnedToy, x: Float32Array): Promise<number[]> {
  const { density, schedule } = toy;
  const [truth, estimate] = [density.logProb(x), await toy.logDensity(x, 0)];
  const errors = Array.from(truth, (value, i) => estimate[i]! - value);
  const negative = (values: ArrayLike<number>) => Array.from(values, (value) => -value);
  stage.reportMean('nll', negative(estimate), { unit, better: 'lower', note: 'one-shot, Eq. 10 at t = 0' });
  stage.reportMean('nll-exact', negative(truth), { unit, kind: 'exact', note: 'the true density on the same points' });
  reportErrors(stage, 'nll', errors, 'log p_hat - log p');
  reportParts(stage, errors);

  const [alpha, sigma] = [at(schedule.alpha, 1), at(schedule.sigma, 1)];
  const x1 = noised(x, normals(stage.stream('toy/level-1'), x.length), schedule, 1);
  const [truth1, estimate1] = [density.at(alpha, sigma).logProb(x1), await toy.logDensity(x1, 1)];
  reportErrors(
    stage,
    'nll-1',
    Array.from(truth1, (value, i) => estimate1[i]! - value),
    'log p_1_hat - log p_1 at x_1',
  );
  return errors;
}

/** Does the sampler have the one-shot density? Both at t = 1, where the probability-flow ODE of the same network ends. */
export async function reportSamplerDensity(stage: Stage, toy: LearnedToy, x: Float32Array): Promise<void> {
  const [alpha, sigma] = [at(toy.schedule.alpha, 1), at(toy.schedule.sigma, 1)];
  const clean = x.subarray(0, FLOW_POINTS * toy.density.dim);
  const x1 = noised(clean, normals(stage.stream('toy/flow'), clean.length), toy.schedule, 1);
  const truth = toy.density.at(alpha, sigma).logProb(x1);
  const oneShot = await toy.logDensity(x1, 1);
  const { logDensities: flow, probeErrors } = await toy.flowDensity(x1, stage.seed);
  const errorsOf = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a, (value, i) => value - b[i]!);
  const { dim } = toy.density;
  const trace = dim <= FLOW_PROBES ? '' : `, with the noise of ${FLOW_PROBES} random probes of the divergence`;
  reportErrors(stage, 'ode', errorsOf(flow, truth), `log p_1 of the ODE's samples - log p_1 at x_1${trace}`);
  if (probeErrors)
    stage.report('ode-probe-error', {
      value: Math.sqrt(probeErrors.reduce((sum, error) => sum + error ** 2, 0) / probeErrors.length),
      unit: 'nats',
      kind: 'estimate',
      note: `standard error that ${FLOW_PROBES} probes leave in log p_1 of a point, root mean square`,
    });
  const differences = errorsOf(oneShot, flow);
  const what = `log p_1 in one shot - that of the ODE's samples${trace}`;
  stage.reportMean('one-shot-against-ode-signed', differences, { unit, note: `${what}, mean over points` });
  const sizes = differences.map(Math.abs);
  stage.reportMean('one-shot-against-ode-mae', sizes, { unit, better: 'lower', note: `|${what}|, mean` });
}

/**
 * Z = integral of p_hat, which Eq. 10 does not make 1: importance sampling from an equal mixture of the exact densities of
 * classes from 0 to T+1, which covers the data, everything between, and noise. Only where the weights are well-behaved.
 */
export async function reportNormalizer(stage: Stage, { density, schedule, logDensity }: LearnedToy, points: number) {
  if (density.dim > NORMALIZER_DIM) return;
  const { T } = schedule;
  const classes = [0, ...[0.25, 0.5, 0.75].map((share) => Math.round(share * T)), T + 1];
  const laws = classes.map((t) => (t === 0 ? density : density.at(at(schedule.alpha, t), at(schedule.sigma, t))));
  const each = Math.floor(points / laws.length);
  const x = new Float32Array(each * laws.length * density.dim);
  for (const [i, law] of laws.entries()) {
    const samples = law.sample(each, stage.stream('toy/normalizer', i));
    x.set(samples, i * each * density.dim);
  }
  const logProposals = laws.map((law) => law.logProb(x));
  const estimate = await logDensity(x, 0);
  const weights = Array.from(estimate, (value, i) => {
    const proposal = logSumExp(logProposals.map((logs) => logs[i]!)) - Math.log(laws.length);
    return Math.exp(value - proposal);
  });
  const note = `integral of p_hat, importance sampling from the mixture of the exact p_t, t = ${classes.join(', ')}`;
  stage.reportMean('normalizer', weights, { unit: '1', note });
}

/** Weights of the modes under p_hat: importance weights p_hat / p turn points of the truth into points of the model. */
export function reportModes(
  stage: Stage,
  { means, weights }: GaussianMixtureSpec,
  x: Float32Array,
  errors: readonly number[],
): void {
  const dim = means[0]!.length;
  const mass = new Float64Array(means.length);
  for (const [i, error] of errors.entries()) mass[nearest(means, x, i * dim)]! += Math.exp(error);
  const total = mass.reduce((a, b) => a + b, 0);
  const trueTotal = weights.reduce((a, b) => a + b, 0);
  const lightest = weights.indexOf(Math.min(...weights));
  const common = { unit: '1', n: errors.length, kind: 'estimate' } as const;
  stage.report('mode-weight', {
    ...common,
    value: mass[lightest]! / total,
    note: `mass of the lightest mode under p_hat, self-normalized importance sampling; the truth is ${weights[lightest]! / trueTotal}`,
  });
  stage.report('mode-weight-error', {
    ...common,
    value: Math.max(...weights.map((weight, k) => Math.abs(mass[k]! / total - weight / trueTotal))),
    better: 'lower',
    note: 'largest error of a mode weight',
  });
}

/** KL(p || N(0, I)) of correlated pairs, the mutual information of their halves, estimated by f[0] - f[T+1], and exact. */
export async function reportMutualInformation(
  stage: Stage,
  { dim, rho }: CorrelatedPairsSpec,
  { logits, schedule }: LearnedToy,
  x: Float32Array,
): Promise<void> {
  const classes = schedule.T + 2;
  const f = await logits(x, 0);
  const ratios = Array.from({ length: x.length / dim }, (_, i) => f[i * classes]! - f[(i + 1) * classes - 1]!);
  const family = 'the squares of the head have the truth in their family, as the heads of TRE and DRE-infinity do';
  const note = `mean of f[0] - f[T+1] over held-out points; ${family}`;
  stage.reportMean('mutual-information', ratios, { unit, note });
  stage.report('mutual-information-exact', {
    value: (-dim / 4) * Math.log(1 - rho ** 2),
    unit: 'nats',
    kind: 'exact',
    note: '-(d / 4) ln(1 - rho^2)',
  });
}

/** KL of the exact p(t | x_t) from the network's, and the squared error of the denoiser beyond the optimal one's. */
export async function reportPosteriorAndDenoiser(stage: Stage, toy: LearnedToy, x: Float32Array): Promise<void> {
  const { density, schedule } = toy;
  const { T } = schedule;
  const classes = T + 2;
  const { dim } = density;
  const levels = [0, ...classGrid(T, DENOISING_LEVELS).toReversed(), T + 1];
  const perLevel = Math.floor(x.length / dim / levels.length);
  const divergences: number[] = [];
  const excess: number[] = [];
  for (const [i, t] of levels.entries()) {
    const clean = x.subarray(i * perLevel * dim, (i + 1) * perLevel * dim);
    const xt = noised(clean, normals(stage.stream('toy/noise', t), clean.length), schedule, t);
    const [exact, predicted] = [await toy.exactLogits(xt, t), await toy.logits(xt, t)];
    for (let k = 0; k < perLevel * classes; k += classes) {
      divergences.push(divergence(exact.subarray(k, k + classes), predicted.subarray(k, k + classes)));
    }
    if (t === 0 || t === T + 1) continue;
    const optimal = density.posteriorNoise(xt, at(schedule.alpha, t), at(schedule.sigma, t));
    excess.push(...squaredErrors(await toy.denoiser(xt, t), optimal, dim));
  }
  const kl = `KL(p(t|x_t) || network), mean over ${levels.length} noise levels`;
  stage.reportMean('posterior-kl', divergences, { unit, better: 'lower', note: kl });
  const mse = `squared distance per dimension to the Bayes-optimal denoiser, mean over ${DENOISING_LEVELS} noise levels`;
  stage.reportMean('mse-excess', excess, { unit: '1', better: 'lower', note: mse });
}

/** What a mean error is made of, to second order log Z - variance / 2: a small one alone may be two large ones. */
function reportParts(stage: Stage, errors: readonly number[]): void {
  const { value, standardError, n } = logMeanExp(errors);
  const integral = 'ln of the integral of p_hat, ln E[p_hat / p] over points of p; 0 if normalized';
  stage.report('log-z', { value, standardError, n, unit: 'nats', kind: 'estimate', note: integral });
  stage.reportMean('nll-error-variance', squaredDeviations(errors), {
    unit: 'nats^2',
    better: 'lower',
    note: 'variance of log p_hat - log p over points',
  });
}

function squaredDeviations(values: readonly number[]): number[] {
  const { mean } = meanAndStandardError(values);
  return values.map((value) => (value - mean) ** 2);
}

/** `<name>-error-signed` and `<name>-error-mae`: the mean error in nats, and the mean of its size. */
function reportErrors(stage: Stage, name: string, errors: readonly number[], what: string): void {
  stage.reportMean(`${name}-error-signed`, errors, { unit, note: `${what}, mean over points` });
  const sizes = errors.map(Math.abs);
  stage.reportMean(`${name}-error-mae`, sizes, { unit, better: 'lower', note: `|${what}|, mean over points` });
}

/** KL(softmax a || softmax b), nats. */
function divergence(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [normA, normB] = [logSumExp(a), logSumExp(b)];
  let sum = 0;
  for (let t = 0; t < a.length; t++) {
    const logA = a[t]! - normA;
    sum += Math.exp(logA) * (logA - (b[t]! - normB));
  }
  return sum;
}

/** Index of the mean nearest to the point of x at `offset`. */
function nearest(means: readonly (readonly number[])[], x: Float32Array, offset: number): number {
  const distances = means.map((mean) => mean.reduce((sum, value, d) => sum + (x[offset + d]! - value) ** 2, 0));
  return distances.indexOf(Math.min(...distances));
}
