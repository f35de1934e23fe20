// Trains the baseline of `image-cdm` on the same images; the cell says which.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { imageSetOf, type ImageSetParams } from './shared/image-sets.ts';
import { trainImageModel } from './shared/image-training.ts';
import { ddmRecipe } from './shared/recipes.ts';

await runStage<RuntimeParams & ImageSetParams>((stage) => {
  const { schedule, range, models } = stage.params.images;
  const training = imageSetOf(stage).training.ddm;
  return trainImageModel(stage, { schedule, range, network: models.ddm.network, training }, ddmRecipe);
});
