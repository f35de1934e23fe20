// Trains a CDM on one of several sets of images; the cell says which.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { imageSetOf, type ImageSetParams } from './shared/image-sets.ts';
import { trainImageModel } from './shared/image-training.ts';
import { cdmRecipe } from './shared/recipes.ts';

await runStage<RuntimeParams & ImageSetParams>((stage) => {
  const { schedule, range, models } = stage.params.images;
  const training = imageSetOf(stage).training.cdm;
  return trainImageModel(stage, { schedule, range, network: models.cdm.network, training }, cdmRecipe(models.cdm));
});
