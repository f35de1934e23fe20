// Zero-shot classification by likelihood: an image is of the label under which CDMs, which were trained to tell noise levels,
// make it likeliest, in one forward pass for each label: of a CDM for each, or of one that is given the label. Where the
// densities are known, beside them.
import { readDataset } from '../src/datasets/dataset.ts';
import { evaluate } from '../src/diffusion/evaluate.ts';
import { meanAndStandardError, pairedDifference } from '../src/statistics/mean.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { labelsOf, testImages } from '../src/models/images.ts';
import { agreement, densitiesOf, frequenciesOf, likeliestLabels } from '../src/models/labels.ts';
import { batchShapeOf, logDensityProgram, readModel } from '../src/models/model.ts';

const BATCH = 100;

await runStage<{ readonly runtime: RuntimeParams }>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const labels = labelsOf(dataset);
  const frequencies = frequenciesOf(labels);
  // The model of each label, or the conditional one for all of them.
  const isConditional = stage.inputNames.includes('cdm');
  const models = isConditional ? [stage.input('cdm')] : stage.inputs('models');
  if (!isConditional && models.length !== labels.count) {
    throw new Error(`There are ${labels.count} labels, but ${models.length} models`);
  }
  const x = testImages(dataset, { seed: stage.seed, purpose: 'zero-shot/dequantization' });

  const backend = await openStageBackend(stage, stage.params.runtime);
  const learned: Float32Array[] = [];
  for (const model of models.map(readModel)) {
    const program = await backend.compile(logDensityProgram(model, BATCH));
    program.load({ parameters: model.weights });
    const batchShape = batchShapeOf(model.spec, BATCH);
    const given = isConditional ? Array.from({ length: labels.count }, (_, label) => label) : [undefined];
    for (const label of given) {
      const all = label === undefined ? undefined : new Int32Array(labels.test.length).fill(label);
      learned.push(await evaluate(program, batchShape, x, 0, all));
      stage.progress({ step: learned.length, total: labels.count, metrics: {} });
    }
    await program.dispose();
  }

  const report = (
    name: string,
    { mean, standardError, n }: ReturnType<typeof meanAndStandardError>,
    note: string,
  ): void => {
    stage.report(name, { value: mean, standardError, n, unit: '1', kind: 'estimate', better: 'higher', note });
  };
  const hits = agreement(likeliestLabels(learned, frequencies), labels.test);
  report(
    'accuracy',
    meanAndStandardError(hits),
    `of the likeliest of ${labels.count} labels, one forward pass of each`,
  );
  const densities = densitiesOf(dataset);
  if (densities === null) return;
  const exact = densities.map((density) => density.logProb(x));
  const best = agreement(likeliestLabels(exact, frequencies), labels.test);
  report(
    'accuracy-bayes',
    meanAndStandardError(best),
    'of the true densities on the same images: the best that can be',
  );
  report('accuracy-difference', pairedDifference(hits, best), 'to the true densities, on the same images');
});
