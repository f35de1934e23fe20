// What the classifier knows of the noise level: how often it is right and what that costs (table 1), how fast its
// posterior falls towards distant classes (figure 3), and what it takes for what (figure 9). Beside the Bayes-optimal
// classifier where the density is known.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { imageGridPng } from '../src/datasets/png.ts';
import { classLogPosterior } from '../src/distributions/class-posterior.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf, evaluate, evaluationProgram } from '../src/diffusion/evaluate.ts';
import { at, type Schedule } from '../src/diffusion/schedule.ts';
import { logSoftmax } from '../src/statistics/log-softmax.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { testImages } from '../src/models/images.ts';
import { batchShapeOf, classifierOf, denoisingProgram, readModel, type TrainedModel } from '../src/models/model.ts';
import { csvText, plotText } from './shared/plot.ts';

interface Params {
  readonly runtime: RuntimeParams;
  /** Noisy images of every class. */
  readonly classification: { readonly perClass: number };
}

/** Noisy images of every class in turn: sample i is of class floor(i / perClass). */
interface Cases {
  readonly x: Float32Array;
  readonly epsilon: Float32Array;
  readonly dim: number;
  readonly classes: number;
  readonly perClass: number;
}

/** The noise levels of figure 3, as shares of T, and how far in T a class is distant. */
const SHOWN_LEVELS = [0.2, 0.4, 0.6, 0.8];
const DISTANT = 0.25;
const NAMES: Readonly<Record<string, string>> = { cdm: 'CDM', bayes: 'Bayes-optimal' };

await runStage<Params>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const images = testImages(dataset, { seed: stage.seed, purpose: 'classification/dequantization' });
  const { perClass } = stage.params.classification;
  const cases = makeCases(images, dimOf(dataset.shape), model.schedule, perClass, stage.seed);

  const backend = await openStageBackend(stage, stage.params.runtime);
  const posteriors = new Map([['cdm', await classify(model, cases, backend)]]);
  stage.progress({ step: 1, total: 3, metrics: {} });
  if (dataset.density !== undefined) {
    posteriors.set('bayes', classLogPosterior(densityFromSpec(dataset.density), model.schedule, cases.x));
  }
  stage.progress({ step: 2, total: 3, metrics: {} });
  const squaredErrors = await denoisingErrors(model, cases, backend);
  stage.progress({ step: 3, total: 3, metrics: {} });

  for (const [name, posterior] of posteriors) reportClassifier(stage, name, posterior, cases);
  const mse = meanAndStandardError(squaredErrors.flat());
  stage.report('mse', {
    value: mse.mean,
    standardError: mse.standardError,
    n: mse.n,
    unit: '1',
    kind: 'estimate',
    better: 'lower',
    note: 'of the noise estimate, per dimension, over all classes 1..T',
  });
  const exact = posteriors.get('bayes');
  if (exact !== undefined) reportDistantClasses(stage, posteriors.get('cdm')!, exact, cases);

  writeFileSync(stage.output('figure'), figure3(posteriors, cases));
  writeFileSync(stage.output('confusion'), confusionPng(posteriors.get('cdm')!, cases));
  const rows = Array.from({ length: cases.classes }, (_, t) => {
    const measures = [...posteriors.values()].flatMap((posterior) => {
      const own = casesOf(t, cases).map((i) => judge(posterior, i, t, cases.classes));
      return [mean(own.map(({ correct }) => correct)), mean(own.map(({ ce }) => ce))];
    });
    return [t, ...measures, squaredErrors[t - 1] === undefined ? '' : mean(squaredErrors[t - 1]!)];
  });
  const header = [...posteriors.keys()].flatMap((name) => [`accuracy_${name}`, `ce_${name}`]);
  writeFileSync(stage.output('table'), csvText(['t', ...header, 'mse_cdm'], rows));
});

function makeCases(images: Float32Array, dim: number, schedule: Schedule, perClass: number, seed: number): Cases {
  const classes = schedule.T + 2;
  const count = images.length / dim;
  const x = new Float32Array(classes * perClass * dim);
  const epsilon = normals({ seed, purpose: 'classification/noise' }, x.length);
  for (let i = 0; i < classes * perClass; i++) {
    const t = Math.floor(i / perClass);
    const image = (i % count) * dim;
    for (let d = 0; d < dim; d++) {
      x[i * dim + d] = at(schedule.alpha, t) * images[image + d]! + at(schedule.sigma, t) * epsilon[i * dim + d]!;
    }
  }
  return { x, epsilon, dim, classes, perClass };
}

/** log p(t|x) of the network, [cases, classes]. */
async function classify(
  { spec, weights }: TrainedModel,
  { x, classes }: Cases,
  backend: Backend,
): Promise<Float64Array> {
  const network = classifierOf(spec);
  const batchShape = batchShapeOf(spec, 100);
  const program = await backend.compile(
    evaluationProgram(
      'cdm logits',
      batchShape,
      network.parameters,
      (values) => (input) => network.logits(values, input),
    ),
  );
  program.load({ parameters: weights });
  const logits = await evaluate(program, batchShape, x, 0);
  await program.dispose();
  return logSoftmax(logits, classes);
}

