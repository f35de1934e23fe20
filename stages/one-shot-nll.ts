// The likelihood of the test images in one forward pass each (Theorem 3.2, Eq. 10), beside the truth where it is known.
import { writeFileSync } from 'node:fs';
import { readDataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf, evaluate } from '../src/diffusion/evaluate.ts';
import { bitsPerDim, bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage } from '../src/stage/index.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { testImages } from '../src/models/images.ts';
import { batchShapeOf, logDensityProgram, readModel } from '../src/models/model.ts';
import { csvText } from './shared/plot.ts';

const BATCH = 100;

await runStage<{ runtime: RuntimeParams }>(async (stage) => {
  const dataset = readDataset(stage.input('dataset'));
  const model = readModel(stage.input('cdm'));
  const dim = dimOf(dataset.shape);
  const x = testImages(dataset, { seed: stage.seed, purpose: 'one-shot-nll/dequantization' });

  const backend = await openStageBackend(stage, stage.params.runtime);
  const program = await backend.compile(logDensityProgram(model, BATCH));
  program.load({ parameters: model.weights });
  const shape = batchShapeOf(model.spec, BATCH);
  const atClean = await evaluate(program, shape, x, 0);
  const atFirst = await evaluate(program, shape, x, 1);
  await program.dispose();

  const toBits = dataset.kind === '8-bit' ? bitsPerDim8Bit : bitsPerDim;
  const eightBit = 'uniformly dequantized; resized images compare with no published number';
  const continuous = 'continuous data: bits relative to the unit of the pixels';
  const bits = (name: string, logDensities: ArrayLike<number>, kind: 'estimate' | 'exact', note: string): void => {
    const { mean, standardError, n } = meanAndStandardError(Array.from(logDensities, (value) => toBits(value, dim)));
    stage.report(name, {
      value: mean,
      standardError,
      n,
      unit: 'bits/dim',
      kind,
      better: kind === 'exact' ? 'none' : 'lower',
      note,
    });
  };
  bits('nll', atClean, 'estimate', `Eq. 10 at t = 0; ${dataset.kind === '8-bit' ? eightBit : continuous}`);
  bits(
    'nll-t1',
    atFirst,
    'estimate',
    'the same images under the density of the first noise level, log p_1, which the squared error trains too',
  );

  const columns: [string, ArrayLike<number>][] = [
    ['log_density', atClean],
    ['log_density_t1', atFirst],
  ];
  if (dataset.density !== undefined) {
    const exact = densityFromSpec(dataset.density).logProb(x);
    bits('nll-exact', exact, 'exact', 'the true density, on the same images');
    const errors = Array.from(exact, (truth, i) => atClean[i]! - truth);
    const nats = { unit: 'nats', kind: 'estimate', better: 'lower' } as const;
    const signed = meanAndStandardError(errors);
    stage.report('nll-error-signed', {
      ...nats,
      value: signed.mean,
      standardError: signed.standardError,
      n: signed.n,
      better: 'none',
      note: 'log p_hat - log p, mean over images',
    });
    const absolute = meanAndStandardError(errors.map(Math.abs));
    stage.report('nll-error-mae', {
      ...nats,
      value: absolute.mean,
      standardError: absolute.standardError,
      n: absolute.n,
      note: '|log p_hat - log p|, mean over images',
    });
    columns.push(['log_density_exact', exact]);
  }
  const rows = Array.from(atClean, (_, i) => [i, ...columns.map(([, values]) => values[i]!)]);
  writeFileSync(stage.output('samples'), csvText(['image', ...columns.map(([name]) => name)], rows));
});
