// Trains the noise-level classifier by Algorithm 1: cross-entropy and, through its gradient, the denoising error.
import { cdmTask } from '../src/diffusion/training-step.ts';
import { scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { runStage } from '../src/stage/index.ts';
import { classifierOf } from './model.ts';
import { trainImageModel, type ImageTrainingParams } from './image-training.ts';

interface Params extends ImageTrainingParams {
  readonly cdm: {
    readonly baseline: 'gaussian' | 'none';
    /** Nats per sample: `mse` multiplies the sum of squares over all dimensions. */
    readonly loss: { readonly ce: number; readonly mse: number };
  };
}

await runStage<Params>((stage) => {
  const { baseline, loss } = stage.params.cdm;
  return trainImageModel(stage, {
    kind: 'cdm',
    baseline: (moments) => (baseline === 'gaussian' ? moments : null),
    task: (spec) => {
      const dim = dimOf([spec.unet.imageSize, spec.unet.imageSize, spec.unet.inChannels]);
      return cdmTask(classifierOf(spec), scheduleFromSpec(spec.schedule), { ce: loss.ce, mse: loss.mse * dim });
    },
  });
});
