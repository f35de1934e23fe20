// How fast a model learns real images: its denoising error and its likelihood on images that it was not trained on, against
// the processor seconds of its training. The cell says which recipe. Recipes are chosen by this, so no test image is looked at.
import { writeFileSync } from 'node:fs';
import { readDataset, type EightBitDataset } from '../src/datasets/dataset.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { flowLogDensity } from '../src/diffusion/flow.ts';
import { binCenters, bitsPerDim, bitsPerDim8Bit, dequantize } from '../src/diffusion/likelihood.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { noised, scheduleFromSpec } from '../src/diffusion/schedule.ts';
import { startTraining, train } from '../src/diffusion/training.ts';
import { trainingStep } from '../src/diffusion/training-step.ts';
import { compileModel } from '../src/models/compiled.ts';
import { trainingBatches } from '../src/models/images.ts';
import {
  batchShapeOf,
  denoisingProgram,
  logDensityProgram,
  odeProgram,
  writeModel,
  type ModelSpec,
  type TrainedModel,
} from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { squaredErrors } from '../src/statistics/squared-error.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';
import type { ImageTrainingParams } from './shared/image-training.ts';
import { BATCH, firstLevelOf } from './shared/likelihood-methods.ts';
import { cdmRecipe, ddmRecipe, type CdmParams } from './shared/recipes.ts';
import type { TrainingBudget } from './shared/training.ts';

interface Params extends RuntimeParams {
  readonly images: Pick<ImageTrainingParams, 'range'>;
  readonly race: {
    /** After which parts of its steps a model is measured, rising to 1. */
    readonly points: readonly number[];
    /** How many of the last training images are held out. */
    readonly heldOut: number;
    readonly levels: number;
    /** Of the likelihood by the ODE at the end: of `images` of those held out, with `probes` of the divergence. */
    readonly ode: { readonly images: number; readonly tolerance: number; readonly probes: number };
    readonly recipes: Readonly<Record<string, RaceRecipe>>;
  };
}

/** A model and its training; a CDM has a head and a loss. */
interface RaceRecipe extends Partial<CdmParams> {
  readonly schedule: ImageTrainingParams['schedule'];
  readonly network: ImageTrainingParams['network'];
  readonly training: Pick<TrainingBudget, 'steps' | 'batch' | 'learningRate' | 'warmup' | 'beta2' | 'emaDecay'>;
}

/** What is known of a model after some steps: numbers by the names of the table's columns. */
type Row = Readonly<Record<string, number>>;

await runStage<Params>(async (stage) => {
  const { race } = stage.params;
  const name = String(stage.cell['recipe']);
  const recipe = race.recipes[name];
  if (recipe === undefined) throw new Error(`No recipe "${name}": add race.recipes.${name}`);
  const dataset = readDataset(stage.input('dataset'));
  if (dataset.kind !== '8-bit') throw new Error(`A race is run on 8-bit images, not on ${dataset.source}`);
  const dim = dimOf(dataset.shape);
  const from = dataset.train.length - race.heldOut * dim;
  if (from < recipe.training.batch * dim) throw new Error(`Too few images to hold out ${race.heldOut}`);
  const x = dequantize(dataset.train.subarray(from), stage.stream('learning-curve/dequantization'));

  const backend = await openStageBackend(stage);
  const { model, rows } = await raced(
    stage,
    backend,
    recipe,
    { ...dataset, train: dataset.train.subarray(0, from) },
    x,
  );
  writeModel(stage.output('checkpoint'), model.spec, model.weights);
  const columns = Object.keys(rows[0]!);
  writeFileSync(
    stage.output('table'),
    csvText(['recipe', ...columns], rows.map((row) => [name, ...columns.map((column) => row[column]!)])), // prettier-ignore
  );
  await reportOde(stage, backend, model, dataset.train.slice(from, from + race.ode.images * dim));
});

