// How the two image models are trained, which otherwise differ in nothing: kind, head, and what is minimized.
import { dimOf } from '../../src/diffusion/evaluate.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { cdmTask, ddmTask, type TrainingTask } from '../../src/diffusion/training-step.ts';
import { batchShapeOf, classifierOf, denoiserOf, type HeadSpec, type ModelSpec } from '../../src/models/model.ts';
import type { Dataset } from '../../src/datasets/dataset.ts';
import { labelGaussiansOf, momentsOf, principalGaussianOf } from '../../src/models/images.ts';

export interface Recipe {
  readonly kind: ModelSpec['kind'];
  /** What it knows of the data before it is trained; a conditional model may know what its labels look like. */
  readonly head: (dataset: Dataset, isConditional?: boolean) => HeadSpec | null;
  readonly isBlind?: boolean;
  /** Of a model that is given labels: how often it is told "not known" instead, so that it learns both. */
  readonly labelDropout?: number;
  readonly task: (spec: ModelSpec) => TrainingTask;
}

export interface CdmParams {
  /**
   * `baseline: gaussian` adds the logits of an isotropic Gaussian in closed form; with `none` it is the paper's head. `scaled`
   * adds those of a Gaussian of the data's covariance, its variances no smaller than `floor`, and divides units by sigma_t.
   */
  readonly head:
    | { readonly kind: 'cumsum'; readonly baseline: 'gaussian' | 'none' }
    | { readonly kind: 'smooth'; readonly cosines: number }
    | { readonly kind: 'scaled'; readonly floor: number };
  readonly loss: CdmLoss;
}

/** Nats per sample: `mse` multiplies the sum of squares over all dimensions. */
export interface CdmLoss {
  readonly ce: number;
  readonly mse: number;
}

/** Algorithm 1: cross-entropy and, through the classifier's gradient, the denoising error. */
export function cdmRecipe({ head, loss }: CdmParams): Recipe {
  return {
    kind: 'cdm',
    head: (dataset, isConditional = false) => headOf(head, dataset, isConditional),
    task: (spec) => {
      const dim = dimOf(batchShapeOf(spec, 1).shape);
      return cdmTask(classifierOf(spec), scheduleFromSpec(spec.schedule), { ce: loss.ce, mse: loss.mse * dim });
    },
  };
}

function headOf(head: CdmParams['head'], dataset: Dataset, isConditional: boolean): HeadSpec {
  switch (head.kind) {
    case 'cumsum':
      return { kind: 'cumsum', baseline: head.baseline === 'gaussian' ? momentsOf(dataset) : null };
    case 'smooth':
      return { ...head, moments: momentsOf(dataset) };
    case 'scaled':
      return {
        kind: 'scaled',
        baseline: principalGaussianOf(dataset, head.floor),
        ...(isConditional && { labels: labelGaussiansOf(dataset, head.floor) }),
      };
  }
}

/** DDPM's simple loss (Ho et al., 2020). */
export const ddmRecipe: Recipe = {
  kind: 'ddm',
  head: () => null,
  task: (spec) => ddmTask(denoiserOf(spec), scheduleFromSpec(spec.schedule)),
};
