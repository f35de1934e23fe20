// A CDM for one component of the mixture that the data are drawn from: the density of a class, given its label.
import { readDataset } from '../src/datasets/dataset.ts';
import { syntheticDataset } from '../src/datasets/synthetic.ts';
import { runStage } from '../src/stage/index.ts';
import { cdmRecipe, type CdmParams } from './cdm-recipe.ts';
import { trainImageModel, type ImageTrainingParams } from './image-training.ts';
import { componentOf } from './zero-shot-classes.ts';

interface Params extends Pick<ImageTrainingParams, 'runtime' | 'schedule'> {
  readonly zeroShot: Pick<ImageTrainingParams, 'network' | 'training'> & CdmParams & { readonly train: number };
}

await runStage<Params>((stage) => {
  const { zeroShot, ...shared } = stage.params;
  const density = componentOf(readDataset(stage.input('dataset')), Number(stage.cell['component']));
  const dataset = syntheticDataset(density, { train: zeroShot.train, test: 1, seed: stage.seed });
  return trainImageModel(stage, { ...shared, ...zeroShot }, cdmRecipe(zeroShot), dataset);
});