/** Squared error per dimension of the noise estimate of every case of the classes 1..T, [T][perClass]. */
async function denoisingErrors(model: TrainedModel, cases: Cases, backend: Backend): Promise<number[][]> {
  const { x, epsilon, dim, perClass } = cases;
  const program = await backend.compile(denoisingProgram(model, perClass));
  program.load({ parameters: model.weights });
  const errors: number[][] = [];
  for (let t = 1; t <= model.schedule.T; t++) {
    const [first, last] = [t * perClass * dim, (t + 1) * perClass * dim];
    const estimate = await evaluate(program, batchShapeOf(model.spec, perClass), x.subarray(first, last), t);
    const truth = epsilon.subarray(first, last);
    errors.push(
      Array.from({ length: perClass }, (_, i) => {
        let sum = 0;
        for (let d = i * dim; d < (i + 1) * dim; d++) sum += (estimate[d]! - truth[d]!) ** 2;
        return sum / dim;
      }),
    );
  }
  await program.dispose();
  return errors;
}

/** Indices of the cases of class t. */
function casesOf(t: number, { perClass }: Cases): number[] {
  return Array.from({ length: perClass }, (_, k) => t * perClass + k);
}

/** Whether the most likely class of case i is t, 1 or 0, and -log p(t|x). */
function judge(posterior: ArrayLike<number>, i: number, t: number, classes: number): { correct: number; ce: number } {
  return {
    correct: mostLikely(posterior, i, classes) === t ? 1 : 0,
    ce: -posterior[i * classes + t]!,
  };
}

function mostLikely(posterior: ArrayLike<number>, i: number, classes: number): number {
  let best = 0;
  for (let t = 1; t < classes; t++) {
    if (posterior[i * classes + t]! > posterior[i * classes + best]!) best = t;
  }
  return best;
}

function reportClassifier(stage: Stage, name: string, posterior: ArrayLike<number>, cases: Cases): void {
  const { classes, perClass } = cases;
  const judged = Array.from({ length: classes * perClass }, (_, i) =>
    judge(posterior, i, Math.floor(i / perClass), classes),
  );
  const suffix = name === 'cdm' ? '' : `-${name}`;
  const note = name === 'cdm' ? `over all ${classes} classes` : 'the best that can be, on the same noisy images';
  const accuracy = meanAndStandardError(judged.map(({ correct }) => correct));
  const ce = meanAndStandardError(judged.map(({ ce }) => ce));
  stage.report(`accuracy${suffix}`, {
    value: accuracy.mean,
    standardError: accuracy.standardError,
    n: accuracy.n,
    unit: '1',
    kind: 'estimate',
    better: 'higher',
    note,
  });
  stage.report(`ce${suffix}`, {
    value: ce.mean,
    standardError: ce.standardError,
    n: ce.n,
    unit: 'nats',
    kind: 'estimate',
    better: 'lower',
    note,
  });
}

/** Figure 3 as one number: how much too likely distant classes are, in nats. */
function reportDistantClasses(stage: Stage, estimate: ArrayLike<number>, exact: ArrayLike<number>, cases: Cases): void {
  const { classes } = cases;
  const T = classes - 2;
  const errors = SHOWN_LEVELS.flatMap((share) => {
    const level = Math.round(share * T);
    const distant = Array.from({ length: classes }, (_, t) => t).filter((t) => Math.abs(t - level) > DISTANT * T);
    return casesOf(level, cases).map((i) =>
      mean(distant.map((t) => estimate[i * classes + t]! - exact[i * classes + t]!)),
    );
  });
  const { mean: value, standardError, n } = meanAndStandardError(errors);
  stage.report('distant-log-posterior-error', {
    value,
    standardError,
    n,
    unit: 'nats',
    kind: 'estimate',
    note: `log p_hat(t'|x_t) - log p(t'|x_t), mean over classes t' more than ${DISTANT} T from the true t (figure 3)`,
  });
}

/** Mean of log p(t'|x_t) over the images of a true t, less its maximum over t'. */
function figure3(posteriors: ReadonlyMap<string, ArrayLike<number>>, cases: Cases): string {
  const { classes } = cases;
  const series = SHOWN_LEVELS.flatMap((share) => {
    const level = Math.round(share * (classes - 2));
    return [...posteriors].map(([name, posterior]) => {
      const own = casesOf(level, cases);
      const average = Array.from({ length: classes }, (_, t) => mean(own.map((i) => posterior[i * classes + t]!)));
      const largest = Math.max(...average);
      return { name: `${NAMES[name]}, t = ${level}`, points: average.map((value, t) => [t, value - largest]) };
    });
  });
  return plotText({
    title: 'Log posterior of the classes for four true ones (figure 3)',
    x: { label: 'class' },
    y: { label: 'log p(class | x_t) less its maximum (nats)' },
    series,
  });
}

/** Figure 9: true classes downwards, predicted ones to the right; the darker the more often. */
function confusionPng(posterior: ArrayLike<number>, cases: Cases): Uint8Array {
  const { classes, perClass } = cases;
  const shares = new Float32Array(classes * classes);
  for (let i = 0; i < classes * perClass; i++) {
    const t = Math.floor(i / perClass);
    shares[t * classes + mostLikely(posterior, i, classes)]! -= 1 / perClass;
  }
  return imageGridPng(shares, [classes, classes, 1]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
