// The images of the experiment.
import { runStage } from '../src/stage/index.ts';
import { prepareImages, type DataParams } from './shared/prepared-images.ts';

await runStage<{ readonly data: DataParams }>((stage) =>
  prepareImages(stage, stage.params.data, {
    path: stage.optionalInput('files') ?? stage.optionalInput('archive'),
    hint: 'give their directory with --set data.path=DIR, or an archive with --set data.url=… --set data.sha256=…',
  }),
);
