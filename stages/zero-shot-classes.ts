// The classes of the zero-shot question: the components of a mixture of fields.
import type { Dataset } from '../src/datasets/dataset.ts';
import type { FieldMixtureSpec } from '../src/distributions/spec.ts';

/** The mixture of a data set. Throws an Error for data without known components. */
export function mixtureOf({ density, source }: Dataset): FieldMixtureSpec {
  if (density?.kind !== 'field-mixture')
    throw new Error(`The data (${source}) have no known components: use data.source fields`);
  return density;
}

/** The density of one component alone. */
export function componentOf(dataset: Dataset, index: number): FieldMixtureSpec {
  const mixture = mixtureOf(dataset);
  const component = mixture.components[index];
  if (component === undefined) {
    throw new RangeError(`There is no component ${index}: the mixture has ${mixture.components.length}`);
  }
  return { ...mixture, components: [component] };
}
