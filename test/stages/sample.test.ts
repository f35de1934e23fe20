// The stage `sample` on two models in closed form. Untrained, the classifier's logits are those of an isotropic Gaussian,
// and so are the data; the denoiser's estimate is 0. So what the samplers must draw is known.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { initialTrainingState } from '../../src/diffusion/training-step.ts';
import { classGrid, ddimStep, ddpmStep, dpmSolverStep, type SamplerRule } from '../../src/diffusion/sampler.ts';
import { scheduleFromSpec } from '../../src/diffusion/schedule.ts';
import { densityFromSpec } from '../../src/distributions/spec.ts';
import { classifierOf, denoiserOf, writeModel, type ModelSpec } from '../../src/models/model.ts';
import { captionOf } from '../../src/report/png-caption.ts';
import type { ReportedNumber } from '../../src/schema/types.ts';
import { normals } from '../../src/tensor/random.ts';
import { decodeSafetensors } from '../../src/tensor/safetensors.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const dim = 16;
const count = 70; // more than one batch
const variance = 0.05;
const spec = {
  kind: 'gaussian-mixture',
  means: [new Array<number>(dim).fill(0)],
  std: Math.sqrt(variance),
  weights: [1],
} as const;
const schedule = { kind: 'uniform-log-snr', T: 40 } as const;
const levels = scheduleFromSpec(schedule);
const sampling = {
  count,
  shown: 5,
  spacing: 'linspace',
  ddpmSteps: 40,
  ddimSteps: 40,
  dpmSolverSteps: 7,
  dpmSolver: 'midpoint',
};
const samplers = ['ddpm', 'ddim', 'dpm-solver'];
const keys = ['cdm', 'ddm'].flatMap((model) => samplers.map((sampler) => `${model}-${sampler}`));

const directory = temporaryDirectory();
const path = (...names: string[]): string => join(directory.path, ...names);
afterAll(() => directory[Symbol.dispose]());