/** Trains in as many parts as there are points, and measures after each; the clock of a part stands still between them. */
async function raced(
  stage: Stage<Params>,
  backend: Backend,
  { schedule, network, training, head, loss }: RaceRecipe,
  dataset: EightBitDataset,
  x: Float32Array,
): Promise<{ model: TrainedModel; rows: Row[] }> {
  const recipe = head && loss ? cdmRecipe({ head, loss }) : ddmRecipe;
  const [imageSize, , inChannels] = dataset.shape;
  const shape = { ...network, imageSize, inChannels };
  const { range } = stage.params.images;
  const spec: ModelSpec = {
    kind: recipe.kind,
    schedule,
    network: shape,
    head: recipe.head(dataset),
    ...(range && { range }),
  };
  const batchShape = batchShapeOf(spec, training.batch);
  const task = recipe.task(spec);
  const { steps, learningRate: peak, warmup, beta2 = 0.99, emaDecay } = training;
  const program = await backend.compile(trainingStep(task, batchShape, { beta1: 0.9, beta2 }));
  const data = trainingBatches(dataset, training.batch, stage.seed);
  const learningRate = { peak, warmup, steps };
  const run = { task, program, batchShape, data, seed: stage.seed, learningRate, emaDecay };
  let progress = startTraining(task, stage.seed);
  let seconds = 0;
  const rows: Row[] = [];
  const { points } = stage.params.race;
  for (const [i, point] of points.entries()) {
    const before = process.cpuUsage();
    progress = await train(run, progress, Math.round(point * steps));
    const { user, system } = process.cpuUsage(before);
    seconds += (user + system) / 1e6;
    const model = { spec, schedule: scheduleFromSpec(schedule), weights: progress.state['ema'] as Float32Array };
    const isLast = i === points.length - 1;
    rows.push({ step: progress.step, seconds, ...(await measured(stage, backend, model, x, isLast)) });
    stage.progress({ step: i + 1, total: points.length, metrics: {} });
  }
  await program.dispose();
  const note = 'of the training, compilation and measurements apart; processor time';
  stage.report('seconds', { value: seconds, unit: 's', kind: 'timing', note });
  const weights = progress.state['ema'] as Float32Array;
  return { model: { spec, schedule: scheduleFromSpec(schedule), weights }, rows };
}

/** The held-out images x [count, …] denoised at some levels and, by a CDM, their likelihood; reported of the last point. */
async function measured(
  stage: Stage<Params>,
  backend: Backend,
  model: TrainedModel,
  x: Float32Array,
  isLast: boolean,
): Promise<Row> {
  const { schedule, spec } = model;
  const { shape } = batchShapeOf(spec, 1);
  const dim = dimOf(shape);
  const grid = classGrid(schedule.T, stage.params.race.levels).toReversed();
  const denoiser = await compileModel(backend, denoisingProgram(model, BATCH), model.weights);
  const perLevel: number[][] = [];
  for (const t of grid) {
    const epsilon = normals(stage.stream('learning-curve/noise', t), x.length);
    perLevel.push(squaredErrors(epsilon, await denoiser.evaluate(noised(x, epsilon, schedule, t), t), dim));
  }
  await denoiser.dispose();
  const perImage = perLevel[0]!.map((_, i) => perLevel.reduce((sum, level) => sum + level[i]!, 0) / grid.length);
  const row: Record<string, number> = { mse: meanOf(perImage) };
  if (isLast) {
    const note = `mean over ${grid.length} noise levels, of held-out training images`;
    stage.reportMean('mse', perImage, { unit: '1', better: 'lower', note });
  }
  for (const [i, level] of perLevel.entries()) row[`mse_t${grid[i]}`] = meanOf(level);
  if (spec.kind !== 'cdm') return row;
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const bits = Array.from(await logDensity.evaluate(x, 0), (value) => bitsPerDim8Bit(value, dim));
  await logDensity.dispose();
  if (isLast) stage.reportMean('nll', bits, { unit: 'bits/dim', better: 'lower', note: 'Eq. 10 at t = 0; held out' });
  return { ...row, nll: meanOf(bits) };
}

/**
 * The code length of held-out images by the density of the first noise level (diffusion/first-level.ts): of the ODE and, of a
 * CDM, in one shot.
 */
async function reportOde(
  stage: Stage<Params>,
  backend: Backend,
  model: TrainedModel,
  pixels: Uint8Array,
): Promise<void> {
  const { tolerance, probes } = stage.params.race.ode;
  const { schedule } = model;
  const { x1, remainder } = await firstLevelOf(backend, model, { x: binCenters(pixels), pixels }, stage.seed);
  const { program, batchShape, dispose } = await compileModel(backend, odeProgram(model, BATCH, probes), model.weights);
  const dim = dimOf(batchShape.shape);
  const { logDensities } = await flowLogDensity(
    { program, batchShape, schedule, tolerance, divergence: { kind: 'hutchinson', probes }, seed: stage.seed }, // prettier-ignore
    x1,
  );
  await dispose();
  const bitsOf = (logs: ArrayLike<number>): number[] =>
    Array.from(remainder, (rest, i) => bitsPerDim(logs[i]! + rest, dim));
  const bits = { unit: 'bits/dim', better: 'lower' } as const;
  const what = 'code length of held-out images by log p_1 at images of the first noise level';
  stage.reportMean('nll-ode', bitsOf(logDensities), { ...bits, kind: 'upper-bound', note: `${what}, of the ODE` });
  if (model.spec.kind !== 'cdm') return;
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const shots = await logDensity.evaluate(x1, 1);
  await logDensity.dispose();
  stage.reportMean('nll-first', bitsOf(shots), { ...bits, note: `${what}, in one shot` });
  const gaps = Array.from(shots, (value, i) => value - logDensities[i]!);
  stage.reportMean('one-shot-less-ode', gaps, { unit: 'nats', note: 'log p_1 in one shot less that of the ODE' });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
