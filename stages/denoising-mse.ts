// Figure 4: the denoising error at each noise level, of the classifier's gradient (Eq. 8), of the baseline, of the denoiser
// that knows the mean of the data and nothing else, and of the Bayes-optimal one where the density is known. All on the
// same noisy images.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { at, logSnr, noised, type Schedule } from '../src/diffusion/schedule.ts';
import { compileModel } from '../src/models/compiled.ts';
import { momentsOf, testImages } from '../src/models/images.ts';
import { denoisingProgram, readModel } from '../src/models/model.ts';
import { runStage, type PlotFile, type Stage } from '../src/stage/index.ts';
import { meanAndStandardError, pairedDifference } from '../src/statistics/mean.ts';
import { squaredErrors } from '../src/statistics/squared-error.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';

interface Params extends RuntimeParams {
  /** Noise levels between 1 and T, and test images at each. */
  readonly denoising: { readonly levels: number; readonly samples: number };
}

/** The estimate of the noise in x_t [count, dim] of one class t, alike. */
type Denoiser = (xt: Float32Array, t: number) => Promise<ArrayLike<number>>;

/** Squared error per dimension of each image, by denoiser: errors[denoiser][level][image]. */
type Errors = ReadonlyMap<string, readonly (readonly number[])[]>;

const BATCH = 100;
const TITLES: Readonly<Record<string, string>> = { cdm: 'CDM', ddm: 'DDM', mean: 'Data mean', bayes: 'Bayes-optimal' };
/** The share of the levels that count as the noisiest, where an estimate of the mean is all that there is to give. */
const NOISIEST = 0.25;
/** The paper's, and how far each model is from what is possible. */
const RATIOS = [
  ['ddm', 'cdm'],
  ['cdm', 'bayes'],
  ['ddm', 'bayes'],
] as const;
const LOG_SNR = { label: 'log-SNR of the noise level (nats)' };

await runStage<Params>(async (stage) => {
  const { levels, samples } = stage.params.denoising;
  const dataset = readDataset(stage.input('dataset'));
  const models = [readModel(stage.input('cdm')), readModel(stage.input('ddm'))];
  const { schedule } = models[0]!;
  const dim = dimOf(dataset.shape);
  const images = testImages(dataset, stage.stream('denoising-mse/dequantization'));
  const x0 = images.subarray(0, Math.min(samples, images.length / dim) * dim);

  const backend = await openStageBackend(stage);
  const denoisers = new Map<string, Denoiser>();
  for (const model of models) {
    const { evaluate } = await compileModel(backend, denoisingProgram(model, BATCH), model.weights);
    denoisers.set(model.spec.kind, evaluate);
  }
  denoisers.set('mean', meanDenoiser(schedule, momentsOf(dataset).mean));
  if (dataset.density !== undefined) {
    const density = densityFromSpec(dataset.density);
    const bayes = (xt: Float32Array, t: number): ArrayLike<number> =>
      density.posteriorNoise(xt, at(schedule.alpha, t), at(schedule.sigma, t));
    denoisers.set('bayes', (xt, t) => Promise.resolve(bayes(xt, t)));
  }

  const grid = classGrid(schedule.T, levels).toReversed();
  const errors = await measureErrors(stage, denoisers, x0, dim, schedule, grid);
  reportErrors(stage, errors, grid);
  reportExcess(stage, errors, grid.length);
  const logSnrs = grid.map((t) => logSnr(schedule, t));
  stage.writePlot('figure', errorPlot(errors, logSnrs));
  stage.writePlot('ratio', ratioPlot(errors, logSnrs));
  writeFileSync(stage.output('table'), tableByLevel(errors, grid, logSnrs));
});

/** The denoiser that knows the mean of the data [dim] and nothing else: it takes x_0 to be the mean. */
function meanDenoiser({ alpha, sigma }: Schedule, mean: ArrayLike<number>): Denoiser {
  return (xt, t) => {
    const [signal, noise] = [at(alpha, t), at(sigma, t)];
    return Promise.resolve(xt.map((value, k) => (value - signal * mean[k % mean.length]!) / noise));
  };
}

/** The errors of all denoisers at every class of the grid, on the same noisy images: of x_0 [count, dim]. */
async function measureErrors(
  stage: Stage,
  denoisers: ReadonlyMap<string, Denoiser>,
  x0: Float32Array,
  dim: number,
  schedule: Schedule,
  grid: readonly number[],
): Promise<Errors> {
  const errors = new Map(Array.from(denoisers.keys(), (name): [string, number[][]] => [name, []]));
  for (const [i, t] of grid.entries()) {
    const epsilon = normals(stage.stream('denoising-mse/noise', t), x0.length);
    const xt = noised(x0, epsilon, schedule, t);
    for (const [name, denoiser] of denoisers) {
      errors.get(name)!.push(squaredErrors(epsilon, await denoiser(xt, t), dim));
    }
    stage.progress({ step: i + 1, total: grid.length, metrics: {} });
  }
  return errors;
}

