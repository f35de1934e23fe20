// The toys of appendix D as a process, with a network that has learned nothing: what is measured of it are closed forms.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import { runStageProcess, startStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());

const size = 4;
const side = 0.5;
const encoder = { kind: 'encoder', patchSize: 2, width: 4, blocks: 1, groups: 2 };
const pixels = { kind: 'pixels', width: 4, depth: 1, inputScale: 4 };
// The last layer starts at zero and stays there: the model is the Gaussian of the data's mean and variance.
const training = { steps: 1, batch: 4, learningRate: 0, warmup: 0, emaDecay: 0 };
const imageToys = {
  each: {
    cube: { density: { kind: 'uniform-cube', dim: 3 * size ** 2, side }, network: pixels, training },
    gaussian: {
      density: { kind: 'colour-field', size, power: 0, variances: [0.2, 0.2, 0.2], gamma: 0 },
      network: encoder,
      training,
    },
    data: { density: { kind: 'data', gamma: 0.04 }, network: encoder, training },
  },
  losses: { both: { ce: 1, mse: 1 } },
  schedule: { kind: 'uniform-log-snr', T: 6, sigmaMin: 0.1, logSnrMin: -5 },
  head: { kind: 'cumsum', baseline: 'gaussian' },
  points: 400,
  levels: 4,
};

function numbersOf(toy: string, inputs: Record<string, string> = {}) {
  const own = join(directory.path, toy);
  mkdirSync(own);
  const cell = { toy, loss: 'both' };
  return runStageProcess(own, { stage: 'image-toy', cell, params: { imageToys }, inputs, outputs: ['log'] });
}

test('of a cube the exact NLL is ln side, and that of the Gaussian of its moments ln(pi e / 6) / 2 more', () => {
  const numbers = numbersOf('cube');
  expect(numbers['nll-exact']).toMatchObject({ kind: 'exact', n: 400 });
  expect(numbers['nll-exact']!.value).toBeCloseTo(Math.log(side), 10);
  const { value, standardError } = numbers['nll']!;
  expect(Math.abs(value - Math.log(side) - Math.log((Math.PI * Math.E) / 6) / 2)).toBeLessThan(
    5 * standardError! + 1e-3,
  );
  expect(numbers['nll-error-signed']!.value).toBeCloseTo(Math.log(side) - value, 6);
  expect(numbers['mse-excess']!.value).toBeGreaterThan(1e-3);
}, 60_000);

test('of a Gaussian that is isotropic nothing is left to learn', () => {
  const numbers = numbersOf('gaussian');
  const entropy = (1 + Math.log(2 * Math.PI * 0.2)) / 2;
  expect(Math.abs(numbers['nll-exact']!.value - entropy)).toBeLessThan(5 * numbers['nll-exact']!.standardError!);
  // But for the noise of 2000 images in its mean and variance.
  expect(Math.abs(numbers['nll-error-signed']!.value)).toBeLessThan(2e-3);
  expect(numbers['mse-excess']!.value).toBeLessThan(1e-3);
}, 60_000);

test('the covariance is that of a data set where the toy says so, and a toy that is nowhere described is refused', () => {
  const dataset = join(directory.path, 'dataset');
  const density = { kind: 'field-mixture', size, components: [{ weight: 1, power: 0 }] } as const;
  writeFileSync(dataset, encodeDataset(syntheticDataset(density, { train: 20_000, test: 1, seed: 7 })));
  const numbers = numbersOf('data', { dataset });
  // White noise of unit variance, blended: sqrt(1 - gamma) + sqrt(gamma).
  const entropy = (1 + Math.log(2 * Math.PI * (Math.sqrt(0.96) + 0.2))) / 2;
  const { value, standardError } = numbers['nll-exact']!;
  expect(Math.abs(value - entropy)).toBeLessThan(5 * standardError! + 5e-3);
  const own = join(directory.path, 'absent');
  mkdirSync(own);
  const absent = { stage: 'image-toy', cell: { toy: 'absent', loss: 'both' }, params: { imageToys }, inputs: {}, outputs: ['log'] }; // prettier-ignore
  expect(startStageProcess(own, absent).text).toContain('add imageToys.each.absent');
}, 60_000);
