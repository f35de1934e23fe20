// How an image DDM is trained: DDPM's simple loss.
import { ddmTask } from '../../src/diffusion/training-step.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import type { Recipe } from './image-training.ts';
import { denoiserOf } from '../../src/models/model.ts';

export const ddmRecipe: Recipe = {
  kind: 'ddm',
  head: () => null,
  task: (spec) => ddmTask(denoiserOf(spec), scheduleFromSpec(spec.schedule)),
};
