// Trains the baseline, the same U-Net given t, to predict the noise by DDPM's simple loss.
import { ddmTask } from '../src/diffusion/training-step.ts';
import { scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { runStage } from '../src/stage/index.ts';
import { denoiserOf } from './model.ts';
import { trainImageModel, type ImageTrainingParams } from './image-training.ts';

await runStage<ImageTrainingParams>((stage) =>
  trainImageModel(stage, stage.params, {
    kind: 'ddm',
    head: () => null,
    task: (spec) => ddmTask(denoiserOf(spec), scheduleFromSpec(spec.schedule)),
  }),
);
