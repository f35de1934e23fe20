// The images of a data set as the models see them: continuous ones as they are, 8-bit ones dequantized with fresh noise.
import type { Dataset } from '../src/datasets/dataset.ts';
import { epochBatches } from '../src/diffusion/batches.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { dequantize } from '../src/diffusion/likelihood.ts';
import type { DataMoments } from '../src/networks/heads.ts';
import { momentsOfSamples } from '../src/statistics/moments.ts';
import type { StreamKey } from '../src/tensor/random.ts';

/** The test images [n, h, w, c], dequantized once from the stream `key` where they are 8-bit. */
export function testImages({ kind, test }: Dataset, key: StreamKey): Float32Array {
  return kind === '8-bit' ? dequantize(test, key) : test;
}

/** The training batch [batch, h, w, c] of each step, dequantized anew in each where the images are 8-bit. */
export function trainingBatches(dataset: Dataset, batch: number, seed: number): (step: number) => Float32Array {
  const dim = dimOf(dataset.shape);
  if (dataset.kind === 'continuous') return epochBatches(dataset.train, dim, batch, seed);
  const pixels = epochBatches(dataset.train, dim, batch, seed);
  return (step) => dequantize(pixels(step), { seed, purpose: 'train/dequantization', step });
}

/** Mean [dim] and mean variance of the training images as the models see them. */
export function momentsOf(dataset: Dataset): DataMoments {
  const { mean, variance } = momentsOfSamples(dataset.train, dimOf(dataset.shape));
  if (dataset.kind === 'continuous') return { mean, variance };
  // x = (pixel + u) / 128 - 1 with u ~ U[0, 1), of mean 1/2 and variance 1/12.
  return { mean: Array.from(mean, (value) => (value + 0.5) / 128 - 1), variance: (variance + 1 / 12) / 128 ** 2 };
}
