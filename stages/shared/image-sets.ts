// Several sets of images, and the two models that are trained on each: what the parameters `images` say. A stage sees no more
// of them than it declares.
import type { ValueRange } from '../../src/diffusion/ddm.ts';
import type { Stage } from '../../src/stage/index.ts';
import type { ImageTrainingParams } from './image-training.ts';
import type { DataParams } from './prepared-images.ts';
import type { CdmParams } from './recipes.ts';
import type { TrainingBudget } from './training.ts';

type Network = ImageTrainingParams['network'];

export interface ImageSetParams {
  readonly images: {
    readonly schedule: ImageTrainingParams['schedule'];
    readonly range: ValueRange | null;
    readonly models: {
      readonly cdm: CdmParams & { readonly network: Network };
      readonly ddm: { readonly network: Network };
    };
    readonly sets: Readonly<Record<string, ImageSet>>;
  };
}

interface ImageSet {
  readonly data: DataParams;
  readonly training: { readonly cdm: TrainingBudget; readonly ddm: TrainingBudget };
}

/** The set that the cell of a stage is of; throws an Error where the parameters have none of that name. */
export function imageSetOf({ params, cell }: Stage<ImageSetParams>): ImageSet {
  const name = String(cell['set']);
  const set = params.images.sets[name];
  if (set === undefined) throw new Error(`No set of images "${name}": add images.sets.${name}`);
  return set;
}
