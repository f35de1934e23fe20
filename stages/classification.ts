// What the classifier knows of the noise level: how often it is right and what that costs (table 1), how fast its
// posterior falls towards distant classes (figure 3), and what it takes for what (figure 9). Beside the Bayes-optimal
// classifier where the density is known.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { classLogPosterior } from '../src/distributions/class-posterior.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { compileModel } from '../src/models/compiled.ts';
import { testImages } from '../src/models/images.ts';
import { denoisingProgram, logitsProgram, readModel, type TrainedModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { logSoftmax } from '../src/statistics/log-softmax.ts';
import { squaredErrors } from '../src/statistics/squared-error.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';
import { casesByClass, indicesOf, likeliestClass, type CasesByClass } from './shared/noisy-cases.ts';
import { confusionPlot, logPosteriorPlot, shownLevels } from './shared/posterior-figures.ts';

interface Params extends RuntimeParams {
  /** Noisy images of every class. */
  readonly classification: { readonly perClass: number };
}

const BATCH = 100;
/** How far in T a class is distant. */
const DISTANT = 0.25;

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const { schedule } = model;
  const images = testImages(dataset, stage.stream('classification/dequantization'));
  const noise = stage.stream('classification/noise');
  const cases = casesByClass(images, dataset.shape, schedule, stage.params.classification.perClass, noise);

  const backend = await openStageBackend(stage);
  const posteriors = new Map([['cdm', await classify(model, cases, backend)]]);
  stage.progress({ step: 1, total: 3, metrics: {} });
  if (dataset.density !== undefined) {
    posteriors.set('bayes', classLogPosterior(densityFromSpec(dataset.density), schedule, cases.x));
  }
  stage.progress({ step: 2, total: 3, metrics: {} });
  const errors = await denoisingErrors(model, cases, backend);
  stage.progress({ step: 3, total: 3, metrics: {} });

  for (const [name, posterior] of posteriors) reportClassifier(stage, name, posterior, cases);
  const note = 'of the noise estimate, per dimension, over all classes 1..T';
  stage.reportMean('mse', errors.flat(), { unit: '1', better: 'lower', note });
  const exact = posteriors.get('bayes');
  if (exact !== undefined) reportDistantClasses(stage, posteriors.get('cdm')!, exact, cases);

  stage.writePlot('figure', logPosteriorPlot(posteriors, cases));
  stage.writePlot('confusion', confusionPlot(posteriors.get('cdm')!, cases));
  writeFileSync(stage.output('table'), tableByClass(posteriors, errors, cases));
});

/** log p(t|x) of the network, [cases, classes], nats. */
async function classify(model: TrainedModel, { x, classes }: CasesByClass, backend: Backend): Promise<Float64Array> {
  const classifier = await compileModel(backend, logitsProgram(model, BATCH), model.weights);
  const logits = await classifier.evaluate(x, 0);
  await classifier.dispose();
  return logSoftmax(logits, classes);
}

/** Squared error per dimension of the noise estimate (Eq. 8) of every case of the classes 1..T, [T][perClass]. */
async function denoisingErrors(model: TrainedModel, cases: CasesByClass, backend: Backend): Promise<number[][]> {
  const { x, epsilon, dim, perClass } = cases;
  const denoiser = await compileModel(backend, denoisingProgram(model, perClass), model.weights);
  const errors: number[][] = [];
  for (let t = 1; t <= model.schedule.T; t++) {
    const [first, last] = [t * perClass * dim, (t + 1) * perClass * dim];
    const estimate = await denoiser.evaluate(x.subarray(first, last), t);
    errors.push(squaredErrors(estimate, epsilon.subarray(first, last), dim));
  }
  await denoiser.dispose();
  return errors;
}

/** Of case i, which is of class t: whether its likeliest class is t, 1 or 0, and -log p(t|x), nats. */
function judge(posterior: ArrayLike<number>, i: number, t: number, classes: number): { correct: number; ce: number } {
  return {
    correct: likeliestClass(posterior, i, classes) === t ? 1 : 0,
    ce: -posterior[i * classes + t]!,
  };
}

/** Table 1. */
function reportClassifier(stage: Stage, name: string, posterior: ArrayLike<number>, cases: CasesByClass): void {
  const { classes, perClass } = cases;
  const judged = Array.from({ length: classes * perClass }, (_, i) =>
    judge(posterior, i, Math.floor(i / perClass), classes),
  );
  const suffix = name === 'cdm' ? '' : `-${name}`;
  const note = name === 'cdm' ? `over all ${classes} classes` : 'the best that can be, on the same noisy images';
  const correct = judged.map((each) => each.correct);
  stage.reportMean(`accuracy${suffix}`, correct, { unit: '1', better: 'higher', note });
  const ce = judged.map((each) => each.ce);
  stage.reportMean(`ce${suffix}`, ce, { unit: 'nats', better: 'lower', note });
}

/** Figure 3 as one number: how much too likely distant classes are, in nats. */
function reportDistantClasses(
  stage: Stage,
  estimate: ArrayLike<number>,
  exact: ArrayLike<number>,
  cases: CasesByClass,
): void {
  const { classes } = cases;
  const T = classes - 2;
  const errors = shownLevels(cases).flatMap((level) => {
    const distant = Array.from({ length: classes }, (_, t) => t).filter((t) => Math.abs(t - level) > DISTANT * T);
    return indicesOf(level, cases).map((i) =>
      mean(distant.map((t) => estimate[i * classes + t]! - exact[i * classes + t]!)),
    );
  });
  const note = `log p_hat(t'|x_t) - log p(t'|x_t), mean over classes t' more than ${DISTANT} T from the true t (figure 3)`;
  stage.reportMean('distant-log-posterior-error', errors, { unit: 'nats', note });
}

/** A line for each class: accuracy and cross-entropy of each classifier, and the denoising error. */
function tableByClass(
  posteriors: ReadonlyMap<string, ArrayLike<number>>,
  errors: readonly number[][],
  cases: CasesByClass,
): string {
  const rows = Array.from({ length: cases.classes }, (_, t) => {
    const measures = [...posteriors.values()].flatMap((posterior) => {
      const own = indicesOf(t, cases).map((i) => judge(posterior, i, t, cases.classes));
      return [mean(own.map(({ correct }) => correct)), mean(own.map(({ ce }) => ce))];
    });
    return [t, ...measures, errors[t - 1] === undefined ? '' : mean(errors[t - 1]!)];
  });
  const header = [...posteriors.keys()].flatMap((name) => [`accuracy_${name}`, `ce_${name}`]);
  return csvText(['t', ...header, 'mse_cdm'], rows);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
