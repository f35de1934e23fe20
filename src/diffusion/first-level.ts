// The code length of 8-bit images by a density of the first noise level, log p_1: of the ODE, or of a classifier in one shot.
// A density of noisy images says little of clean ones, which no noisy image looks like; so it is asked of noisy ones only.
import { normals } from '../tensor/random.ts';
import { logBinMass, type BoundRun } from './bound.ts';
import { dimOf, evaluate } from './evaluate.ts';
import { binCenters } from './likelihood.ts';
import { at } from './schedule.ts';

/** Noisy images, and what is missing from their log p_1 to a bound. */
export interface FirstLevelCode {
  /** x_1 = alpha_1 c + sigma_1 eps of the centers c of the pixels' bins, [count, ...shape]. */
  readonly x1: Float32Array;
  /** log P(pixels | x_1) - log q(x_1 | pixels) of each image, nats [count]. */
  readonly remainder: Float64Array;
}

/**
 * One draw x_1 ~ q(x_1 | pixels) = N(alpha_1 c, sigma_1^2 I) for each 8-bit image, from the stream (seed,
 * 'first-level/noise'), with the remainder of the bound (variational dequantization, Ho et al. 2019, Eq. 11, with the noise
 * of the forward process)
 *
 *     log P(pixels) >= E[log p_1(x_1) + log P(pixels | x_1) - log q(x_1 | pixels)].
 *
 * P(pixels | x_1) is the decoder of DDPM's bound: the mass of the bins under a normal law around x0Hat(x_1).
 */
export async function firstLevelCode(run: Omit<BoundRun, 'onLevel'>, pixels: Uint8Array): Promise<FirstLevelCode> {
  const { denoiser, batchShape, schedule, seed } = run;
  const [a, s] = [at(schedule.alpha, 1), at(schedule.sigma, 1)];
  const dim = dimOf(batchShape.shape);
  const epsilon = normals({ seed, purpose: 'first-level/noise' }, pixels.length);
  const x1 = binCenters(pixels).map((center, k) => a * center + s * epsilon[k]!);
  const epsilonHat = await evaluate(denoiser, batchShape, x1, 1);
  const remainder = new Float64Array(pixels.length / dim);
  for (let k = 0; k < x1.length; k++) {
    const logMass = logBinMass(pixels[k]!, (x1[k]! - s * epsilonHat[k]!) / a, s / a);
    const logNoise = -Math.log(2 * Math.PI * s ** 2) / 2 - epsilon[k]! ** 2 / 2;
    remainder[Math.floor(k / dim)]! += logMass - logNoise;
  }
  return { x1, remainder };
}
