// Trains either model with the label of each image, which it is now and then not told: one network is then both models that
// classifier-free guidance combines (Ho and Salimans, 2022). The cell says which.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { cdmRecipe, ddmRecipe, type CdmParams } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';

interface Params extends RuntimeParams, ImageTrainingParams {
  readonly cdm: CdmParams;
  readonly labelDropout: number;
}

await runStage<Params>((stage) => {
  const { cdm, labelDropout, ...shared } = stage.params;
  const recipe = stage.cell['model'] === 'cdm' ? cdmRecipe(cdm) : ddmRecipe;
  return trainImageModel(stage, shared, { ...recipe, labelDropout });
});
