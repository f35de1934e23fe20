// Trains the baseline without telling it t: the classifier is not told either.
import { ddmTask } from '../src/diffusion/training-step.ts';
import { scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { runStage } from '../src/stage/index.ts';
import { trainImageModel, type ImageTrainingParams } from './image-training.ts';
import { denoiserOf } from './model.ts';

await runStage<ImageTrainingParams>((stage) =>
  trainImageModel(stage, stage.params, {
    kind: 'ddm',
    isBlind: true,
    head: () => null,
    task: (spec) => ddmTask(denoiserOf(spec), scheduleFromSpec(spec.schedule)),
  }),
);
