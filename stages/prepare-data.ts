// The images of the experiment.
import { runStage } from '../src/stage/index.ts';
import { prepareImages, type DataParams } from './shared/prepared-images.ts';

await runStage<{ readonly data: DataParams }>((stage) => prepareImages(stage, stage.params.data));
