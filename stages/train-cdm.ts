// Trains the noise-level classifier by Algorithm 1: cross-entropy and, through its gradient, the denoising error.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { cdmRecipe, type CdmParams } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';

await runStage<RuntimeParams & ImageTrainingParams & { readonly cdm: CdmParams }>((stage) =>
  trainImageModel(stage, stage.params, cdmRecipe(stage.params.cdm)),
);
