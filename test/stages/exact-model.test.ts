// The measures of a model's density, on a classifier that is right: untrained, its logits are those of an isotropic
// Gaussian, and so are the data. Whatever differs from the truth is the measure's own error.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, afterAll, expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { initialTrainingState } from '../../src/diffusion/training-step.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { classifierOf, denoiserOf, writeModel, type ModelSpec } from '../../src/models/model.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const dim = 16;
const mean = new Array<number>(dim).fill(0);
const variance = 0.05;
const spec = { kind: 'gaussian-mixture', means: [mean], std: Math.sqrt(variance), weights: [1] } as const;
const directory = temporaryDirectory();
const path = (name: string): string => join(directory.path, name);
afterAll(() => directory[Symbol.dispose]());

beforeAll(() => {
  const density = densityFromSpec(spec);
  const images = (count: number, seed: number) => density.sample(count, { seed, purpose: 'images' });
  const dataset = { shape: [4, 4, 1], source: 'test' } as const;
  const continuous = {
    kind: 'continuous',
    ...dataset,
    density: spec,
    train: images(10, 1),
    test: images(60, 2),
  } as const;
  const rounded = (values: Float32Array) => Uint8Array.from(values, (value) => Math.floor((value + 1) * 128));
  const { train, test } = continuous;
  writeFileSync(path('continuous'), encodeDataset(continuous));
  writeFileSync(
    path('8-bit'),
    encodeDataset({ kind: '8-bit', ...dataset, train: rounded(train), test: rounded(test) }),
  );
  const narrower = { ...spec, std: Math.sqrt(variance / 2.5) };
  const other = { ...continuous, density: narrower, source: 'narrower, test', test: densityFromSpec(narrower).sample(60, { seed: 3, purpose: 'images' }) }; // prettier-ignore
  writeFileSync(path('other'), encodeDataset(other));
  const image = { imageSize: 4, inChannels: 1 };
  const schedule = { kind: 'uniform-log-snr', T: 40 } as const;
  const cdm: ModelSpec = {
    kind: 'cdm',
    schedule,
    network: { kind: 'encoder', ...image, patchSize: 2, width: 8, blocks: 1, groups: 2 },
    head: { kind: 'cumsum', baseline: { mean, variance } },
  };
  const ddm: ModelSpec = {
    kind: 'ddm',
    schedule,
    network: { kind: 'unet', ...image, channels: 4, mult: [1], blocks: 1, groups: 2 },
    head: null,
  };
  writeModel(path('cdm'), cdm, initialTrainingState(classifierOf(cdm).parameters, 1)['parameters'] as Float32Array);
  writeModel(path('ddm'), ddm, initialTrainingState(denoiserOf(ddm).parameters, 1)['parameters'] as Float32Array);
});

const run = (stage: string, params: object, outputs: readonly string[], dataset = 'continuous') =>
  runStageProcess(directory.path, {
    stage,
    params,
    inputs: { dataset: path(dataset), cdm: path('cdm'), ddm: path('ddm'), models: [path('cdm'), path('cdm')] },
    outputs,
  });

test('likelihoods: one shot and ODE are exact, the bound is above, and each says what it costs', () => {
  const likelihoods = { images: 20, tolerances: [0.1, 0.001], probes: 2 };
  const numbers = run('likelihoods', { likelihoods }, ['samples', 'figure']);
  const value = (name: string): number => numbers[name]!.value;
  expect(value('error.cdm.one-shot.mae')).toBeLessThan(1e-3);
  expect(value('error.cdm.one-shot-t1.mae')).toBeLessThan(1e-3);
  // A multiple of the identity is a Jacobian whose trace every probe finds. The rest is what N(0, I) is not p_T.
  expect(value('error.cdm.ode.mae')).toBeLessThan(0.03);
  expect(value('error.cdm.ode.mae')).toBeLessThan(value('error.cdm.ode-1e-1.mae'));
  expect(value('probe-error.ode.cdm')).toBeLessThan(1e-3);
  expect(value('one-shot-against-ode.mae')).toBeLessThan(0.03);
  const ends = numbers['noise-square.ode.cdm']!;
  expect(Math.abs(ends.value - 1)).toBeLessThan(4 * ends.standardError!);
  expect(numbers['nll.bound.cdm']!.kind).toBe('upper-bound');
  expect(value('nll.bound.cdm')).toBeGreaterThan(value('nll.exact'));
  expect(value('nll.bound.ddm')).toBeGreaterThan(value('nll.bound.cdm'));
  expect([value('nfe.one-shot.cdm'), value('nfe.bound.ddm')]).toEqual([1, 40]);
  expect(value('nfe.ode.cdm')).toBeGreaterThan(value('nfe.ode-1e-1.cdm'));
  expect(value('gflop.ode.cdm')).toBeGreaterThan(value('gflop.one-shot.cdm') * value('nfe.ode.cdm'));
  expect(value('seconds.bound.ddm')).toBeGreaterThan(0);
});

