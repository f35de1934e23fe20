// Trains a model of `image-cdm` or `image-ddm` with the label of each image, which it is now and then not told; the cell says
// which, and on which set.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { imageSetOf, type ImageSetParams } from './shared/image-sets.ts';
import { trainImageModel } from './shared/image-training.ts';
import { cdmRecipe, ddmRecipe } from './shared/recipes.ts';

await runStage<RuntimeParams & ImageSetParams & { readonly labelDropout: number }>((stage) => {
  const { labelDropout, images } = stage.params;
  const { schedule, range, models } = images;
  const model = stage.cell['model'] === 'cdm' ? 'cdm' : 'ddm';
  const recipe = model === 'cdm' ? cdmRecipe(models.cdm) : ddmRecipe;
  const settings = { schedule, range, network: models[model].network, training: imageSetOf(stage).training[model] };
  return trainImageModel(stage, settings, { ...recipe, labelDropout });
});
