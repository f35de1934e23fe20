// What is known of labels: how often each of them is and, of images drawn from a mixture, the density of each.
import type { Dataset, Labels } from '../datasets/dataset.ts';
import type { GaussianMixture } from '../distributions/mixture.ts';
import { densityFromSpec, type FieldMixtureSpec } from '../distributions/spec.ts';
import { permutation, type StreamKey } from '../tensor/random.ts';

/** The share of each label among the training images. */
export function frequenciesOf({ count, train }: Labels): Float64Array {
  const frequencies = new Float64Array(count);
  for (const label of train) frequencies[label]! += 1 / train.length;
  return frequencies;
}

/** `count` labels, each as often as among the training images, in random order. */
export function drawLabels(labels: Labels, count: number, key: StreamKey): Int32Array {
  const frequencies = frequenciesOf(labels);
  const ordered = Int32Array.from({ length: count }, (_, i) => {
    let rest = (i + 0.5) / count;
    return frequencies.findIndex((frequency) => (rest -= frequency) < 0);
  });
  return permutation(key, count).map((from) => ordered[from]!);
}

/** The density of each label's images, where the data are a mixture of fields; otherwise null. */
export function densitiesOf({ density }: Dataset): GaussianMixture[] | null {
  return density?.kind === 'field-mixture'
    ? componentsOf(density).map((component) => densityFromSpec(component))
    : null;
}

/** The components of a mixture of fields, one by one. */
export function componentsOf(mixture: FieldMixtureSpec): FieldMixtureSpec[] {
  return mixture.components.map((component) => ({ ...mixture, components: [component] }));
}

/** The likeliest label of each image, of their log densities [label][image] and their frequencies. */
export function likeliestLabels(logDensities: readonly ArrayLike<number>[], frequencies: Float64Array): Int32Array {
  const logs = logDensities.map((values, label) => [values, Math.log(frequencies[label]!)] as const);
  return Int32Array.from({ length: logDensities[0]!.length }, (_, i) => {
    const joint = logs.map(([values, logFrequency]) => values[i]! + logFrequency);
    return joint.indexOf(Math.max(...joint));
  });
}

/** 1 where two lists of labels agree, else 0. */
export function agreement(a: ArrayLike<number>, b: ArrayLike<number>): number[] {
  return Array.from(a, (label, i) => Number(label === b[i]));
}
