// How the two image models are trained, which otherwise differ in nothing: kind, head, and what is minimized.
import { dimOf } from '../../src/diffusion/evaluate.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { cdmTask, ddmTask, type TrainingTask } from '../../src/diffusion/training-step.ts';
import { batchShapeOf, classifierOf, denoiserOf, type HeadSpec, type ModelSpec } from '../../src/models/model.ts';
import type { DataMoments } from '../../src/networks/heads.ts';

export interface Recipe {
  readonly kind: ModelSpec['kind'];
  readonly head: (moments: DataMoments) => HeadSpec | null;
  readonly isBlind?: boolean;
  /** Of a model that is given labels: how often it is told "not known" instead, so that it learns both. */
  readonly labelDropout?: number;
  readonly task: (spec: ModelSpec) => TrainingTask;
}

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

/** Algorithm 1: cross-entropy and, through the classifier's gradient, the denoising error. */
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

/** DDPM's simple loss (Ho et al., 2020). */
export const ddmRecipe: Recipe = {
  kind: 'ddm',
  head: () => null,
  task: (spec) => ddmTask(denoiserOf(spec), scheduleFromSpec(spec.schedule)),
};
