// Figure 4: the denoising error at each noise level, of the classifier's gradient (Eq. 8), of the baseline, of the denoiser
// that knows the mean of the data and nothing else, and of the Bayes-optimal one where the density is known. All on the
// same noisy images.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf, evaluate } from '../src/diffusion/evaluate.ts';
import { classGrid } from '../src/diffusion/sampler.ts';
import { at, logSnr } from '../src/diffusion/schedule.ts';
import { meanAndStandardError, pairedDifference } from '../src/statistics/mean.ts';
import { runStage } from '../src/stage/index.ts';
import { normals } from '../src/tensor/random.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { momentsOf, testImages } from '../src/models/images.ts';
import { batchShapeOf, denoisingProgram, readModel } from '../src/models/model.ts';
import { csvText, plotText } from './shared/plot.ts';

interface Params {
  readonly runtime: RuntimeParams;
  /** Noise levels between 1 and T, and test images at each. */
  readonly denoising: { readonly levels: number; readonly samples: number };
}

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

await runStage<Params>(async (stage) => {
  const { levels, samples } = stage.params.denoising;
  const dataset = readDataset(stage.input('dataset'));
  const cdm = readModel(stage.input('cdm'));
  const ddm = readModel(stage.input('ddm'));
  const { schedule } = cdm;
  const dim = dimOf(dataset.shape);
  const density = dataset.density === undefined ? null : densityFromSpec(dataset.density);
  const { mean: dataMean } = momentsOf(dataset);
  const images = testImages(dataset, { seed: stage.seed, purpose: 'denoising-mse/dequantization' });
  const count = Math.min(samples, images.length / dim);
  const x0 = images.subarray(0, count * dim);

  const backend = await openStageBackend(stage, stage.params.runtime);
  const denoisers = [];
  for (const model of [cdm, ddm]) {
    const program = await backend.compile(denoisingProgram(model, BATCH));
    program.load({ parameters: model.weights });
    const shape = batchShapeOf(model.spec, BATCH);
    denoisers.push({
      name: model.spec.kind,
      epsilonHat: (x: Float32Array, t: number) => evaluate(program, shape, x, t),
    });
  }

  /** Squared error per dimension of each image: errors[denoiser][level][image]. */
  const errors = new Map<string, number[][]>();
  const grid = classGrid(schedule.T, levels).toReversed();
  for (const [i, t] of grid.entries()) {
    const epsilon = normals({ seed: stage.seed, purpose: 'denoising-mse/noise', step: t }, count * dim);
    const [alpha, sigma] = [at(schedule.alpha, t), at(schedule.sigma, t)];
    const xt = x0.map((value, k) => alpha * value + sigma * epsilon[k]!);
    const estimates: [string, ArrayLike<number>][] = [];
    for (const { name, epsilonHat } of denoisers) estimates.push([name, await epsilonHat(xt, t)]);
    estimates.push(['mean', xt.map((value, k) => (value - alpha * dataMean[k % dim]!) / sigma)]);
    if (density !== null) estimates.push(['bayes', density.posteriorNoise(xt, alpha, sigma)]);
    for (const [name, estimate] of estimates) {
      const perImage = Array.from({ length: count }, (_, image) => squaredError(epsilon, estimate, image * dim, dim));
      errors.set(name, [...(errors.get(name) ?? []), perImage]);
    }
    stage.progress({ step: i + 1, total: grid.length, metrics: {} });
  }

  const unit = { unit: '1', better: 'lower' } as const;
  const series = [...errors].map(([name, perLevel]) => {
    const kind = name === 'bayes' ? 'exact' : 'estimate';
    const points = perLevel.map((perImage, i) => {
      const { mean, standardError, n } = meanAndStandardError(perImage);
      stage.report(`mse.${name}.t${String(grid[i]).padStart(4, '0')}`, {
        ...unit,
        value: mean,
        standardError,
        n,
        kind,
      });
      return [logSnr(schedule, grid[i]!), mean, standardError];
    });
    // The images are the same at every level: average over levels first, and take the error over images.
    const overall = meanAndStandardError(averageOverLevels(perLevel));
    const note = `mean over ${grid.length} noise levels`;
    stage.report(`mse.${name}`, {
      ...unit,
      value: overall.mean,
      standardError: overall.standardError,
      n: overall.n,
      kind,
      note,
    });
    return { name: TITLES[name]!, points };
  });
  if (density !== null) {
    const noisiest = Math.ceil(NOISIEST * grid.length);
    const bayes = errors.get('bayes')!;
    const reportExcess = (name: string, key: string, count: number, where: string): void => {
      const [own, least] = [errors.get(name)!, bayes].map((perLevel) => averageOverLevels(perLevel.slice(-count)));
      const { mean, standardError, n } = pairedDifference(own!, least!);
      const note = `above the Bayes-optimal denoiser on the same noisy images${where}`;
      stage.report(`${key}.${name}`, { ...unit, value: mean, standardError, n, kind: 'estimate', note });
    };
    for (const name of ['cdm', 'ddm']) reportExcess(name, 'mse-excess', grid.length, '');
    for (const name of ['cdm', 'ddm', 'mean']) {
      reportExcess(name, 'mse-excess-noisiest', noisiest, `, of the ${noisiest} noisiest of ${grid.length} levels`);
    }
  }

  writeFileSync(
    stage.output('figure'),
    plotText({
      title: 'Denoising error at each noise level (figure 4)',
      x: { label: 'log-SNR of the noise level (nats)' },
      y: { label: 'MSE of the noise estimate, per dimension', log: true },
      series,
    }),
  );
  writeFileSync(
    stage.output('ratio'),
    plotText({
      title: 'Log ratio of denoising errors (figure 4)',
      x: { label: 'log-SNR of the noise level (nats)' },
      y: { label: 'ln of the ratio of the MSEs' },
      series: RATIOS.filter((pair) => pair.every((name) => errors.has(name))).map(([above, below]) => ({
        name: `${TITLES[above]} / ${TITLES[below]}`,
        points: grid.map((t, i) => [
          logSnr(schedule, t),
          ...logRatioOfMeans(errors.get(above)![i]!, errors.get(below)![i]!),
        ]),
      })),
    }),
  );
  const names = [...errors.keys()];
  const rows = grid.map((t, i) => [
    t,
    logSnr(schedule, t),
    ...names.flatMap((name) => {
      const { mean, standardError } = meanAndStandardError(errors.get(name)![i]!);
      return [mean, standardError];
    }),
  ]);
  const header = ['t', 'log_snr', ...names.flatMap((name) => [`mse_${name}`, `standard_error_${name}`])];
  writeFileSync(stage.output('table'), csvText(header, rows));
});

/** Mean over `dim` values of (a - b)^2, from `offset` on. */
function squaredError(a: ArrayLike<number>, b: ArrayLike<number>, offset: number, dim: number): number {
  let sum = 0;
  for (let d = offset; d < offset + dim; d++) sum += (a[d]! - b[d]!) ** 2;
  return sum / dim;
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
