// The likelihood of the same test images by every method there is for these models: in one shot (Eq. 10), by the
// probability-flow ODE of the same network, and by the variational bound; with what each costs. The methods differ in what
// their numbers are: estimates, densities of a sampler up to the solver's error, and upper bounds.
import { writeFileSync } from 'node:fs';
import { readDataset, type Dataset } from '../src/datasets/dataset.ts';
import { densityFromSpec } from '../src/distributions/spec.ts';
import { dimOf } from '../src/diffusion/evaluate.ts';
import { bitsPerDim, bitsPerDim8Bit } from '../src/diffusion/likelihood.ts';
import { at, type Schedule } from '../src/diffusion/schedule.ts';
import { testImages } from '../src/models/images.ts';
import { readModel } from '../src/models/model.ts';
import { runStage, type PlotFile, type Stage } from '../src/stage/index.ts';
import { meanAndStandardError } from '../src/statistics/mean.ts';
import { openStageBackend, type RuntimeParams } from './shared/backend.ts';
import { csvText } from './shared/csv.ts';
import {
  BATCH,
  measure,
  methodsOf,
  type Images,
  type Measurement,
  type Method,
  type OdeParams,
} from './shared/likelihood-methods.ts';

interface Params extends RuntimeParams {
  /** `images` is the number of test images. */
  readonly likelihoods: OdeParams & { readonly images: number };
}

/** True log densities of the images, nats: of clean ones, and of the law of the first noise level, where the ODE ends. */
interface Truth {
  readonly clean: Float64Array;
  readonly first: Float64Array;
}

await runStage<Params>(async (stage) => {
  const { likelihoods } = stage.params;
  const dataset = readDataset(stage.input('dataset'));
  const images = firstTestImages(stage, dataset);
  const backend = await openStageBackend(stage);
  const models = [readModel(stage.input('cdm')), readModel(stage.input('ddm'))];
  const methods: Method[] = [];
  for (const model of models) methods.push(...(await methodsOf(backend, model, images, likelihoods, stage.seed)));
  const measured: Measurement[] = [];
  for (const method of methods) {
    measured.push(await measure(backend, method));
    stage.progress({ step: measured.length, total: methods.length, metrics: {} });
  }

  for (const measurement of measured) reportMeasurement(stage, dataset, measurement);
  reportOneShotAgainstOde(stage, measured);
  const truth = truthOf(dataset, images, models[0]!.schedule);
  if (truth !== null) reportErrors(stage, dataset, measured, truth);
  const plot = truth === null ? nllAgainstCost(dataset, measured) : errorAgainstCost(measured, truth);
  stage.writePlot('figure', plot);
  writeFileSync(stage.output('samples'), tableByImage(measured, truth));
});

function firstTestImages(stage: Stage<Params>, dataset: Dataset): Images {
  const dim = dimOf(dataset.shape);
  const every = testImages(dataset, stage.stream('likelihoods/dequantization'));
  const size = Math.min(stage.params.likelihoods.images, every.length / dim) * dim;
  const pixels = dataset.kind === '8-bit' ? dataset.test.slice(0, size) : undefined;
  return { x: every.slice(0, size), pixels };
}

function truthOf({ density: spec }: Dataset, { x }: Images, { alpha, sigma }: Schedule): Truth | null {
  if (spec === undefined) return null;
  const density = densityFromSpec(spec);
  return { clean: density.logProb(x), first: density.at(at(alpha, 1), at(sigma, 1)).logProb(x) };
}

/** Whether a method's density is that of the first noise level: of the methods of Eq. 10 and the ODE. */
function isOfFirstLevel(name: string): boolean {
  return name === 'one-shot-t1' || name.startsWith('ode');
}

type Note = { readonly kind: 'exact' | 'estimate' | 'upper-bound'; readonly note: string };

/** What each method's number is. */
function noteOf({ kind }: Dataset, name: string): Note {
  const isBytes = kind === '8-bit';
  const code =
    '8 bits: of images at the first noise level, with its noise and the mass of the pixels under a normal decoder';
  if (name === 'bound') {
    const decoder = isBytes ? 'the mass of the pixels under a normal decoder' : 'a normal decoder';
    return { kind: 'upper-bound', note: `DDPM's variational bound on all classes, with ${decoder}` };
  }
  if (name.startsWith('ode')) {
    const what = "density of the probability-flow ODE's samples at the first noise level, up to the solver's error";
    if (!isBytes) return { kind: 'estimate', note: what };
    return { kind: 'upper-bound', note: `${what}; ${code}: in expectation an upper bound` };
  }
  if (name === 'lattice') {
    const note =
      'Eq. 10 at the middle of the bins, not dequantized: of a lattice a density says nothing, unbounded below';
    return { kind: 'estimate', note };
  }
  const isFirst = name === 'one-shot-t1';
  const ofBytes = isFirst ? `; ${code}` : '; uniformly dequantized';
  const level = `Eq. 10 at t = ${isFirst ? 1 : 0}; not normalized by construction`;
  return { kind: 'estimate', note: isBytes ? level + ofBytes : level };
}

