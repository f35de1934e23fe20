// Table 1: the classifier trained with one loss, the other, or both, in several proportions; the cell says which.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { cdmRecipe, type CdmLoss, type CdmParams } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';

interface Params extends RuntimeParams, Pick<ImageTrainingParams, 'schedule'> {
  readonly ablation: Pick<ImageTrainingParams, 'network' | 'training'> &
    Pick<CdmParams, 'head'> & { readonly losses: Readonly<Record<string, CdmLoss>> };
}

await runStage<Params>((stage) => {
  const { ablation, ...shared } = stage.params;
  const name = String(stage.cell['loss']);
  const loss = ablation.losses[name];
  if (loss === undefined) throw new Error(`No weights for the loss "${name}": add ablation.losses.${name}`);
  return trainImageModel(stage, { ...shared, ...ablation }, cdmRecipe({ head: ablation.head, loss }));
});
