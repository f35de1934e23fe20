// How an image CDM is trained: its head, and the weights of the two losses.
import { cdmTask } from '../../src/diffusion/training-step.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { dimOf } from '../../src/diffusion/evaluate.ts';
import type { Recipe } from './image-training.ts';
import { batchShapeOf, classifierOf } from '../../src/models/model.ts';

export interface CdmParams {
  /** `baseline: gaussian` adds the logits of an isotropic Gaussian in closed form; with `none` it is the paper's head. */
  readonly head:
    | { readonly kind: 'cumsum'; readonly baseline: 'gaussian' | 'none' }
    | { readonly kind: 'smooth'; readonly cosines: number };
  readonly loss: CdmLoss;
}

/** Nats per sample: `mse` multiplies the sum of squares over all dimensions. */
export interface CdmLoss {
  readonly ce: number;
  readonly mse: number;
}

/** Algorithm 1. */
export function cdmRecipe({ head, loss }: CdmParams): Recipe {
  return {
    kind: 'cdm',
    head: (moments) =>
      head.kind === 'smooth'
        ? { ...head, moments }
        : { kind: 'cumsum', baseline: head.baseline === 'gaussian' ? moments : null },
    task: (spec) => {
      const dim = dimOf(batchShapeOf(spec, 1).shape);
      return cdmTask(classifierOf(spec), scheduleFromSpec(spec.schedule), { ce: loss.ce, mse: loss.mse * dim });
    },
  };
}