test('likelihoods of 8-bit images: dequantized, with the lattice number beside it, and what bounds what', () => {
  const likelihoods = { images: 60, tolerances: [0.001], probes: 1 };
  const numbers = run('likelihoods', { likelihoods }, ['samples', 'figure'], '8-bit');
  const number = (name: string) => numbers[`nll.${name}`]!;
  // Bins are narrow: the code length is the differential entropy and 7 bits.
  const codeLength = Math.log2(2 * Math.PI * Math.E * variance) / 2 + 7;
  for (const name of ['one-shot.cdm', 'lattice.cdm', 'ode.cdm']) {
    expect(Math.abs(number(name).value - codeLength), name).toBeLessThan(4 * number(name).standardError! + 0.01);
  }
  expect(number('bound.cdm').value).toBeGreaterThan(number('one-shot.cdm').value);
  expect(number('bound.cdm').value).toBeLessThan(codeLength + 1.5);
  const kinds = ['one-shot.cdm', 'lattice.cdm', 'ode.cdm', 'ode.ddm', 'bound.ddm'].map((name) => number(name).kind);
  expect(kinds).toEqual(['estimate', 'estimate', 'upper-bound', 'upper-bound', 'upper-bound']);
  expect(numbers['nll.exact']).toBeUndefined();
});

test('normalization: the integral is one', () => {
  const numbers = run('normalization', { normalization: { points: 200 } }, []);
  for (const t of ['t0', 't1']) {
    expect(numbers[`log-integral.${t}`]!.value).toBeCloseTo(0, 3);
    expect(numbers[`largest-weight.${t}`]!.value).toBeCloseTo(1 / 200, 5);
    expect(numbers[`effective-share.${t}`]!.value).toBeCloseTo(1, 3);
  }
});

test('density-audit: of replicas that are right the integral is one, the variance zero, and nothing is to be corrected', () => {
  const audit = {
    points: 60,
    samples: 100,
    tolerance: 0.001,
    chains: 100,
    variancePoints: 60,
    confidence: 0.95,
    correlation: 0,
  };
  const numbers = run('density-audit', { audit: { ...audit, probes: 16 } }, ['audit']);
  const value = (name: string): number => numbers[name]!.value;
  expect(value('variance')).toBe(0);
  for (const name of ['replica-0', 'replica-1', 'average']) {
    for (const key of ['log-z', 'log-z-first', 'log-z-ancestral']) {
      const { value: logZ, standardError } = numbers[`${key}.${name}`]!;
      expect(Math.abs(logZ), `${key}.${name}`).toBeLessThan(0.03 + 4 * standardError!);
      // The steps back of the chains have variances that ten images leave open.
      const isOfChains = key === 'log-z-ancestral';
      expect(standardError, `${key}.${name}`).toBeLessThan(isOfChains ? 0.2 : 0.02);
      expect(value(`effective-share.${key}.${name}`)).toBeGreaterThan(isOfChains ? 0.2 : 0.95);
    }
    expect(value(`log-z-at-least.${name}`)).toBeCloseTo(value(`log-z-ancestral.${name}`) - Math.log(20), 10);
    expect(value(`nll-corrected.${name}`)).toBeCloseTo(value(`nll.${name}`), 2);
    expect(value(`error-low.${name}`)).toBeLessThan(value(`error-predicted.${name}`));
    expect(value(`error-high.${name}`)).toBeGreaterThan(value(`error-predicted.${name}`));
    expect(Math.abs(value(`error-measured.${name}`))).toBeLessThan(1e-3);
    expect(value(`variance-measured.${name}`)).toBeLessThan(1e-6);
  }
});

test('class-marginal: the classifier is as far from the prior as the optimal one', () => {
  const numbers = run('class-marginal', { classMarginal: { perClass: 20 } }, ['figure']);
  const [cdm, bayes] = [numbers['total-variation.cdm']!, numbers['total-variation.bayes']!];
  expect(cdm.value).toBeCloseTo(bayes.value, 4);
  expect(bayes.value).toBeLessThan(0.1);
  expect(numbers['kl.cdm']!.value).toBeGreaterThan(0);
});

