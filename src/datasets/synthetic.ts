// Images drawn from an exactly known density: what a learned density says of them can be compared with the truth.
import { densityFromSpec, type FieldMixtureSpec } from '../distributions/spec.ts';
import type { ContinuousDataset } from './dataset.ts';

/**
 * `train` and `test` independent fields, labelled by their components; those of a smaller data set are the first of a larger
 * one with this seed.
 */
export function syntheticDataset(
  density: FieldMixtureSpec,
  { train, test, seed }: { readonly train: number; readonly test: number; readonly seed: number },
): ContinuousDataset {
  const law = densityFromSpec(density);
  const keys = { train: { seed, purpose: 'dataset/train' }, test: { seed, purpose: 'dataset/test' } };
  return {
    kind: 'continuous',
    shape: [density.size, density.size, 1],
    source: `${train} training and ${test} test images drawn from the density given here, seed ${seed}`,
    density,
    train: law.sample(train, keys.train),
    test: law.sample(test, keys.test),
    labels: {
      count: density.components.length,
      train: Uint8Array.from(law.componentsOf(train, keys.train)),
      test: Uint8Array.from(law.componentsOf(test, keys.test)),
    },
  };
}
