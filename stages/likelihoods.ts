// The likelihood of the same test images by every method there is for these models: in one shot (Eq. 10), by the
// probability-flow ODE of the same network, and by the variational bound; with what each costs. The methods differ in what
// their numbers are: estimates, densities of a sampler up to the solver's error, and upper bounds.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { variationalBound } from '../src/diffusion/bound.ts';
import { dimOf, evaluate } from '../src/diffusion/evaluate.ts';
import { flowLogDensity } from '../src/diffusion/flow.ts';
import { binCenters, bitsPerDim, bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { at } from '../src/diffusion/schedule.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { runStage, type Stage } from '../src/stage/index.ts';
import type { Backend } from '../src/tensor/backend.ts';
import { flopsOf } from '../src/tensor/flops.ts';
import type { Program, ProgramDefinition } from '../src/tensor/program.ts';
import { trace } from '../src/tensor/trace.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { testImages } from '../src/models/images.ts';
import {
  batchShapeOf,
  denoisingProgram,
  logDensityProgram,
  odeProgram,
  readModel,
  type TrainedModel,
} from '../src/models/model.ts';
import { csvText, plotText } from './shared/plot.ts';

interface Params {
  readonly runtime: RuntimeParams;
  readonly likelihoods: {
    /** Test images. */
    readonly images: number;
    /** Of the ODE's solver, one run each, from coarse to fine; the last is `ode`, the others `ode-1e-2` and so on. */
    readonly tolerances: readonly number[];
    /** Random probes of the divergence, which share an evaluation; of two or more it is said how far they leave it open. */
    readonly probes: number;
  };
}

const BATCH = 50;

/** What one method says of each image, and what it took. */
interface Measurement {
  readonly name: string;
  readonly model: 'cdm' | 'ddm';
  /** Nats; of a bound on the code length of 8-bit images, its negative. */
  readonly logs: Float64Array;
  /** Standard error that random probes leave in each of them. */
  readonly probeErrors?: Float64Array | null;
  /** Network evaluations of each image. */
  readonly evaluations: ArrayLike<number>;
  readonly flopsPerEvaluation: number;
  readonly seconds: number;
}

await runStage<Params>(async (stage) => {
  const { images, tolerances, probes } = stage.params.likelihoods;
  const dataset = readDataset(stage.input('dataset'));
  const dim = dimOf(dataset.shape);
  const every = testImages(dataset, { seed: stage.seed, purpose: 'likelihoods/dequantization' });
  const count = Math.min(images, every.length / dim);
  const x = every.slice(0, count * dim);
  const pixels = dataset.kind === '8-bit' ? dataset.test.slice(0, count * dim) : undefined;
  const backend = await openStageBackend(stage, stage.params.runtime);
  const total = 2 * (tolerances.length + 1) + (pixels === undefined ? 2 : 3);
  const measured: Measurement[] = [];
  const measure = async (
    model: TrainedModel,
    name: string,
    definition: ProgramDefinition,
    run: (program: Program) => Promise<Pick<Measurement, 'logs' | 'probeErrors' | 'evaluations'>>,
  ): Promise<void> => {
    const { program, flopsPerEvaluation } = await load(backend, model, definition);
    const start = performance.now();
    const result = await run(program);
    const seconds = (performance.now() - start) / 1000;
    await program.dispose();
    measured.push({ name, model: model.spec.kind, ...result, flopsPerEvaluation, seconds });
    stage.progress({ step: measured.length, total, metrics: {} });
  };

  const cdm = readModel(stage.input('cdm'));
  for (const model of [cdm, readModel(stage.input('ddm'))]) {
    const { schedule } = model;
    const batchShape = batchShapeOf(model.spec, BATCH);
    if (model.spec.kind === 'cdm') {
      const oneShot = (t: number, values: Float32Array) => async (program: Program) => ({
        logs: Float64Array.from(await evaluate(program, batchShape, values, t)),
        evaluations: new Array<number>(count).fill(1),
      });
      await measure(model, 'one-shot', logDensityProgram(model, BATCH), oneShot(0, x));
      await measure(model, 'one-shot-t1', logDensityProgram(model, BATCH), oneShot(1, x));
      if (pixels !== undefined) {
        await measure(model, 'lattice', logDensityProgram(model, BATCH), oneShot(0, binCenters(pixels)));
      }
    }
    for (const [i, tolerance] of tolerances.entries()) {
      const name = i === tolerances.length - 1 ? 'ode' : `ode-${tolerance.toExponential()}`;
      await measure(model, name, odeProgram(model, BATCH, probes), async (program) => {
        const divergence = { kind: 'hutchinson', probes } as const;
        const run = { program, batchShape, schedule, tolerance, divergence, seed: stage.seed };
        const { logDensities, ...rest } = await flowLogDensity(run, x);
        return { logs: logDensities, ...rest };
      });
    }
    await measure(model, 'bound', denoisingProgram(model, BATCH), async (denoiser) => {
      const run = { denoiser, batchShape, schedule, seed: stage.seed };
      const { bounds, nfe } = await variationalBound(run, pixels === undefined ? x : binCenters(pixels), pixels);
      return { logs: bounds.map((bound) => -bound), evaluations: new Array<number>(count).fill(nfe) };
    });
  }
  for (const measurement of measured) reportMeasurement(stage, dataset, measurement);

  const logsOf = (model: string, name: string): Float64Array =>
    measured.find((measurement) => measurement.model === model && measurement.name === name)!.logs;
  reportDifference(stage, 'one-shot-against-ode', logsOf('cdm', 'one-shot-t1'), logsOf('cdm', 'ode'), {
    signed: 'log p_1 in one shot less log p_1 of the ODE of the same network, mean over images',
    absolute: 'distance of the two, mean over images',
  });

  const columns = measured.map(({ model, name, logs }) => ({ name: `${model}_${name}`, logs }));
  if (dataset.density !== undefined) {
    const density = densityFromSpec(dataset.density);
    const { alpha, sigma } = cdm.schedule;
    const truth = { clean: density.logProb(x), first: density.at(at(alpha, 1), at(sigma, 1)).logProb(x) };
    for (const { model, name, logs } of measured) {
      const ofFirst = name === 'one-shot-t1' || name.startsWith('ode');
      reportDifference(stage, `error.${model}.${name}`, logs, ofFirst ? truth.first : truth.clean, {
        signed: `log p_hat - log ${ofFirst ? 'p_1' : 'p'}, mean over images`,
        absolute: `|log p_hat - log ${ofFirst ? 'p_1' : 'p'}|, mean over images`,
      });
    }
    reportBits(stage, dataset, 'nll.exact', truth.clean, { kind: 'exact', note: 'the true density, the same images' });
    reportBits(stage, dataset, 'nll.exact-t1', truth.first, {
      kind: 'exact',
      note: 'the true density of the first noise level, the same images',
    });
    columns.push({ name: 'exact', logs: truth.clean }, { name: 'exact_t1', logs: truth.first });
    writeFileSync(stage.output('figure'), errorAgainstCost(measured, truth));
  } else {
    writeFileSync(stage.output('figure'), nllAgainstCost(dataset, measured));
  }
  const rows = Array.from({ length: count }, (_, i) => [i, ...columns.map(({ logs }) => logs[i]!)]);
  writeFileSync(stage.output('samples'), csvText(['image', ...columns.map(({ name }) => name)], rows));
});

async function load(
  backend: Backend,
  model: TrainedModel,
  definition: ProgramDefinition,
): Promise<{ program: Program; flopsPerEvaluation: number }> {
  const program = await backend.compile(definition);
  program.load({ parameters: model.weights });
  return { program, flopsPerEvaluation: flopsOf(trace(definition)) / BATCH };
}

type Note = { readonly kind: 'exact' | 'estimate' | 'upper-bound'; readonly note: string };

/** What each method's number is. */
function noteOf({ kind }: Dataset, name: string): Note {
  const isBytes = kind === '8-bit';
  if (name === 'bound') {
    const decoder = isBytes ? 'the mass of the pixels under a normal decoder' : 'a normal decoder';
    return { kind: 'upper-bound', note: `DDPM's variational bound on all classes, with ${decoder}` };
  }
  if (name.startsWith('ode')) {
    const what = "density of the probability-flow ODE's samples at the first noise level, up to the solver's error";
    const note = isBytes ? `${what}; dequantized: in expectation an upper bound` : what;
    return { kind: isBytes ? 'upper-bound' : 'estimate', note };
  }
  if (name === 'lattice') {
    const note =
      'Eq. 10 at the middle of the bins, not dequantized: of a lattice a density says nothing, unbounded below';
    return { kind: 'estimate', note };
  }
  const level = name === 'one-shot' ? 't = 0' : 't = 1';
  return {
    kind: 'estimate',
    note: `Eq. 10 at ${level}; not normalized by construction${isBytes ? '; dequantized' : ''}`,
  };
}

function reportMeasurement(stage: Stage, dataset: Dataset, measurement: Measurement): void {
  const { name, model, logs, probeErrors, evaluations, flopsPerEvaluation, seconds } = measurement;
  const key = `${name}.${model}`;
  const count = logs.length;
  if (probeErrors) {
    stage.report(`probe-error.${key}`, {
      value: Math.sqrt(probeErrors.reduce((sum, error) => sum + error ** 2, 0) / count),
      n: count,
      unit: 'nats',
      kind: 'estimate',
      better: 'lower',
      note: 'standard error that the random probes of the divergence leave in the log density of an image, root mean square',
    });
  }
  if (name === 'bound' && dataset.kind === '8-bit') {
    const dim = dimOf(dataset.shape);
    reportValues(
      stage,
      `nll.${key}`,
      Array.from(logs, (log) => bitsPerDim(log, dim)),
      {
        unit: 'bits/dim',
        better: 'lower',
        ...noteOf(dataset, name),
      },
    );
  } else {
    reportBits(stage, dataset, `nll.${key}`, logs, noteOf(dataset, name));
  }
  const nfe = Array.from(evaluations).reduce((sum, value) => sum + value, 0) / count;
  const lower = { better: 'lower', n: count } as const;
  stage.report(`nfe.${key}`, { ...lower, value: nfe, unit: 'evaluations', kind: 'exact', note: 'mean over images' });
  stage.report(`gflop.${key}`, {
    ...lower,
    value: (nfe * flopsPerEvaluation) / 1e9,
    unit: 'GFLOP',
    kind: 'exact',
    note: 'for an image: two operations for each multiply-add of convolutions and matrix products',
  });
  stage.report(`seconds.${key}`, {
    ...lower,
    value: seconds / count,
    unit: 's',
    kind: 'timing',
    note: `for an image, in batches of ${BATCH}, ${stage.threads} threads, after compilation`,
  });
}

function reportBits(stage: Stage, dataset: Dataset, name: string, logs: ArrayLike<number>, note: Note): void {
  const dim = dimOf(dataset.shape);
  const toBits = dataset.kind === '8-bit' ? bitsPerDim8Bit : bitsPerDim;
  const better = note.kind === 'exact' ? 'none' : 'lower';
  reportValues(
    stage,
    name,
    Array.from(logs, (log) => toBits(log, dim)),
    { unit: 'bits/dim', better, ...note },
  );
}

function reportDifference(
  stage: Stage,
  name: string,
  a: Float64Array,
  b: Float64Array,
  notes: { readonly signed: string; readonly absolute: string },
): void {
  const differences = Array.from(a, (value, i) => value - b[i]!);
  const nats = { unit: 'nats', kind: 'estimate' } as const;
  reportValues(stage, `${name}.signed`, differences, { ...nats, better: 'none', note: notes.signed });
  reportValues(stage, `${name}.mae`, differences.map(Math.abs), { ...nats, better: 'lower', note: notes.absolute });
}

function reportValues(
  stage: Stage,
  name: string,
  values: readonly number[],
  rest: { readonly unit: string; readonly better: 'lower' | 'none' } & Note,
): void {
  const { mean, standardError, n } = meanAndStandardError(values);
  stage.report(name, { value: mean, standardError, n, ...rest });
}

/** Accuracy for work: seconds would be another number in each run. */
function errorAgainstCost(
  measured: readonly Measurement[],
  truth: { clean: Float64Array; first: Float64Array },
): string {
  return costPlot('Error of the log density against the work it takes', '|log p_hat - log p|, nats', measured, (m) => {
    const exact = m.name === 'one-shot-t1' || m.name.startsWith('ode') ? truth.first : truth.clean;
    return Array.from(m.logs, (log, i) => Math.abs(log - exact[i]!));
  });
}

function nllAgainstCost(dataset: Dataset, measured: readonly Measurement[]): string {
  const dim = dimOf(dataset.shape);
  return costPlot('Negative log-likelihood against the work it takes', 'bits/dim', measured, ({ name, logs }) =>
    Array.from(logs, (log) => (dataset.kind === '8-bit' && name !== 'bound' ? bitsPerDim8Bit : bitsPerDim)(log, dim)),
  );
}

function costPlot(
  title: string,
  label: string,
  measured: readonly Measurement[],
  valuesOf: (measurement: Measurement) => number[],
): string {
  const groups = new Map<string, number[][]>();
  for (const measurement of measured) {
    const { name, model, evaluations, flopsPerEvaluation } = measurement;
    const group = `${model.toUpperCase()}, ${name.startsWith('ode') ? 'ODE' : name}`;
    const gflop = (meanAndStandardError(evaluations).mean * flopsPerEvaluation) / 1e9;
    const { mean, standardError } = meanAndStandardError(valuesOf(measurement));
    groups.set(group, [...(groups.get(group) ?? []), [gflop, mean, standardError]]);
  }
  return plotText({
    title,
    x: { label: 'GFLOP for an image', log: true },
    y: { label },
    series: [...groups].map(([name, points]) => ({ name, points })),
  });
}
