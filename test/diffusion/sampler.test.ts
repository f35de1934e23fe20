import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cdmDenoiser } from '../../src/diffusion/cdm.ts';
import { evaluationProgram, type BatchShape } from '../../src/diffusion/evaluate.ts';
import { classGrid, ddimStep, ddpmStep, dpmSolverStep, sample, type SamplerRule } from '../../src/diffusion/sampler.ts';
import { guided } from '../../src/diffusion/ddm.ts';
import { optimalTransport, scheduleFromSpec, uniformLogSnr, type Schedule } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { densityFromSpec, type GaussianMixtureSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { normals } from '../../src/tensor/random.ts';
import { tf } from '../../src/tensor/tf.ts';

// The samplers are given the Bayes-optimal denoiser, by Theorem 3.1, of densities for which the right answer is known.

const backend = await openBackend('tfjs', { threads: 1 });
const T = 24;
const schedule = uniformLogSnr({ T });

async function exactSamples(
  spec: GaussianMixtureSpec,
  options: { rule: SamplerRule; grid: number[]; count: number; batch?: number; first?: number },
) {
  const density = densityFromSpec(spec);
  const { count, batch = count, ...rest } = options;
  const batchShape: BatchShape = { batch, shape: [density.dim] };
  const classifier = exactLogits(density, schedule.alpha, schedule.sigma);
  const denoiser = await backend.compile(
    evaluationProgram('exact', batchShape, [], () => cdmDenoiser(classifier, schedule)),
  );
  return sample({ denoiser, batchShape, schedule, seed: 11, count, ...rest });
}

const levels = fc.record({
  alphas: fc.tuple(fc.double({ min: 0.05, max: 0.9, noNaN: true }), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
  sigmas: fc.tuple(fc.double({ min: 0.05, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 0.99, noNaN: true })),
});

describe.each([
  ['ddimStep', ddimStep],
  ['ddpmStep', ddpmStep],
])('%s', (_, rule) => {
  test('takes data that are one point from their law at t to their law at any s, whatever alpha and sigma', () => {
    fc.assert(
      fc.property(levels, ({ alphas, sigmas }) => {
        // Class 2 is noisier than class 1: x_t = alpha_t m + sigma_t z must become N(alpha_s m, sigma_s^2).
        const alpha = Float64Array.of(1, alphas[0], alphas[0] * alphas[1]);
        const sigma = Float64Array.of(0, sigmas[0] * sigmas[1], sigmas[0]);
        const { onX, onEpsilon, std } = rule({ T: 2, alpha, sigma }, 2, 1);
        expect(onX * alpha[2]!).toBeCloseTo(alpha[1]!, 10);
        const deviation = Math.hypot(onX * sigma[2]! + onEpsilon, std);
        expect(deviation).toBeCloseTo(sigma[1]!, 10);
      }),
    );
  });

  test('ends with the estimate of x0', () => {
    const t = 10;
    const [alpha, sigma] = [schedule.alpha[t]!, schedule.sigma[t]!];
    const { onX, onEpsilon, std } = rule(schedule, t, 0);
    expect(onX).toBeCloseTo(1 / alpha, 10);
    expect(onEpsilon).toBeCloseTo(-sigma / alpha, 10);
    expect(std).toBe(0);
  });
});

test('ddpmStep() between neighbors is DDPM as published', () => {
  for (const t of [2, 12, T]) {
    const [bar, before] = [schedule.alpha[t]! ** 2, schedule.alpha[t - 1]! ** 2];
    const beta = 1 - bar / before;
    const { onX, onEpsilon, std } = ddpmStep(schedule, t, t - 1);
    expect(onX).toBeCloseTo(1 / Math.sqrt(1 - beta), 10);
    expect(onEpsilon).toBeCloseTo(-beta / Math.sqrt(1 - bar) / Math.sqrt(1 - beta), 10);
    expect(std ** 2).toBeCloseTo(((1 - before) / (1 - bar)) * beta, 10);
  }
});

test('classGrid() descends evenly from T to 1', () => {
  expect(classGrid(10, 10)).toEqual([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(classGrid(100, 4)).toEqual([100, 67, 34, 1]);
  expect(classGrid(7, 1)).toEqual([7]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.double({ min: 0, max: 1, noNaN: true }), (T, share) => {
      const grid = classGrid(T, 1 + Math.floor(share * (T - 1)));
      expect(grid.every((t, i) => i === 0 || t < grid[i - 1]!)).toBe(true);
      expect([grid[0], grid.length > 1 ? grid.at(-1) : 1]).toEqual([T, 1]);
    }),
  );
  expect(() => classGrid(10, 11)).toThrow('1..10');
});

test("classGrid() with leading spacing is the paper's: from 1 in equal strides, never T unless all are visited", () => {
  const published = classGrid(1000, 50, 'leading');
  expect([published.length, published[0], published.at(-2), published.at(-1)]).toEqual([50, 981, 21, 1]);
  expect(classGrid(1000, 1000, 'leading')).toEqual(classGrid(1000, 1000));
  expect(classGrid(100, 15, 'leading')).toEqual([85, 79, 73, 67, 61, 55, 49, 43, 37, 31, 25, 19, 13, 7, 1]);
  expect(() => classGrid(10, 0, 'leading')).toThrow('1..10');
  // Parameters come from a file.
  expect(() => classGrid(10, 2, 'trailing' as 'leading')).toThrow('No spacing "trailing"');
  expect(() => dpmSolverStep('heun' as 'taylor')).toThrow('No DPM-Solver "heun"');
});

test('dpmSolverStep(taylor) is exact where the noise estimate is linear in lambda, and midpoint is not', () => {
  // dx/dlambda = (d log alpha / dlambda) x - sigma eps has x_s = alpha_s (x_t / alpha_t - integral of e^-lambda eps dlambda).
  const lambda = (k: number) => Math.log(schedule.alpha[k]! / schedule.sigma[k]!);
  const [slope, offset, x] = [0.3, -0.2, 0.7];
  const epsilon = (l: number) => offset + slope * l;
  const primitive = (l: number) => -Math.exp(-l) * (offset + slope * (l + 1));
  const [previous, t, s] = [20, 15, 9];
  const exact = (schedule.alpha[s]! / schedule.alpha[t]!) * x - schedule.alpha[s]! * (primitive(lambda(s)) - primitive(lambda(t))); // prettier-ignore
  const taken = (solver: 'midpoint' | 'taylor') => {
    const { onX, onEpsilon, onPrevious, std } = dpmSolverStep(solver)(schedule, t, s, previous);
    expect(std).toBe(0);
    return onX * x + onEpsilon * epsilon(lambda(t)) + onPrevious! * epsilon(lambda(previous));
  };
  expect(taken('taylor')).toBeCloseTo(exact, 10);
  expect(Math.abs(taken('midpoint') - exact)).toBeGreaterThan(1e-3);
});

const gaussian: GaussianMixtureSpec = { kind: 'gaussian-mixture', means: [[0.7, -0.4]], std: 0.5, weights: [1] };

test('DDIM on a Gaussian is the linear map of its start that the closed-form recursion gives', async () => {
  const grid = classGrid(T, 12);
  const { samples, nfe } = await exactSamples(gaussian, { rule: ddimStep, grid, count: 50 });
  expect(nfe).toBe(12);
  const start = normals({ seed: 11, purpose: 'sampler/start' }, 100);
  // With r_t^2 = alpha_t^2 v + sigma_t^2: E[eps|x] = sigma_t (x - alpha_t m) / r_t^2, x0Hat = m + alpha_t v (x - …) / r_t^2.
  const worst = Math.max(
    ...start.map((z, i) => {
      const mean = gaussian.means[0]![i % 2]!;
      let x = z;
      for (const [k, t] of grid.entries()) {
        const [a, s] = [schedule.alpha[t]!, schedule.sigma[t]!];
        const next = grid[k + 1] ?? 0;
        const scaled = (x - a * mean) / (a ** 2 * 0.25 + s ** 2);
        x = schedule.alpha[next]! * (mean + a * 0.25 * scaled) + schedule.sigma[next]! * s * scaled;
      }
      return Math.abs(samples[i]! - x);
    }),
  );
  expect(worst).toBeLessThan(1e-5);
});

test.each([T, 6])(
  'DDPM in %i steps on a Gaussian has the mean and variance of the posterior recursion',
  async (steps) => {
    const grid = classGrid(T, steps);
    const count = 3000;
    const { samples } = await exactSamples(gaussian, { rule: ddpmStep, grid, count });
    // x_t - alpha_t m stays Gaussian: each step multiplies it and adds the variance of q(x_s | x_t, x0), here in precisions.
    let [factor, variance] = [1, 1];
    for (const [k, t] of grid.entries()) {
      const [a, s] = [schedule.alpha[t]!, schedule.sigma[t]!];
      const shrink = (a * 0.25) / (a ** 2 * 0.25 + s ** 2); // x0Hat - m = shrink (x_t - alpha_t m)
      const next = grid[k + 1];
      let [gain, added] = [shrink, 0];
      if (next !== undefined) {
        const [aNext, sNext] = [schedule.alpha[next]!, schedule.sigma[next]!];
        const [ratio, b2] = [a / aNext, s ** 2 - ((a / aNext) * sNext) ** 2];
        added = 1 / (1 / sNext ** 2 + ratio ** 2 / b2);
        gain = added * ((aNext * shrink) / sNext ** 2 + ratio / b2);
      }
      factor *= gain;
      variance = gain ** 2 * variance + added;
    }
    for (const d of [0, 1]) {
      const m = gaussian.means[0]![d]!;
      const values = samples.filter((_, i) => i % 2 === d);
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count;
      // Five standard errors.
      expect(Math.abs(mean - (m - factor * schedule.alpha[T]! * m))).toBeLessThan(5 * Math.sqrt(variance / count));
      expect(Math.abs(spread / variance - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
    }
  },
);

test('both samplers find the weights of separated modes', async () => {
  for (const rule of [ddimStep, ddpmStep]) {
    const { samples } = await exactSamples(toySpec('two') as GaussianMixtureSpec, {
      rule,
      grid: classGrid(T, T),
      count: 600,
    });
    const right = samples.filter((value, i) => i % 2 === 0 && value > 0).length / 600;
    expect(Math.abs(right - 0.2)).toBeLessThan(5 * Math.sqrt((0.2 * 0.8) / 600));
  }
});

test.each([
  ['DDIM', ddimStep],
  ['DDPM', ddpmStep],
  ['DPM-Solver', dpmSolverStep('midpoint')],
])('%s samples depend on their index alone, not on the batch', async (_, rule) => {
  const options = { rule, grid: classGrid(T, 7) };
  const whole = await exactSamples(gaussian, { ...options, count: 10 });
  const batched = await exactSamples(gaussian, { ...options, count: 10, batch: 4 });
  const part = await exactSamples(gaussian, { ...options, count: 3, first: 5 });
  expect(batched.samples).toEqual(whole.samples);
  expect(part.samples).toEqual(whole.samples.subarray(10, 16));
});

test('on the optimal-transport schedule DDIM is the Euler step along the velocity', () => {
  const schedule = optimalTransport(30);
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 30 }),
      fc.nat(28),
      fc.double({ min: -3, max: 3, noNaN: true }),
      (t, below, x) => {
        const s = Math.max(1, t - 1 - below);
        const epsilon = 0.3 * x + 0.1;
        const time = t / 31;
        const velocity = (epsilon - x) / (1 - time); // in the unit of time in which x_1 is pure noise
        const { onX, onEpsilon } = ddimStep(schedule, t, s);
        expect(onX * x + onEpsilon * epsilon).toBeCloseTo(x + ((s - t) / 31) * velocity, 10);
      },
    ),
  );
});

/** Samples of a Gaussian by the exact flow: the probability-flow ODE is linear and solved by the ratio of deviations. */
function exactFlow(start: Float32Array, { alpha, sigma, T }: Schedule, mean: readonly number[], std: number): number[] {
  const deviation = (t: number) => Math.hypot(alpha[t]! * std, sigma[t]!);
  // From class T to class 1, and from there by the estimate of x0.
  return Array.from(start, (z, i) => {
    const m = mean[i % mean.length]!;
    const x1 = alpha[1]! * m + ((z - alpha[T]! * m) * deviation(1)) / deviation(T);
    const shrink = (alpha[1]! * std ** 2) / deviation(1) ** 2;
    return m + shrink * (x1 - alpha[1]! * m);
  });
}

test.each([
  ['DDIM', ddimStep, 1],
  ['DPM-Solver (midpoint)', dpmSolverStep('midpoint'), 2],
  ['DPM-Solver (taylor)', dpmSolverStep('taylor'), 2],
] as const)('%s converges to the exact flow of a Gaussian with order %#', async (_, rule, order) => {
  const fine = uniformLogSnr({ T: 129, logSnrMin: -6 });
  const density = densityFromSpec(gaussian);
  const batchShape = { batch: 40, shape: [2] };
  const denoiser = await backend.compile(
    evaluationProgram('exact', batchShape, [], () => cdmDenoiser(exactLogits(density, fine.alpha, fine.sigma), fine)),
  );
  const expected = exactFlow(normals({ seed: 11, purpose: 'sampler/start' }, 80), fine, gaussian.means[0]!, 0.5);
  const errors = [];
  for (const steps of [17, 33, 65]) {
    const grid = classGrid(129, steps);
    const { samples } = await sample({ denoiser, batchShape, schedule: fine, rule, grid, seed: 11, count: 40 });
    errors.push(Math.sqrt(samples.reduce((sum, value, i) => sum + (value - expected[i]!) ** 2, 0) / 80));
  }
  for (const i of [1, 2]) expect(Math.log2(errors[i - 1]! / errors[i]!)).toBeGreaterThan(order - 0.35);
  if (order === 2) expect(errors[2]).toBeLessThan(1e-3);
});

test('guidance by w multiplies the score of the class: a Gaussian class among Gaussians gets narrower', async () => {
  // p(x | class) = N(0, 1/2), p(x) = N(0, 1): p(x | class)^(1+w) / p(x)^w is N(0, 1 / (2 (1 + w) - w)).
  const flow = uniformLogSnr({ T: 60 });
  const exact = (std: number) =>
    cdmDenoiser(
      exactLogits(
        densityFromSpec({ kind: 'gaussian-mixture', means: [[0]], std, weights: [1] }),
        flow.alpha,
        flow.sigma,
      ),
      flow,
    );
  const w = 1.5;
  const denoiser = guided(exact(Math.SQRT1_2), exact(1), w);
  for (const t of [1, 20, 50]) {
    const [a, s] = [flow.alpha[t]!, flow.sigma[t]!];
    const x = [[-0.7], [1.3]];
    const actual = tf.tidy(() => denoiser(tf.tensor2d(x), tf.fill([2], t, 'int32')).dataSync());
    const score = (variance: number) => 1 / (a ** 2 * variance + s ** 2);
    for (const [i, [value]] of x.entries()) {
      expect(actual[i]).toBeCloseTo(s * value! * ((1 + w) * score(0.5) - w * score(1)), 4);
    }
  }
});

test('guidance of the optimal classifiers of a mixture and of its component is the gradient of log p(x | k) + w log p(k | x)', () => {
  const flow = uniformLogSnr({ T: 60 });
  const mixture = densityFromSpec({ kind: 'gaussian-mixture', means: [[-1, 0], [0.5, 1], [1, -0.5]], std: 0.4, weights: [1, 2, 3] }); // prettier-ignore
  const component = densityFromSpec({ kind: 'gaussian-mixture', means: [[0.5, 1]], std: 0.4, weights: [1] });
  const denoiserOf = (density: GaussianMixture) => cdmDenoiser(exactLogits(density, flow.alpha, flow.sigma), flow);
  const points = [[0.2, 0.3], [-0.8, 0.4], [1.2, 0.9]]; // prettier-ignore
  for (const w of [0, 1, 2.5]) {
    const denoiser = guided(denoiserOf(component), denoiserOf(mixture), w);
    for (const t of [10, 30, 50]) {
      const [a, s] = [flow.alpha[t]!, flow.sigma[t]!];
      const actual = tf.tidy(() => denoiser(tf.tensor2d(points), tf.fill([3], t, 'int32')).dataSync());
      const [given, all] = [component.at(a, s), mixture.at(a, s)];
      const tilted = (x: number[]) => (1 + w) * given.logProb(x)[0]! - w * all.logProb(x)[0]!;
      for (const [i, point] of points.entries()) {
        for (const d of [0, 1]) {
          const moved = (step: number) => tilted(point.map((value, k) => value + (k === d ? step : 0)));
          const slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
          expect(Math.abs(actual[2 * i + d]! + s * slope)).toBeLessThan(2e-3 * (1 + Math.abs(s * slope)));
        }
      }
    }
  }
});

test.each([
  ['ddpm-linear', 40],
  ['cosine', 40],
  ['uniform', 40],
  ['optimal-transport', 40],
] as const)('every rule samples the moments of a Gaussian on the %s schedule', async (kind, T) => {
  const schedule = scheduleFromSpec({ kind, T });
  const density = densityFromSpec(gaussian);
  const count = 2000;
  const batchShape = { batch: count, shape: [2] };
  const denoiser = await backend.compile(
    evaluationProgram('exact', batchShape, [], () =>
      cdmDenoiser(exactLogits(density, schedule.alpha, schedule.sigma), schedule),
    ),
  );
  for (const rule of [ddimStep, ddpmStep, dpmSolverStep('midpoint')]) {
    const grid = classGrid(T, T);
    const { samples } = await sample({ denoiser, batchShape, schedule, rule, grid, seed: 11, count });
    for (const d of [0, 1]) {
      const values = samples.filter((_, i) => i % 2 === d);
      const mean = values.reduce((sum, value) => sum + value, 0) / count;
      const std = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count);
      // Five standard errors, and what forty steps leave (at most 0.03 by the recursions above).
      expect(Math.abs(mean - gaussian.means[0]![d]!)).toBeLessThan(0.03 + (5 * 0.5) / Math.sqrt(count));
      expect(Math.abs(std - 0.5)).toBeLessThan(0.03 + (5 * 0.5) / Math.sqrt(2 * count));
    }
  }
});

test('sample() refuses a grid that does not descend within 1..T', async () => {
  for (const grid of [[], [T + 1, 1], [5, 5], [3, 0]]) {
    await expect(exactSamples(gaussian, { rule: ddimStep, grid, count: 1 })).rejects.toThrow('must descend');
  }
});
