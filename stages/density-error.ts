// Is the error of the log density only a function of t? Its variance, over noisy test images of many levels, between the
// levels and within them: training that leaves a constant c(t) open errs between, one that leaves more errs within.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { evaluate } from '../src/diffusion/evaluate.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { at, logSnr } from '../src/diffusion/schedule.ts';
import { jackknife } from '../src/statistics/jackknife.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage } from '../src/stage/index.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { batchShapeOf, logDensityProgram, readModel } from '../src/models/model.ts';
import { plotText } from './shared/plot.ts';

interface Params {
  readonly runtime: RuntimeParams;
  /** Noise levels between 1 and T besides t = 0, and images at each. */
  readonly densityError: { readonly levels: number; readonly samples: number };
}

const BATCH = 250;
const BLOCKS = 10;

await runStage<Params>(async (stage) => {
  const { levels, samples } = stage.params.densityError;
  const dataset = readDataset(stage.input('dataset'));
  if (dataset.density === undefined) throw new Error('An error needs the truth: these data have no known density');
  const density = densityFromSpec(dataset.density);
  const model = readModel(stage.input('cdm'));
  const { schedule } = model;
  const backend = await openStageBackend(stage, stage.params.runtime);
  const program = await backend.compile(logDensityProgram(model, BATCH));
  program.load({ parameters: model.weights });

  // The same images at every level, so that what differs between levels is the level.
  const clean = density.sample(samples, { seed: stage.seed, purpose: 'density-error/images' });
  const grid = [0, ...classGrid(schedule.T, levels).toReversed()];
  const errors: number[][] = [];
  for (const [i, t] of grid.entries()) {
    const [alpha, sigma] = [at(schedule.alpha, t), at(schedule.sigma, t)];
    const noise = normals({ seed: stage.seed, purpose: 'density-error/noise', step: t }, clean.length);
    const x = clean.map((value, k) => alpha * value + sigma * noise[k]!);
    const estimate = await evaluate(program, batchShapeOf(model.spec, BATCH), x, t);
    const truth = density.at(alpha, sigma).logProb(x);
    errors.push(Array.from(truth, (value, k) => estimate[k]! - value));
    stage.progress({ step: i + 1, total: grid.length, metrics: {} });
  }

  const blocks = Array.from({ length: BLOCKS }, (_, block) => {
    const edge = (k: number): number => Math.floor((k * samples) / BLOCKS);
    return errors.map((perImage) => perImage.slice(edge(block), edge(block + 1)));
  });
  const report = (name: string, unit: string, note: string, part: (parts: VarianceParts) => number): void => {
    const { value, standardError } = jackknife(blocks, (kept) =>
      part(varianceParts(grid.map((_, level) => kept.flatMap((block) => block[level]!)))),
    );
    stage.report(name, { value, standardError, n: samples, unit, kind: 'estimate', better: 'lower', note });
  };
  const over = `of log p_hat_t - log p_t over ${grid.length} noise levels`;
  report('variance-between', 'nats^2', `${over}: of its means, a function of t`, ({ between }) => between);
  report('variance-within', 'nats^2', `${over}: around its means, a function of x too`, ({ within }) => within);
  report(
    'share-within',
    '1',
    `share of the variance ${over} that no function of t takes away`,
    (parts) => parts.within / (parts.between + parts.within),
  );
  writeFileSync(
    stage.output('figure'),
    plotText({
      title: 'Error of the log density at each noise level',
      x: { label: 'log-SNR of the noise level (nats)' },
      y: { label: 'log p_hat_t - log p_t (nats)' },
      // The log-SNR of clean data is infinite: t = 0 is among the numbers only.
      series: [
        {
          name: 'mean over images',
          points: grid.slice(1).map((t, i) => {
            const { mean, standardError } = meanAndStandardError(errors[i + 1]!);
            return [logSnr(schedule, t), mean, standardError];
          }),
        },
        {
          name: 'standard deviation',
          points: grid.slice(1).map((t, i) => [logSnr(schedule, t), deviation(errors[i + 1]!)]),
        },
      ],
    }),
  );
});

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
