// A CDM for one component of the mixture that the data are drawn from: the density of a class, given its label.
import { readDataset } from '../src/datasets/dataset.ts';
import { syntheticDataset } from '../src/datasets/synthetic.ts';
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { cdmRecipe, type CdmParams } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';
import { componentsOf } from '../src/models/labels.ts';

interface Params extends RuntimeParams, Pick<ImageTrainingParams, 'schedule'> {
  readonly zeroShot: Pick<ImageTrainingParams, 'network' | 'training'> & CdmParams & { readonly train: number };
}

await runStage<Params>((stage) => {
  const { zeroShot, ...shared } = stage.params;
  const { density: mixture, source } = readDataset(stage.input('dataset'));
  if (mixture?.kind !== 'field-mixture')
    throw new Error(`The data (${source}) have no known components: use data.source fields`);
  const density = componentsOf(mixture)[Number(stage.cell['component'])];
  if (density === undefined) throw new RangeError(`The mixture has no component ${stage.cell['component']}`);
  const dataset = syntheticDataset(density, { train: zeroShot.train, test: 1, seed: stage.seed });
  return trainImageModel(stage, { ...shared, ...zeroShot }, cdmRecipe(zeroShot), dataset);
});