beforeAll(() => {
  const density = densityFromSpec(spec);
  const images = (number: number, seed: number) => density.sample(number, { seed, purpose: 'images' });
  const dataset = { kind: 'continuous', shape: [4, 4, 1], source: 'test', density: spec } as const;
  writeFileSync(path('dataset'), encodeDataset({ ...dataset, train: images(10, 1), test: images(60, 2) }));
  const image = { imageSize: 4, inChannels: 1 };
  const cdm: ModelSpec = {
    kind: 'cdm',
    schedule,
    network: { kind: 'encoder', ...image, patchSize: 2, width: 8, blocks: 1, groups: 2 },
    head: { kind: 'cumsum', baseline: { mean: spec.means[0]!, variance } },
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

function draw(name: string): { numbers: Record<string, ReportedNumber>; samples: Record<string, Float32Array> } {
  mkdirSync(path(name));
  const numbers = runStageProcess(path(name), {
    stage: 'sample',
    params: { sampling },
    inputs: { dataset: path('dataset'), cdm: path('cdm'), ddm: path('ddm') },
    outputs: [...keys, 'samples'],
  });
  const { tensors } = decodeSafetensors(readFileSync(path(name, 'samples')));
  for (const { shape } of Object.values(tensors)) expect(shape).toEqual([count, 4, 4, 1]);
  const samples = Object.fromEntries(
    Object.entries(tensors).map(([key, { data }]) => [key, data as Float32Array] as const),
  );
  return { numbers, samples };
}

const mean = (values: Float32Array, of: (value: number) => number): number =>
  values.reduce((sum, value) => sum + of(value), 0) / values.length;
/** x_0 = factor * x_T + noise of this variance, where the noise estimate at class t is `estimate(t)` times x. */
function law(rule: SamplerRule, steps: number, estimate: (t: number) => number): { factor: number; noise: number } {
  const grid = classGrid(schedule.T, steps);
  let [factor, noise, previous] = [1, 0, 0];
  for (const [i, t] of grid.entries()) {
    const { onX, onEpsilon, onPrevious = 0, std } = rule(levels, t, grid[i + 1] ?? 0, grid[i - 1]);
    const epsilon = estimate(t) * factor;
    noise = (onX + onEpsilon * estimate(t)) ** 2 * noise + std ** 2;
    factor = onX * factor + onEpsilon * epsilon + onPrevious * previous;
    previous = epsilon;
  }
  return { factor, noise };
}

/** E[eps | x] / x of data N(0, variance I), and of a network that was not trained. */
const estimates = {
  cdm: (t: number): number => levels.sigma[t]! / (levels.alpha[t]! ** 2 * variance + levels.sigma[t]! ** 2),
  ddm: (): number => 0,
};

test('sample: every model by every sampler, in the law of the data; the deterministic ones are functions of the noise', () => {
  const { numbers, samples } = draw('first');
  expect(Object.keys(samples).sort()).toEqual([...keys].sort());
  const evaluations = keys.map((key) => numbers[`nfe.${key}`]!.value);
  expect(evaluations).toEqual([40, 40, 7, 40, 40, 7]);

  for (const key of keys) {
    const drawn = samples[key]!;
    expect(numbers[`pixel-mean.${key}`]!.value, key).toBeCloseTo(mean(drawn, (x) => x), 5); // prettier-ignore
    expect(numbers[`pixel-square.${key}`]!.value, key).toBeCloseTo(mean(drawn, (x) => x * x), 5); // prettier-ignore
    expect(numbers[`pixel-square.${key}`], key).toMatchObject({ n: count, unit: 'pixel^2', kind: 'estimate' });
    expect(numbers[`cross-entropy.${key}`], key).toMatchObject({ n: count, unit: 'nats', kind: 'estimate' });
  }
  const entropy = (dim / 2) * Math.log(2 * Math.PI * Math.E * variance);
  const { value, standardError } = numbers['cross-entropy.data']!;
  expect(Math.abs(value - entropy)).toBeLessThan(4 * standardError!);
  expect(numbers['cross-entropy.ddm-ddim']!.value).toBeGreaterThan(value + 100);

  // All start from the same noise. What adds none is a function of it; DDPM's variance is known, its samples are not.
  const start = normals({ seed: 7, purpose: 'sampler/start' }, count * dim);
  for (const model of ['cdm', 'ddm'] as const) {
    const ddim = law(ddimStep, sampling.ddimSteps, estimates[model]).factor;
    const solver = law(dpmSolverStep('midpoint'), sampling.dpmSolverSteps, estimates[model]).factor;
    start.forEach((value, i) => {
      expect(samples[`${model}-ddim`]![i]! / ddim).toBeCloseTo(value, 3);
      expect(samples[`${model}-dpm-solver`]![i]! / solver).toBeCloseTo(value, 3);
    });
    const { factor, noise } = law(ddpmStep, sampling.ddpmSteps, estimates[model]);
    const expected = factor ** 2 + noise;
    // Four standard errors of a mean of squares of Gaussians.
    expect(Math.abs(mean(samples[`${model}-ddpm`]!, (x) => x * x) / expected - 1)).toBeLessThan(
      4 * Math.sqrt(2 / (count * dim)),
    );
  }

  // Three columns and two rows of five images, of 48 pixels and a gap of 2.
  for (const key of keys) {
    const { width, height, channels } = decode(readFileSync(path('first', key)));
    expect([width, height, channels], key).toEqual([3 * 50 + 2, 2 * 50 + 2, 1]);
    const [, model, sampler] = /^(cdm|ddm)-(.*)$/.exec(key)!;
    const steps = numbers[`nfe.${key}`]!.value;
    const said = `The first 5 of 70 samples, row by row, of ${model} by ${sampler} in ${steps} steps`;
    expect(captionOf(readFileSync(path('first', key))).description, key).toContain(said);
  }

  const again = draw('second');
  expect(again.samples).toEqual(samples);
  expect(again.numbers).toEqual(numbers);
}, 120_000);
