// The images of one of several sets; the cell says which.
import { runStage } from '../src/stage/index.ts';
import { imageSetOf, type ImageSetParams } from './shared/image-sets.ts';
import { prepareImages } from './shared/prepared-images.ts';

await runStage<ImageSetParams>((stage) =>
  prepareImages(stage, imageSetOf(stage).data, {
    path: stage.optionalInput('files'),
    hint: `give their directory with --set images.sets.${stage.cell['set']}.data.path=DIR`,
  }),
);
