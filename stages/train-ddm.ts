// Trains the baseline, the same U-Net given t, to predict the noise by DDPM's simple loss.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { ddmRecipe } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';

await runStage<RuntimeParams & ImageTrainingParams>((stage) => trainImageModel(stage, stage.params, ddmRecipe));
