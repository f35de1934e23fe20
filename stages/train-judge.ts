// Trains a classifier of images on real ones, which knows nothing of the models whose samples it is to judge.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { labelTask } from '../src/diffusion/training-step.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { labelsOf, testImages, trainingBatches, trainingLabels } from '../src/models/images.ts';
import { judgeLabels, judgeNetwork, writeJudge } from '../src/models/judge.ts';
import { agreement } from '../src/models/labels.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './shared/training.ts';

interface Params extends RuntimeParams {
  readonly judge: { readonly channels: number; readonly training: TrainingBudget };
}

await runStage<Params>(async (stage) => {
  const { channels, training } = stage.params.judge;
  const dataset = readDataset(stage.input('dataset'));
  const labels = labelsOf(dataset);
  const { shape } = dataset;
  const judge = { shape, channels, labels: labels.count };
  const backend = await openStageBackend(stage);
  const { state, log } = await trainInStage(
    stage,
    backend,
    labelTask(judgeNetwork(judge)),
    { batch: training.batch, shape },
    trainingBatches(dataset, training.batch, stage.seed),
    training,
    trainingLabels(labels, training.batch, stage.seed),
  );
  const weights = state['ema'] as Float32Array;
  writeJudge(stage.output('judge'), judge, weights);
  writeFileSync(stage.output('log'), trainingCsv(log));

  const test = testImages(dataset, stage.stream('judge/dequantization'));
  const judged = await judgeLabels(backend, { ...judge, weights }, test);
  const note = 'share of the test images that the judge tells the label of';
  stage.reportMean('accuracy', agreement(judged, labels.test), { unit: '1', better: 'higher', note });
});
