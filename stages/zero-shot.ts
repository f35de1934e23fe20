// Zero-shot classification by likelihood: an image is of the class whose CDM makes it most likely in one forward pass. The
// classes are the components of the data's mixture, so that the accuracy of the true densities is known.
import { readDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { evaluate } from '../src/diffusion/evaluate.ts';
import { meanAndStandardError, pairedDifference } from '../src/statistics/mean.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './backend.ts';
import { batchShapeOf, logDensityProgram, readModel } from './model.ts';
import { componentOf, mixtureOf } from './zero-shot-classes.ts';

interface Params {
  readonly runtime: RuntimeParams;
  /** Test images of each class. */
  readonly zeroShot: { readonly count: number };
}

const BATCH = 100;

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const { count } = stage.params.zeroShot;
  const densities = mixtureOf(dataset).components.map((_, c) => densityFromSpec(componentOf(dataset, c)));
  const models = stage.inputs('models').map(readModel);
  if (models.length !== densities.length) {
    throw new Error(`The data have ${densities.length} components, but there are ${models.length} models`);
  }
  const images = densities.map((density, c) =>
    density.sample(count, { seed: stage.seed, purpose: 'zero-shot/images', step: c }),
  );

  const backend = await openStageBackend(stage, stage.params.runtime);
  /** Log densities [class of the image][class of the model][image]. */
  const learned: Float32Array[][] = images.map(() => []);
  for (const [c, model] of models.entries()) {
    const program = await backend.compile(logDensityProgram(model, BATCH));
    program.load({ parameters: model.weights });
    for (const [k, x] of images.entries())
      learned[k]![c] = await evaluate(program, batchShapeOf(model.spec, BATCH), x, 0);
    await program.dispose();
    stage.progress({ step: c + 1, total: models.length, metrics: {} });
  }
  const exact = images.map((x) => densities.map((density) => density.logProb(x)));

  const [hits, best] = [learned, exact].map((logDensities) =>
    logDensities.flatMap((ofModels, truth) =>
      Array.from({ length: count }, (_, i) => (mostLikely(ofModels, i) === truth ? 1 : 0)),
    ),
  ) as [number[], number[]];
  const report = (
    name: string,
    { mean, standardError, n }: ReturnType<typeof meanAndStandardError>,
    note: string,
  ): void => {
    stage.report(name, { value: mean, standardError, n, unit: '1', kind: 'estimate', better: 'higher', note });
  };
  report(
    'accuracy',
    meanAndStandardError(hits),
    `of the likeliest of ${models.length} classes, one forward pass of each`,
  );
  report(
    'accuracy-bayes',
    meanAndStandardError(best),
    'of the true densities on the same images: the best that can be',
  );
  report('accuracy-difference', pairedDifference(hits, best), 'to the true densities, on the same images');
});

/** The class under which image i is most likely, all being equally frequent. */
function mostLikely(logDensities: readonly ArrayLike<number>[], i: number): number {
  const values = logDensities.map((logDensity) => logDensity[i]!);
  return values.indexOf(Math.max(...values));
}