function reportErrors(stage: Stage, errors: Errors, grid: readonly number[]): void {
  for (const [name, perLevel] of errors) {
    const kind = name === 'bayes' ? 'exact' : 'estimate';
    const mse = { unit: '1', better: 'lower', kind } as const;
    for (const [i, perImage] of perLevel.entries()) {
      stage.reportMean(`mse.${name}.t${String(grid[i]).padStart(4, '0')}`, perImage, mse);
    }
    // The images are the same at every level: average over levels first, and take the error over images.
    const note = `mean over ${grid.length} noise levels`;
    stage.reportMean(`mse.${name}`, averageOverLevels(perLevel), { ...mse, note });
  }
}

/** How much above the Bayes-optimal denoiser the others are, where it is known: at all levels, and at the noisiest. */
function reportExcess(stage: Stage, errors: Errors, levels: number): void {
  const bayes = errors.get('bayes');
  if (bayes === undefined) return;
  const noisiest = Math.ceil(NOISIEST * levels);
  const report = (name: string, key: string, count: number, where: string): void => {
    const [own, least] = [errors.get(name)!, bayes].map((perLevel) => averageOverLevels(perLevel.slice(-count)));
    const note = `above the Bayes-optimal denoiser on the same noisy images${where}`;
    stage.reportMean(`${key}.${name}`, pairedDifference(own!, least!), { unit: '1', better: 'lower', note });
  };
  for (const name of ['cdm', 'ddm']) report(name, 'mse-excess', levels, '');
  for (const name of ['cdm', 'ddm', 'mean']) {
    report(name, 'mse-excess-noisiest', noisiest, `, of the ${noisiest} noisiest of ${levels} levels`);
  }
}

/** Figure 4. */
function errorPlot(errors: Errors, logSnrs: readonly number[]): PlotFile {
  return {
    title: 'Denoising error at each noise level (figure 4)',
    x: LOG_SNR,
    y: { label: 'MSE of the noise estimate, per dimension', log: true },
    series: [...errors].map(([name, perLevel]) => ({
      name: TITLES[name]!,
      points: perLevel.map((perImage, i) => {
        const { mean, standardError } = meanAndStandardError(perImage);
        return [logSnrs[i]!, mean, standardError];
      }),
    })),
  };
}

function ratioPlot(errors: Errors, logSnrs: readonly number[]): PlotFile {
  return {
    title: 'Log ratio of denoising errors (figure 4)',
    x: LOG_SNR,
    y: { label: 'ln of the ratio of the MSEs' },
    series: RATIOS.filter((pair) => pair.every((name) => errors.has(name))).map(([above, below]) => ({
      name: `${TITLES[above]} / ${TITLES[below]}`,
      points: logSnrs.map((x, i) => [x, ...logRatioOfMeans(errors.get(above)![i]!, errors.get(below)![i]!)]),
    })),
  };
}

/** A line for each class of the grid: its log-SNR, and the mean and standard error of every denoiser. */
function tableByLevel(errors: Errors, grid: readonly number[], logSnrs: readonly number[]): string {
  const rows = grid.map((t, i) => [
    t,
    logSnrs[i]!,
    ...Array.from(errors.values(), (perLevel) => meanAndStandardError(perLevel[i]!)).flatMap(
      ({ mean, standardError }) => [mean, standardError],
    ),
  ]);
  const columns = Array.from(errors.keys(), (name) => [`mse_${name}`, `standard_error_${name}`]).flat();
  return csvText(['t', 'log_snr', ...columns], rows);
}

/** ln(mean a / mean b) of paired values, and its standard error by the delta method. */
function logRatioOfMeans(a: readonly number[], b: readonly number[]): [value: number, standardError: number] {
  const [meanA, meanB] = [meanAndStandardError(a).mean, meanAndStandardError(b).mean];
  const { standardError } = meanAndStandardError(a.map((value, i) => value / meanA - b[i]! / meanB));
  return [Math.log(meanA / meanB), standardError];
}

function averageOverLevels(perLevel: readonly (readonly number[])[]): number[] {
  return perLevel[0]!.map((_, image) => perLevel.reduce((sum, values) => sum + values[image]!, 0) / perLevel.length);
}
