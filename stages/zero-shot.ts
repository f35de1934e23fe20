// Zero-shot classification by likelihood: an image is of the label under which CDMs, which were trained to tell noise levels,
// make it likeliest, in one forward pass for each label: of a CDM for each, or of one that is given the label. Where the
// densities are known, beside them.
import { readDataset } from '../src/datasets/dataset.ts';
import { compileModel } from '../src/models/compiled.ts';
import { labelsOf, testImages } from '../src/models/images.ts';
import { agreement, densitiesOf, frequenciesOf, likeliestLabels } from '../src/models/labels.ts';
import { logDensityProgram, readModel } from '../src/models/model.ts';
import { runStage } from '../src/stage/index.ts';
import { pairedDifference } from '../src/statistics/mean.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

const BATCH = 100;

await runStage<RuntimeParams>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const labels = labelsOf(dataset);
  const frequencies = frequenciesOf(labels);
  // The model of each label, or the conditional one for all of them.
  const isConditional = stage.inputNames.includes('cdm');
  const models = isConditional ? [stage.input('cdm')] : stage.inputs('models');
  if (!isConditional && models.length !== labels.count) {
    throw new Error(`There are ${labels.count} labels, but ${models.length} models`);
  }
  const x = testImages(dataset, stage.stream('zero-shot/dequantization'));

  const backend = await openStageBackend(stage);
  const learned: Float32Array[] = [];
  for (const model of models.map(readModel)) {
    const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
    const given = isConditional ? Array.from({ length: labels.count }, (_, label) => label) : [undefined];
    for (const label of given) {
      const all = label === undefined ? undefined : new Int32Array(labels.test.length).fill(label);
      learned.push(await logDensity.evaluate(x, 0, all));
      stage.progress({ step: learned.length, total: labels.count, metrics: {} });
    }
    await logDensity.dispose();
  }

  const share = { unit: '1', better: 'higher' } as const;
  const hits = agreement(likeliestLabels(learned, frequencies), labels.test);
  const note = `of the likeliest of ${labels.count} labels, one forward pass of each`;
  stage.reportMean('accuracy', hits, { ...share, note });
  const densities = densitiesOf(dataset);
  if (densities === null) return;
  const exact = densities.map((density) => density.logProb(x));
  const best = agreement(likeliestLabels(exact, frequencies), labels.test);
  const noteBest = 'of the true densities on the same images: the best that can be';
  stage.reportMean('accuracy-bayes', best, { ...share, note: noteBest });
  const noteDifference = 'to the true densities, on the same images';
  stage.reportMean('accuracy-difference', pairedDifference(hits, best), { ...share, note: noteDifference });
});
