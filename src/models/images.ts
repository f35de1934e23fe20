// The images of a data set as the models see them: continuous ones as they are, 8-bit ones dequantized with fresh noise.
import type { Dataset, Labels } from '../datasets/dataset.ts';
import { epochBatches } from '../diffusion/batches.ts';
import { dimOf } from '../diffusion/evaluate.ts';
import { dequantize } from '../diffusion/likelihood.ts';
import type { DataMoments, PrincipalGaussian } from '../networks/heads.ts';
import type { LabelGaussians } from '../networks/label-gaussians.ts';
import { eigenpairsAbove } from '../statistics/eigenpairs.ts';
import { covarianceOfSamples, momentsOfSamples } from '../statistics/moments.ts';
import { uniforms, type StreamKey } from '../tensor/random.ts';

/** The test images [n, h, w, c], dequantized once from the stream `key` where they are 8-bit. */
export function testImages({ kind, test }: Dataset, key: StreamKey): Float32Array {
  return kind === '8-bit' ? dequantize(test, key) : test;
}

/** The first training images [n, h, w, c], `count` or all there are, as the models see them: 8-bit ones dequantized once. */
export function trainImages(dataset: Dataset, count: number, key: StreamKey): Float32Array {
  const size = count * dimOf(dataset.shape);
  return dataset.kind === '8-bit' ? dequantize(dataset.train.subarray(0, size), key) : dataset.train.subarray(0, size);
}

/**
 * The training batch [batch, h, w, c] of each step, dequantized anew in each where the images are 8-bit; with `flips` each
 * image is mirrored, left and right, with probability 1/2.
 */
export function trainingBatches(
  dataset: Dataset,
  batch: number,
  seed: number,
  flips = false,
): (step: number) => Float32Array {
  const { kind, train, shape } = dataset;
  const turned = <Values extends Float32Array | Uint8Array>(images: Values, step: number): Values =>
    flips ? mirrored(images, shape, { seed, purpose: 'train/flip', step }) : images;
  const dim = dimOf(shape);
  if (kind === 'continuous') {
    const images = epochBatches(train, dim, batch, seed);
    return (step) => turned(images(step), step);
  }
  const pixels = epochBatches(train, dim, batch, seed);
  return (step) => dequantize(turned(pixels(step), step), { seed, purpose: 'train/dequantization', step });
}

/** Images [count, h, w, c], each of them mirrored, left and right, with probability 1/2. */
function mirrored<Values extends Float32Array | Uint8Array>(
  images: Values,
  [height, width, channels]: Dataset['shape'],
  key: StreamKey,
): Values {
  const row = width * channels;
  const result = images.slice() as Values;
  for (const [i, u] of uniforms(key, images.length / (height * row)).entries()) {
    if (u < 0.5) continue;
    for (let y = i * height; y < (i + 1) * height; y++) {
      for (let x = 0; x < width; x++) {
        const from = y * row + (width - 1 - x) * channels;
        result.set(images.subarray(from, from + channels), y * row + x * channels);
      }
    }
  }
  return result;
}

/**
 * What the images of each step's batch are of, as `trainingBatches` draws them; with probability `dropout` each is `count`,
 * "not known".
 */
export function trainingLabels(
  { count, train }: Labels,
  batch: number,
  seed: number,
  dropout = 0,
): (step: number) => Int32Array {
  const labels = epochBatches(train, 1, batch, seed);
  return (step) => {
    const u = uniforms({ seed, purpose: 'train/label-dropout', step }, batch);
    return Int32Array.from(labels(step), (label, i) => (u[i]! < dropout ? count : label));
  };
}

/** The labels of a data set; throws an Error where its images have none. */
export function labelsOf({ labels, source }: Dataset): Labels {
  if (labels === undefined) {
    throw new Error(
      `The images have no labels: ${source}. Leave out the stages that need them, or put images of a folder (source: folder) ` +
        'into folders below it that are named by their labels',
    );
  }
  return labels;
}

