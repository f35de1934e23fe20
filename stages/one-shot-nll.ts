// The likelihood of the test images in one forward pass each (Theorem 3.2, Eq. 10), beside the truth where it is known.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { bitsPerDim, bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { compileModel } from '../src/models/compiled.ts';
import { testImages } from '../src/models/images.ts';
import { logDensityProgram, readModel } from '../src/models/model.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';

const BATCH = 100;

await runStage<RuntimeParams>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const stream = stage.stream('one-shot-nll/dequantization');
  const x = testImages(dataset, stream);
  const backend = await openStageBackend(stage);
  const logDensity = await compileModel(backend, logDensityProgram(model, BATCH), model.weights);
  const atClean = await logDensity.evaluate(x, 0);
  const atFirst = await logDensity.evaluate(x, 1);
  await logDensity.dispose();

  const bits = { unit: 'bits/dim', better: 'lower' } as const;
  stage.reportMean('nll', bitsOf(dataset, atClean), { ...bits, note: `Eq. 10 at t = 0; ${whatBitsAre(dataset)}` });
  const note =
    'the same images under the density of the first noise level, log p_1, which the squared error trains too';
  stage.reportMean('nll-t1', bitsOf(dataset, atFirst), { ...bits, note });

  const columns = new Map<string, ArrayLike<number>>([
    ['log_density', atClean],
    ['log_density_t1', atFirst],
  ]);
  if (dataset.density !== undefined) {
    const exact = densityFromSpec(dataset.density).logProb(x);
    reportErrors(stage, dataset, atClean, exact);
    columns.set('log_density_exact', exact);
  }
  // Whoever looks at these images again needs the noise in them.
  if (dataset.kind === '8-bit') columns.set('dequantization_seed', new Array<number>(atClean.length).fill(stream.seed));
  const rows = Array.from(atClean, (_, i) => [i, ...Array.from(columns.values(), (values) => values[i]!)]);
  writeFileSync(stage.output('samples'), csvText(['image', ...columns.keys()], rows));
});

function bitsOf({ kind, shape }: Dataset, logDensities: ArrayLike<number>): number[] {
  const dim = dimOf(shape);
  return Array.from(logDensities, (value) => (kind === '8-bit' ? bitsPerDim8Bit(value, dim) : bitsPerDim(value, dim)));
}

function whatBitsAre({ kind }: Dataset): string {
  return kind === '8-bit'
    ? 'uniformly dequantized; where images were resized, comparable with no published number'
    : 'continuous data: bits relative to the unit of the pixels';
}

/** The true log density of the same images, and how far the estimate is from it, image by image. */
function reportErrors(stage: Stage, dataset: Dataset, estimate: Float32Array, exact: Float64Array): void {
  const note = 'the true density, on the same images';
  stage.reportMean('nll-exact', bitsOf(dataset, exact), { unit: 'bits/dim', kind: 'exact', better: 'none', note });
  const errors = Array.from(exact, (truth, i) => estimate[i]! - truth);
  const signed = 'log p_hat - log p, mean over images';
  stage.reportMean('nll-error-signed', errors, { unit: 'nats', better: 'none', note: signed });
  const absolute = '|log p_hat - log p|, mean over images';
  stage.reportMean('nll-error-mae', errors.map(Math.abs), { unit: 'nats', better: 'lower', note: absolute });
}
