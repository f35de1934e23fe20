// Is the error of the log density only a function of t? Its variance, over noisy test images of many levels, between the
// levels and within them: training that leaves a constant c(t) open errs between, one that leaves more errs within.
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import type { Density } from '../src/distributions/density.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { at, logSnr, noised, type Schedule } from '../src/diffusion/schedule.ts';
import { compileModel } from '../src/models/compiled.ts';
import { logDensityProgram, readModel } from '../src/models/model.ts';
import { runStage, type PlotFile, type Stage } from '../src/stage/index.ts';
import { jackknife } from '../src/statistics/jackknife.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';

interface Params extends RuntimeParams {
  /** Noise levels between 1 and T besides t = 0, and images at each. */
  readonly densityError: { readonly levels: number; readonly samples: number };
}

const BATCH = 250;
const BLOCKS = 10;

await runStage<Params>(async (stage) => {
  const density = knownDensity(readDataset(stage.input('dataset')));
  const model = readModel(stage.input('cdm'));
  const { schedule } = model;
  const grid = [0, ...classGrid(schedule.T, stage.params.densityError.levels).toReversed()];
  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);

  // The same images at every level, so that what differs between levels is the level.
  const clean = density.sample(stage.params.densityError.samples, stage.stream('density-error/images'));
  const errors: number[][] = [];
  for (const [i, t] of grid.entries()) {
    const x = noised(clean, normals(stage.stream('density-error/noise', t), clean.length), schedule, t);
    const estimate = await logDensity.evaluate(x, t);
    const truth = density.at(at(schedule.alpha, t), at(schedule.sigma, t)).logProb(x);
    errors.push(Array.from(truth, (value, k) => estimate[k]! - value));
    stage.progress({ step: i + 1, total: grid.length, metrics: {} });
  }
  reportVariances(stage, errors);
  // The log-SNR of clean data is infinite: t = 0 is among the numbers only.
  stage.writePlot('figure', errorPlot(schedule, grid.slice(1), errors.slice(1)));
});

function knownDensity({ density }: Dataset): Density {
  if (density === undefined) throw new Error('An error needs the truth: these data have no known density');
  return densityFromSpec(density);
}

/** The parts of the variance of errors[level][image], with standard errors over blocks of images. */
function reportVariances(stage: Stage<Params>, errors: readonly (readonly number[])[]): void {
  const { samples } = stage.params.densityError;
  const blocks = Array.from({ length: BLOCKS }, (_, block) => {
    const edge = (k: number): number => Math.floor((k * samples) / BLOCKS);
    return errors.map((perImage) => perImage.slice(edge(block), edge(block + 1)));
  });
  const report = (name: string, unit: string, note: string, part: (parts: VarianceParts) => number): void => {
    const { value, standardError } = jackknife(blocks, (kept) =>
      part(varianceParts(errors.map((_, level) => kept.flatMap((block) => block[level]!)))),
    );
    stage.report(name, { value, standardError, n: samples, unit, kind: 'estimate', better: 'lower', note });
  };
  const over = `of log p_hat_t - log p_t over ${errors.length} noise levels`;
  report('variance-between', 'nats^2', `${over}: of its means, a function of t`, ({ between }) => between);
  report('variance-within', 'nats^2', `${over}: around its means, a function of x too`, ({ within }) => within);
  report(
    'share-within',
    '1',
    `share of the variance ${over} that no function of t takes away`,
    (parts) => parts.within / (parts.between + parts.within),
  );
}

/** Mean and standard deviation of errors[level][image] over the images, against the log-SNR of the level. */
function errorPlot(schedule: Schedule, grid: readonly number[], errors: readonly (readonly number[])[]): PlotFile {
  return {
    title: 'Error of the log density at each noise level',
    x: { label: 'log-SNR of the noise level (nats)' },
    y: { label: 'log p_hat_t - log p_t (nats)' },
    series: [
      {
        name: 'mean over images',
        points: grid.map((t, i) => {
          const { mean, standardError } = meanAndStandardError(errors[i]!);
          return [logSnr(schedule, t), mean, standardError];
        }),
      },
      {
        name: 'standard deviation',
        points: grid.map((t, i) => [logSnr(schedule, t), deviation(errors[i]!)]),
      },
    ],
  };
}

interface VarianceParts {
  readonly between: number;
  readonly within: number;
}

/** Of values[level][image]: variance of the levels' means, and mean over levels of the variance around them. */
function varianceParts(values: readonly (readonly number[])[]): VarianceParts {
  const means = values.map((perImage) => meanAndStandardError(perImage).mean);
  return {
    between: deviation(means) ** 2,
    within: values.reduce((sum, perImage) => sum + deviation(perImage) ** 2, 0) / values.length,
  };
}

function deviation(values: readonly number[]): number {
  const { standardError, n } = meanAndStandardError(values);
  return standardError * Math.sqrt(n);
}