function reportMeasurement(stage: Stage, dataset: Dataset, measurement: Measurement): void {
  const { name, model, logs, probeErrors, noiseSquares, evaluations, flopsPerEvaluation, seconds } = measurement;
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
  if (noiseSquares) {
    const note = 'mean square of the end of the ODE, over dimensions: 1 where it turns the images into N(0, I)';
    stage.reportMean(`noise-square.${key}`, noiseSquares, { unit: '1', better: 'none', note });
  }
  const bits = bitsOf(dataset, name, logs);
  stage.reportMean(`nll.${key}`, bits, { unit: 'bits/dim', better: 'lower', ...noteOf(dataset, name) });
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

/** Bits per dimension of log densities; those of 8-bit images are of dequantized ones where they are not of pixels. */
function bitsOf({ kind, shape }: Dataset, name: string, logs: ArrayLike<number>): number[] {
  const dim = dimOf(shape);
  const isDequantized = kind === '8-bit' && (name === 'one-shot' || name === 'lattice');
  const toBits = isDequantized ? bitsPerDim8Bit : bitsPerDim;
  return Array.from(logs, (log) => toBits(log, dim));
}

function reportOneShotAgainstOde(stage: Stage, measured: readonly Measurement[]): void {
  const logsOf = (name: string): Float64Array =>
    measured.find((measurement) => measurement.model === 'cdm' && measurement.name === name)!.logs;
  reportDifference(stage, 'one-shot-against-ode', logsOf('one-shot-t1'), logsOf('ode'), {
    signed: 'log p_1 in one shot less log p_1 of the ODE of the same network, mean over images',
    absolute: 'distance of the two, mean over images',
  });
}

function reportErrors(stage: Stage, dataset: Dataset, measured: readonly Measurement[], truth: Truth): void {
  for (const { model, name, logs } of measured) {
    const [exact, p] = isOfFirstLevel(name) ? [truth.first, 'p_1'] : [truth.clean, 'p'];
    reportDifference(stage, `error.${model}.${name}`, logs, exact, {
      signed: `log p_hat - log ${p}, mean over images`,
      absolute: `|log p_hat - log ${p}|, mean over images`,
    });
  }
  const exact = { unit: 'bits/dim', kind: 'exact', better: 'none' } as const;
  const note = 'the true density, the same images';
  stage.reportMean('nll.exact', bitsOf(dataset, 'exact', truth.clean), { ...exact, note });
  const noteFirst = 'the true density of the first noise level, the same images';
  stage.reportMean('nll.exact-t1', bitsOf(dataset, 'exact', truth.first), { ...exact, note: noteFirst });
}

function reportDifference(
  stage: Stage,
  name: string,
  a: Float64Array,
  b: Float64Array,
  notes: { readonly signed: string; readonly absolute: string },
): void {
  const differences = Array.from(a, (value, i) => value - b[i]!);
  stage.reportMean(`${name}.signed`, differences, { unit: 'nats', better: 'none', note: notes.signed });
  const sizes = differences.map(Math.abs);
  stage.reportMean(`${name}.mae`, sizes, { unit: 'nats', better: 'lower', note: notes.absolute });
}

/** A line for each image: what every method says of it, nats, and the truth where it is known. */
function tableByImage(measured: readonly Measurement[], truth: Truth | null): string {
  const columns = measured.map(({ model, name, logs }) => ({ name: `${model}_${name}`, logs }));
  if (truth !== null) columns.push({ name: 'exact', logs: truth.clean }, { name: 'exact_t1', logs: truth.first });
  const rows = Array.from(columns[0]!.logs, (_, i) => [i, ...columns.map(({ logs }) => logs[i]!)]);
  return csvText(['image', ...columns.map(({ name }) => name)], rows);
}

/** Accuracy for work: seconds would be another number in each run. */
function errorAgainstCost(measured: readonly Measurement[], truth: Truth): PlotFile {
  return costPlot('Error of the log density against the work it takes', '|log p_hat - log p|, nats', measured, (m) => {
    const exact = isOfFirstLevel(m.name) ? truth.first : truth.clean;
    return Array.from(m.logs, (log, i) => Math.abs(log - exact[i]!));
  });
}

function nllAgainstCost(dataset: Dataset, measured: readonly Measurement[]): PlotFile {
  const title = 'Negative log-likelihood against the work it takes';
  return costPlot(title, 'bits/dim', measured, ({ name, logs }) => bitsOf(dataset, name, logs));
}

function costPlot(
  title: string,
  label: string,
  measured: readonly Measurement[],
  valuesOf: (measurement: Measurement) => number[],
): PlotFile {
  const groups = new Map<string, [number, number, number][]>();
  for (const measurement of measured) {
    const { name, model, evaluations, flopsPerEvaluation } = measurement;
    const group = `${model.toUpperCase()}, ${name.startsWith('ode') ? 'ODE' : name}`;
    const gflop = (meanAndStandardError(evaluations).mean * flopsPerEvaluation) / 1e9;
    const { mean, standardError } = meanAndStandardError(valuesOf(measurement));
    groups.set(group, [...(groups.get(group) ?? []), [gflop, mean, standardError]]);
  }
  return {
    title,
    x: { label: 'GFLOP for an image', log: true },
    y: { label },
    series: [...groups].map(([name, points]) => ({ name, points })),
  };
}
