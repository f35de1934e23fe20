// Appendix D: a CDM on images of 3 x 32 x 32 whose density is known, cubes of independent pixels and Gaussians of correlated
// ones, and its one-shot likelihood against the exact one. The cell says which toy, and which losses.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset, type ImageShape } from '../src/datasets/dataset.ts';
import { blendWithIdentity, gaussianWithCovariance } from '../src/distributions/covariance.ts';
import type { Density } from '../src/distributions/density.ts';
import { densityFromSpec, type ColourFieldSpec, type UniformCubeSpec } from '../src/distributions/spec.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { at, noised, scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { compileModel } from '../src/models/compiled.ts';
import { denoisingProgram, logDensityProgram, type ModelSpec, type TrainedModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { covarianceOfSamples } from '../src/statistics/moments.ts';
import { squaredErrors } from '../src/statistics/squared-error.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { normals } from '../src/tensor/random.ts';
import { trainingBatches } from '../src/models/images.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import type { ImageTrainingParams } from './shared/image-training.ts';
import { cdmRecipe, type CdmLoss, type CdmParams } from './shared/recipes.ts';
import { trainInStage, trainingCsv, type TrainingBudget } from './shared/training.ts';

/** `data` takes the covariance of the training images, of the input `dataset`. */
type ToyDensitySpec = UniformCubeSpec | ColourFieldSpec | { readonly kind: 'data'; readonly gamma: number };

interface ToySpec {
  readonly density: ToyDensitySpec;
  readonly network: ImageTrainingParams['network'];
  readonly training: TrainingBudget;
}

interface Params extends RuntimeParams {
  readonly imageToys: Pick<ImageTrainingParams, 'schedule'> &
    Pick<CdmParams, 'head'> & {
      readonly losses: Readonly<Record<string, CdmLoss>>;
      readonly each: Readonly<Record<string, ToySpec>>;
      /** Fresh images that everything is measured on. */
      readonly points: number;
      /** Noise levels of the denoiser's error. */
      readonly levels: number;
    };
}

interface Toy {
  readonly density: Density;
  readonly shape: ImageShape;
}

const BATCH = 50;
/** Images from which the head's closed-form Gaussian is estimated. */
const MOMENT_IMAGES = 2000;

await runStage<Params>(async (stage) => {
  const { imageToys } = stage.params;
  const spec = named(imageToys.each, String(stage.cell['toy']), 'imageToys.each');
  const toy = toyOf(stage, spec.density);
  const loss = named(imageToys.losses, String(stage.cell['loss']), 'imageToys.losses');
  const backend = await openStageBackend(stage);
  const model = await train(stage, backend, toy, spec, loss);
  const x = toy.density.sample(imageToys.points, stage.stream('image-toy/points'));
  await reportDensity(stage, backend, model, toy, x);
  await reportDenoiser(stage, backend, model, toy, x);
});

function named<Value>(values: Readonly<Record<string, Value>>, name: string, where: string): Value {
  const value = Object.hasOwn(values, name) ? values[name] : undefined;
  if (value === undefined) throw new Error(`No parameters "${name}": add ${where}.${name}`);
  return value;
}

function toyOf(stage: Stage<Params>, spec: ToyDensitySpec): Toy {
  if (spec.kind === 'data') {
    const dataset = readDataset(stage.input('dataset'));
    return { density: dataGaussian(dataset, spec.gamma, stage.seed), shape: dataset.shape };
  }
  const density = densityFromSpec(spec);
  const size = Math.sqrt(density.dim / 3);
  if (!Number.isInteger(size)) throw new RangeError(`${density.dim} numbers are not a square image in three colours`);
  return { density, shape: [size, size, 3] };
}

/** N(0, sqrt(1 - gamma) S + sqrt(gamma) I) with S the covariance of the training images as models see them. */
function dataGaussian(dataset: Dataset, gamma: number, seed: number): Density {
  const dim = dataset.shape[0] * dataset.shape[1] * dataset.shape[2];
  const images = trainingBatches(dataset, dataset.train.length / dim, seed)(1);
  return gaussianWithCovariance(blendWithIdentity(covarianceOfSamples(images, dim), gamma));
}

/** Trains on fresh images at each step. */
async function train(
  stage: Stage<Params>,
  backend: Backend,
  { density, shape }: Toy,
  { network, training }: ToySpec,
  loss: CdmLoss,
): Promise<TrainedModel> {
  const { schedule, head } = stage.params.imageToys;
  const recipe = cdmRecipe({ head, loss });
  const samples = density.sample(MOMENT_IMAGES, stage.stream('image-toy/moments'));
  const spec: ModelSpec = {
    kind: 'cdm',
    schedule,
    network: { ...network, imageSize: shape[0], inChannels: shape[2] },
    head: recipe.head({ kind: 'continuous', shape, source: 'samples of the toy', train: samples, test: samples }),
  };
  const { state, log } = await trainInStage(
    stage,
    backend,
    recipe.task(spec),
    { batch: training.batch, shape },
    (step) => density.sample(training.batch, stage.stream('image-toy/data', step)),
    training,
  );
  writeFileSync(stage.output('log'), trainingCsv(log));
  return { spec, schedule: scheduleFromSpec(schedule), weights: state['ema'] as Float32Array };
}

/** NLL in nats per dimension, as appendix D plots it, and its errors on the same images. */
async function reportDensity(
  stage: Stage,
  backend: Backend,
  model: TrainedModel,
  { density }: Toy,
  x: Float32Array,
): Promise<void> {
  const { dim } = density;
  const { evaluate, dispose } = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const [estimate, truth] = [await evaluate(x, 0), density.logProb(x)];
  await dispose();
  const unit = 'nats/dim';
  const negative = (logs: ArrayLike<number>): number[] => Array.from(logs, (value) => -value / dim);
  stage.reportMean('nll', negative(estimate), { unit, better: 'lower', note: 'one-shot, Eq. 10 at t = 0' });
  stage.reportMean('nll-exact', negative(truth), { unit, kind: 'exact', note: 'the true density of the same images' });
  const errors = Array.from(truth, (value, i) => (estimate[i]! - value) / dim);
  stage.reportMean('nll-error-signed', errors, { unit, note: '(log p_hat - log p) / d, mean over images' });
  const note = '|log p_hat - log p| / d, mean over images';
  stage.reportMean('nll-error-mae', errors.map(Math.abs), { unit, better: 'lower', note });
}

/** The squared distance per dimension of the noise estimate to the optimal one. */
async function reportDenoiser(
  stage: Stage<Params>,
  backend: Backend,
  model: TrainedModel,
  { density }: Toy,
  x: Float32Array,
): Promise<void> {
  const { schedule } = model;
  const { evaluate, dispose } = await compileModel(backend, denoisingProgram(model, BATCH), model.weights);
  const grid = classGrid(schedule.T, stage.params.imageToys.levels).toReversed();
  const each = Math.floor(x.length / density.dim / grid.length) * density.dim;
  const excess: number[] = [];
  for (const [i, t] of grid.entries()) {
    const clean = x.subarray(i * each, (i + 1) * each);
    const xt = noised(clean, normals(stage.stream('image-toy/noise', t), clean.length), schedule, t);
    const optimal = density.posteriorNoise(xt, at(schedule.alpha, t), at(schedule.sigma, t));
    excess.push(...squaredErrors(await evaluate(xt, t), optimal, density.dim));
  }
  await dispose();
  const note = `squared distance per dimension to the Bayes-optimal denoiser, mean over ${grid.length} noise levels`;
  stage.reportMean('mse-excess', excess, { unit: '1', better: 'lower', note });
}