/** Mean [dim] and mean variance of the training images as the models see them. */
export function momentsOf(dataset: Dataset): DataMoments {
  const { mean, variance } = momentsOfSamples(dataset.train, dimOf(dataset.shape));
  if (dataset.kind === 'continuous') return { mean, variance };
  // x = (pixel + u) / 128 - 1 with u ~ U[0, 1), of mean 1/2 and variance 1/12.
  return { mean: Array.from(mean, (value) => (value + 0.5) / 128 - 1), variance: (variance + 1 / 12) / 128 ** 2 };
}

/** So many images know the covariance well enough; more would only take longer. */
const COVARIANCE_IMAGES = 5000;

/**
 * The Gaussian of the training images' mean and covariance, as the models see them: its variance is `floor` but along the
 * principal directions that have more. The covariance is that of the first 5,000 images.
 */
export function principalGaussianOf(dataset: Dataset, floor: number): PrincipalGaussian {
  const dim = dimOf(dataset.shape);
  const axes = principalAxes(dataset.train.subarray(0, COVARIANCE_IMAGES * dim), dataset, floor);
  return { mean: Float32Array.from(momentsOf(dataset).mean), ...axes, rest: floor };
}

/**
 * The Gaussians of the training images of each label, as the models see them: of its own mean, and of the covariance that the
 * first 5,000 images have around the means of theirs. A label of no image has the mean of all.
 */
export function labelGaussiansOf(dataset: Dataset, floor: number): LabelGaussians {
  const { train, count } = labelsOf(dataset);
  const dim = dimOf(dataset.shape);
  const overall = momentsOfSamples(dataset.train, dim).mean;
  const means = new Float64Array(count * dim);
  const images = new Uint32Array(count);
  for (const [i, label] of train.entries()) {
    images[label]!++;
    for (let d = 0; d < dim; d++) means[label * dim + d]! += dataset.train[i * dim + d]!;
  }
  for (let k = 0; k < means.length; k++) {
    const own = images[Math.floor(k / dim)]!;
    means[k] = own > 0 ? means[k]! / own : overall[k % dim]!;
  }
  const some = dataset.train.subarray(0, COVARIANCE_IMAGES * dim);
  const within = Float32Array.from(some, (value, k) => value - means[train[Math.floor(k / dim)]! * dim + (k % dim)]!);
  const { basis, variances } = principalAxes(within, dataset, floor);
  // x = (pixel + u) / 128 - 1 with u ~ U[0, 1), of mean 1/2.
  const labelMeans = Float32Array.from(means, (mean) => (dataset.kind === '8-bit' ? (mean + 0.5) / 128 - 1 : mean));
  return { labelMeans, withinBasis: basis, withinVariances: variances, rest: floor };
}

/** The principal directions of values like a data set's images in which the models see a variance above `floor`. */
function principalAxes(
  values: Float32Array | Uint8Array,
  { kind, shape }: Dataset,
  floor: number,
): Pick<PrincipalGaussian, 'basis' | 'variances'> {
  const dim = dimOf(shape);
  const covariance = covarianceOfSamples(values, dim);
  const scale = kind === '8-bit' ? 1 / 128 ** 2 : 1;
  const dequantization = kind === '8-bit' ? 1 / 12 : 0;
  const { values: found, vectors } = eigenpairsAbove(covariance, dim, floor / scale - dequantization);
  const count = found.length;
  return {
    basis: Float32Array.from({ length: dim * count }, (_, i) => vectors[(i % count) * dim + Math.floor(i / count)]!),
    variances: Float32Array.from(found, (value) => (value + dequantization) * scale),
  };
}

/** Values within the range of the real ones, for the eye only: one stray pixel would make all others gray. */
export function clampTo(real: Float32Array, values: Float32Array): Float32Array {
  let [low, high] = [Infinity, -Infinity];
  for (const value of real) [low, high] = [Math.min(low, value), Math.max(high, value)];
  return values.map((value) => Math.max(low, Math.min(high, value)));
}
