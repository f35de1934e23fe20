import { expect, test } from 'vitest';
import { variationalBound } from '../../src/diffusion/bound.ts';
import { cdmDenoiser } from '../../src/diffusion/cdm.ts';
import { evaluationProgram } from '../../src/diffusion/evaluate.ts';
import { firstLevelCode } from '../../src/diffusion/first-level.ts';
import { binCenters, dequantize } from '../../src/diffusion/likelihood.ts';
import { optimalTransport, uniformLogSnr, type Schedule } from '../../src/diffusion/schedule.ts';
import { exactLogits } from '../../src/distributions/exact-classifier.ts';
import type { GaussianMixture } from '../../src/distributions/mixture.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { toySpec } from '../../src/distributions/toys.ts';
import { meanAndStandardError } from '../../src/statistics/mean.ts';
import { normalInterval } from '../../src/statistics/normal.ts';
import { openBackend } from '../../src/tensor/backend.ts';

const backend = await openBackend('cpu', { threads: 1 });

async function exactBound(density: GaussianMixture, schedule: Schedule, x: Float32Array, pixels?: Uint8Array) {
  const batchShape = { batch: 400, shape: [density.dim] };
  const classifier = exactLogits(density, schedule.alpha, schedule.sigma);
  const denoiser = await backend.compile(
    evaluationProgram('exact', batchShape, [], () => cdmDenoiser(classifier, schedule)),
  );
  try {
    return await variationalBound({ denoiser, batchShape, schedule, seed: 2 }, x, pixels);
  } finally {
    await denoiser.dispose();
  }
}

test.each([
  ['uniform in log-SNR', uniformLogSnr({ T: 30 })],
  ['optimal transport', optimalTransport(30)],
])('the bound of a Gaussian is what its posterior variances say (%s)', async (_, schedule) => {
  const [m, v, dim] = [0.6, 0.25, 2];
  const density = densityFromSpec({ kind: 'gaussian-mixture', means: [[m, m]], std: Math.sqrt(v), weights: [1] });
  const x = density.sample(2000, { seed: 1, purpose: 'x' });
  const { bounds, nfe } = await exactBound(density, schedule, x);
  expect(nfe).toBe(schedule.T);
  const { T, alpha, sigma } = schedule;
  const snr = (t: number) => (alpha[t]! / sigma[t]!) ** 2;
  // E|eps - E[eps | x_t]|^2 per dimension is the variance of eps given x_t.
  const variance = (t: number) => (alpha[t]! ** 2 * v) / (alpha[t]! ** 2 * v + sigma[t]! ** 2);
  let expected = (alpha[T]! ** 2 * (v + m * m) + sigma[T]! ** 2 - 1) / 2 - Math.log(sigma[T]!);
  for (let t = T; t > 1; t--) expected += ((snr(t - 1) / snr(t) - 1) / 2) * variance(t);
  expected += Math.log((2 * Math.PI * sigma[1]! ** 2) / alpha[1]! ** 2) / 2 + variance(1) / 2;
  const { mean, standardError } = meanAndStandardError(bounds);
  expect(Math.abs(mean - dim * expected)).toBeLessThan(4 * standardError);
});

test('it lies above the entropy, and comes down to it with more classes', async () => {
  const density = densityFromSpec(toySpec('two'));
  const x = density.sample(800, { seed: 1, purpose: 'x' });
  const truth = density.logProb(x);
  const gaps = [];
  for (const T of [8, 32, 128]) {
    const { bounds } = await exactBound(density, uniformLogSnr({ T }), x);
    gaps.push(meanAndStandardError(bounds.map((bound, i) => bound + truth[i]!)));
  }
  for (const { mean, standardError } of gaps) expect(mean).toBeGreaterThan(-2 * standardError);
  // The gap is of first order in the steps.
  expect(gaps[1]!.mean).toBeLessThan(gaps[0]!.mean / 3);
  expect(gaps[2]!.mean).toBeLessThan(gaps[1]!.mean / 3);
});

test('of 8-bit images it bounds the code length, which an exact density gives by its mass of the bins', async () => {
  // Independent pixels, normal before rounding: mass = P(pixel / 128 - 1 < x < (pixel + 1) / 128 - 1).
  const [m, std] = [0.1, 0.2];
  const density = densityFromSpec({ kind: 'gaussian-mixture', means: [[m, m]], std, weights: [1] });
  const pixels = Uint8Array.from(density.sample(400, { seed: 1, purpose: 'x' }), (value) =>
    Math.max(0, Math.min(255, Math.floor((value + 1) * 128))),
  );
  const mass = (pixel: number) => normalInterval(((pixel + 0.5) / 128 - 1 - m) / std, 1 / 256 / std).logMass;
  const gapOf = async (x: Float32Array) => {
    const { bounds } = await exactBound(density, uniformLogSnr({ T: 300, sigmaMin: 0.004 }), x, pixels);
    return meanAndStandardError(bounds.map((bound, i) => bound + mass(pixels[2 * i]!) + mass(pixels[2 * i + 1]!)));
  };
  const center = await gapOf(binCenters(pixels));
  expect(center.mean).toBeGreaterThan(2 * center.standardError);
  expect(center.mean).toBeLessThan(0.5);
  // A random place in the bin is a bound as well; what the code says of the place is lost.
  const random = await gapOf(dequantize(pixels, { seed: 1, purpose: 'u' }));
  expect(random.mean).toBeGreaterThan(center.mean);
});

test('of 8-bit images the density of the first noise level bounds the code length too, and closer', async () => {
  const [m, std] = [0.1, 0.2];
  const density = densityFromSpec({ kind: 'gaussian-mixture', means: [[m, m]], std, weights: [1] });
  const schedule = uniformLogSnr({ T: 300, sigmaMin: 0.004 });
  const pixels = Uint8Array.from(density.sample(400, { seed: 1, purpose: 'x' }), (value) =>
    Math.max(0, Math.min(255, Math.floor((value + 1) * 128))),
  );
  const mass = (pixel: number) => normalInterval(((pixel + 0.5) / 128 - 1 - m) / std, 1 / 256 / std).logMass;
  const batchShape = { batch: 400, shape: [2] };
  const exact = exactLogits(density, schedule.alpha, schedule.sigma);
  const denoiser = await backend.compile(
    evaluationProgram('exact', batchShape, [], () => cdmDenoiser(exact, schedule)),
  );
  const { x1, remainder } = await firstLevelCode({ denoiser, batchShape, schedule, seed: 2 }, pixels);
  await denoiser.dispose();
  const first = density.at(schedule.alpha[1]!, schedule.sigma[1]!).logProb(x1);
  const gaps = remainder.map((rest, i) => mass(pixels[2 * i]!) + mass(pixels[2 * i + 1]!) - first[i]! - rest);
  const gap = meanAndStandardError(gaps);
  const byAllClasses = await exactBound(density, schedule, binCenters(pixels), pixels);
  const gapOfAll = meanAndStandardError(
    byAllClasses.bounds.map((bound, i) => bound + mass(pixels[2 * i]!) + mass(pixels[2 * i + 1]!)),
  );
  expect(gap.mean).toBeGreaterThan(-2 * gap.standardError);
  expect(gap.mean).toBeLessThan(gapOfAll.mean);
});

test('pixels must be those of the samples', async () => {
  const density = densityFromSpec(toySpec('two'));
  await expect(exactBound(density, uniformLogSnr({ T: 3 }), new Float32Array(4), new Uint8Array(2))).rejects.toThrow(
    '2 pixels for 4 values',
  );
});
