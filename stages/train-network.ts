// One CDM of several networks, trained alike; the cell says which.
import { runStage } from '../src/stage/index.ts';
import type { RuntimeParams } from './shared/backend.ts';
import { cdmRecipe, type CdmParams } from './shared/recipes.ts';
import { trainImageModel, type ImageTrainingParams } from './shared/image-training.ts';

interface Params extends RuntimeParams, Pick<ImageTrainingParams, 'schedule'> {
  readonly networks: CdmParams &
    Pick<ImageTrainingParams, 'training'> & {
      readonly each: Readonly<Record<string, ImageTrainingParams['network']>>;
    };
}

await runStage<Params>((stage) => {
  const { networks, ...shared } = stage.params;
  const name = String(stage.cell['network']);
  const network = networks.each[name];
  if (network === undefined) throw new Error(`No shape for the network "${name}": add networks.each.${name}`);
  return trainImageModel(stage, { ...shared, network, training: networks.training }, cdmRecipe(networks));
});