test('out-of-distribution: what is narrower than the data is likelier, and no more typical', () => {
  const numbers = runStageProcess(directory.path, {
    stage: 'out-of-distribution',
    params: { outOfDistribution: { count: 60, usual: 10 } },
    inputs: { dataset: path('continuous'), cdm: path('cdm'), other: path('other') },
    outputs: [],
  });
  const value = (name: string): number => numbers[name]!.value;
  // 1 - I_x(8, 8) at x = 2.5 / 3.5 (test/diffusion/unlikeness.test.ts).
  expect(Math.abs(value('auroc.other') - 0.038)).toBeLessThan(4 * numbers['auroc.other']!.standardError! + 0.01);
  expect(value('auroc.other')).toBeCloseTo(value('auroc-exact.other'), 2);
  expect(value('nll.other')).toBeLessThan(value('nll.data'));
  // Ten training images say little of what is usual; all scores are functions of |x|^2.
  expect(value('auroc-typicality.other')).toBeGreaterThan(0.7);
  expect(Math.abs(value('auroc-levels.other') - value('auroc-typicality.other'))).toBeLessThan(0.02);
  expect(numbers['auroc-posterior.other']!.note).toContain('test images of narrower');
});

test('density-error: there is none, between noise levels or within', () => {
  const numbers = run('density-error', { densityError: { levels: 5, samples: 40 } }, ['figure']);
  expect(numbers['variance-between']!.value).toBeLessThan(1e-6);
  expect(numbers['variance-within']!.value).toBeLessThan(1e-6);
});

test('denoising-mse: the gradient of the right logits is the Bayes-optimal denoiser; the mean is as good where noise is all', () => {
  const denoising = { levels: 8, samples: 40 };
  const numbers = run('denoising-mse', { denoising }, ['table', 'figure', 'ratio']);
  const value = (name: string): number => numbers[name]!.value;
  expect(Math.abs(value('mse-excess.cdm'))).toBeLessThan(1e-5);
  // Knowing the mean alone, E|x0 - m|^2 alpha^2 / sigma^2 at the finest noise: .05 / .0001.
  expect(value('mse.mean.t0001')).toBeGreaterThan(200);
  expect(value('mse-excess-noisiest.mean')).toBeGreaterThan(0);
  expect(value('mse-excess-noisiest.mean')).toBeLessThan(0.01);
  expect(value('mse-excess-noisiest.ddm')).toBeGreaterThan(0.5);
});

test('cost: a pass of 8 ms over 4 images is 2 ms for each', () => {
  const numbers = runStageProcess(directory.path, {
    stage: 'cost',
    module: 'test/rig/clocked-cost.ts',
    params: { cost: { batch: 4, rounds: 2 } },
    inputs: { cdm: path('cdm'), ddm: path('ddm') },
    outputs: [],
  });
  for (const name of ['denoiser.cdm', 'nll.cdm', 'denoiser.ddm']) {
    const { value, standardError, n, unit } = numbers[`milliseconds.${name}`]!;
    expect({ value, standardError, n, unit }, name).toEqual({ value: 2, standardError: 0, n: 2, unit: 'ms' });
    expect(numbers[`flops.${name}`]!.value, name).toBeGreaterThan(0);
  }
});

test('toy-check: the sampler has the one-shot density, and both are right but for the moments that were estimated', () => {
  const own = { density: spec, steps: 1, batch: 8, width: 0, depth: 0, inputScale: 1, squares: 1 };
  const rest = { learningRate: 1e-9, warmup: 0, emaDecay: 0.9, cosines: 4, antithetic: false };
  const toys = { loss: { ce: 1, mse: 1 }, ...rest, points: 500, each: { own } };
  const numbers = runStageProcess(directory.path, {
    stage: 'toy-check',
    cell: { toy: 'own' },
    params: { schedule: { kind: 'uniform-log-snr', T: 40 }, toys },
    inputs: {},
    outputs: ['log', 'checkpoint'],
  });
  expect(numbers['one-shot-against-ode-mae']!.value).toBeLessThan(0.03);
  expect(numbers['one-shot-against-ode-mae']!.n).toBe(200);
  expect(numbers['ode-error-mae']!.value).toBeLessThan(0.06);
});
