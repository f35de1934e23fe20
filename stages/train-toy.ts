// Trains a CDM on a toy and leaves its checkpoint: a replica for `density-audit`, which measures it. With the input `teachers`,
// replicas of the same toy, it learns what their average says instead.
import { averageOf, readModel } from '../src/models/model.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend } from './shared/backend.ts';
import { trainToy, type ToyStageParams } from './shared/toys.ts';

await runStage<ToyStageParams>(async (stage) => {
  const teachers = stage.inputNames.includes('teachers') ? stage.inputs('teachers').map((path) => readModel(path)) : [];
  const teacher = teachers.length === 0 ? undefined : averageOf(teachers);
  const { losses } = await trainToy(stage, await openStageBackend(stage), teacher);
  const note = 'mean over the batches of the last tenth of the steps';
  for (const [name, values] of Object.entries(losses)) {
    stage.reportMean(`training-${name}`, values, { unit: name === 'ce' || name === 'kl' ? 'nats' : '1', note });
  }
});
