// Does the classifier keep the prior? E_x p(t | x), over images of all noise levels alike, against p(t) = 1 / (T+2); beside
// the Bayes-optimal classifier on the same images, which differs from the prior by chance alone.
import { readDataset } from '../src/datasets/dataset.ts';
import { classLogPosterior } from '../src/distributions/class-posterior.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { compileModel } from '../src/models/compiled.ts';
import { testImages } from '../src/models/images.ts';
import { logitsProgram, readModel } from '../src/models/model.ts';
import { runStage, type PlotFile, type Stage } from '../src/stage/index.ts';
import { jackknife } from '../src/statistics/jackknife.ts';
import { logSoftmax } from '../src/statistics/log-softmax.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { noiseCases } from './shared/noisy-cases.ts';

interface Params extends RuntimeParams {
  /** Noisy images of every class. */
  readonly classMarginal: { readonly perClass: number };
}

const BATCH = 500;
const BLOCKS = 10;
const TITLES: Readonly<Record<string, string>> = { cdm: 'CDM', bayes: 'Bayes-optimal' };

await runStage<Params>(async (stage) => {
  const { perClass } = stage.params.classMarginal;
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const { schedule } = model;
  const classes = schedule.T + 2;
  const dim = dimOf(dataset.shape);
  const images = testImages(dataset, stage.stream('class-marginal/dequantization'));
  const available = images.length / dim;
  // Case i is of class i mod classes: a block of cases has as many of each.
  const cases = Array.from({ length: classes * perClass }, (_, i) => ({
    t: i % classes,
    image: (Math.floor(i / classes) + (i % classes) * perClass) % available,
  }));
  const { x } = noiseCases(cases, images, schedule, dim, stage.stream('class-marginal/noise'));

  const backend = await openStageBackend(stage);
  const classifier = await compileModel(backend, logitsProgram(model, BATCH), model.weights);
  const posteriors = new Map([['cdm', logSoftmax(await classifier.evaluate(x, 0), classes)]]);
  if (dataset.density !== undefined) {
    posteriors.set('bayes', classLogPosterior(densityFromSpec(dataset.density), schedule, x));
  }
  for (const [name, posterior] of posteriors) reportDistances(stage, name, posterior, classes);
  stage.writePlot('figure', marginalPlot(posteriors, classes, perClass));
});

/** Distances of the marginal of log p(t | x), [cases, classes], from the prior, with standard errors over blocks of cases. */
function reportDistances(stage: Stage<Params>, name: string, posterior: Float64Array, classes: number): void {
  const { perClass } = stage.params.classMarginal;
  const perBlock = Array.from({ length: BLOCKS }, (_, block) => {
    const [first, last] = [Math.floor((block * perClass) / BLOCKS), Math.floor(((block + 1) * perClass) / BLOCKS)];
    return meanPosterior(posterior.subarray(first * classes ** 2, last * classes ** 2), classes);
  });
  const report = (measure: string, unit: string, statistic: (marginal: Float64Array) => number, what: string): void => {
    const { value, standardError } = jackknife(perBlock, (blocks) => statistic(average(blocks)));
    const note = `${what}; chance alone keeps it above 0, as bayes shows where the density is known`;
    const rest = { n: classes * perClass, unit, kind: 'estimate', better: 'lower', note } as const;
    stage.report(`${measure}.${name}`, { value, standardError, ...rest });
  };
  report('total-variation', '1', totalVariation, 'half the sum over t of |E p(t|x) - p(t)|');
  report('kl', 'nats', divergence, 'KL(p(t) || E p(t|x))');
}

function marginalPlot(posteriors: ReadonlyMap<string, Float64Array>, classes: number, perClass: number): PlotFile {
  return {
    title: 'Marginal of the classifier over the prior',
    x: { label: 'class t' },
    y: { label: 'E p(t|x) / p(t)' },
    series: [...posteriors].map(([name, posterior]) => ({
      name: TITLES[name]!,
      points: Array.from(meanPosterior(posterior, classes), (value, t) => [t, value * classes]),
    })),
    note: `${perClass} images of each of ${classes} classes`,
  };
}

/** Mean of p(t | x) over the cases of log p(t | x), [cases, classes]: [classes]. */
function meanPosterior(logPosterior: Float64Array, classes: number): Float64Array {
  const mean = new Float64Array(classes);
  for (const [i, log] of logPosterior.entries()) mean[i % classes]! += (Math.exp(log) * classes) / logPosterior.length;
  return mean;
}

function average(marginals: readonly Float64Array[]): Float64Array {
  return marginals[0]!.map((_, t) => marginals.reduce((sum, marginal) => sum + marginal[t]!, 0) / marginals.length);
}

/** To the uniform distribution, as is the KL divergence below. */
function totalVariation(marginal: Float64Array): number {
  return marginal.reduce((sum, share) => sum + Math.abs(share - 1 / marginal.length), 0) / 2;
}

function divergence(marginal: Float64Array): number {
  return -marginal.reduce((sum, share) => sum + Math.log(share * marginal.length), 0) / marginal.length;
}
