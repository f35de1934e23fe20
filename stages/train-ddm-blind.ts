// Trains the baseline without telling it t: the classifier is not told either.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { ddmRecipe } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';

await runStage<RuntimeParams & ImageTrainingParams>((stage) =>
  trainImageModel(stage, stage.params, { ...ddmRecipe, isBlind: true }),
);
