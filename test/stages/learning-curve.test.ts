// The learning curve of a recipe, as a process on small 8-bit images.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { readModel } from '../../src/models/model.ts';
import { uniforms } from '../../src/tensor/random.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());

const count = 60;
const pixels = Uint8Array.from(uniforms({ seed: 1, purpose: 'pixels' }, count * 16), (u) => (u < 0.7 ? 0 : 255 * u));

function datasetOf(name: string, train: Uint8Array): string {
  const path = join(directory.path, name);
  writeFileSync(
    path,
    encodeDataset({ kind: '8-bit', shape: [4, 4, 1], source: 'test', train, test: pixels.slice(0, 160) }),
  );
  return path;
}

const schedule = { kind: 'uniform-log-snr', T: 6, sigmaMin: 0.1, logSnrMin: -5 };
const network = { kind: 'mixer', patchSize: 2, width: 4, blocks: 1, groups: 2, octaves: [1] };
const training = { steps: 40, batch: 8, learningRate: 0.02, warmup: 2, emaDecay: 0.5 };
const recipes = {
  cdm: { schedule, network: { ...network, energies: 2 }, head: { kind: 'scaled', floor: 0.1 }, loss: { ce: 0.5, mse: 1 }, training }, // prettier-ignore
  ddm: { schedule, network, training },
};

function race(name: string, recipe: keyof typeof recipes, points: readonly number[], dataset: string) {
  const own = join(directory.path, name);
  mkdirSync(own);
  const ode = { images: 4, tolerance: 1, probes: 2 };
  const numbers = runStageProcess(own, {
    stage: 'learning-curve',
    params: { runtime: { backend: 'cpu' }, images: { range: [-1, 1] }, race: { points, heldOut: 20, levels: 3, ode, recipes: { [recipe]: recipes[recipe] } } }, // prettier-ignore
    cell: { recipe },
    inputs: { dataset },
    outputs: ['table', 'checkpoint'],
  });
  const [header, ...rows] = readFileSync(join(own, 'table'), 'utf8').trimEnd().split('\n').map((line) => line.split(',')); // prettier-ignore
  return { numbers, header: header!, rows, weights: readModel(join(own, 'checkpoint')).weights };
}

const dataset = datasetOf('dataset', pixels);

test('a CDM is measured at each point, and trained no differently for that', () => {
  const often = race('often', 'cdm', [0.25, 0.5, 1], dataset);
  expect(often.header).toEqual(['recipe', 'step', 'seconds', 'mse', 'mse_t1', 'mse_t3', 'mse_t6', 'nll']);
  expect(often.rows.map(([recipe, step]) => [recipe, step])).toEqual([['cdm', '10'], ['cdm', '20'], ['cdm', '40']]); // prettier-ignore
  const seconds = often.rows.map((row) => Number(row[2]));
  expect(seconds).toEqual(seconds.toSorted((a, b) => a - b));
  // The mean over levels of what the table says of each; the end is what is reported.
  const last = often.rows.at(-1)!.map(Number);
  expect(last[3]).toBeCloseTo((last[4]! + last[5]! + last[6]!) / 3, 10);
  expect(often.numbers['mse']!.value).toBeCloseTo(last[3]!, 10);
  expect(often.numbers['nll']!.value).toBeCloseTo(last[7]!, 10);
  expect(Object.keys(often.numbers).toSorted()).toEqual([
    'mse',
    'nll',
    'nll-first',
    'nll-ode',
    'one-shot-less-ode',
    'seconds',
  ]);
  expect(last[3]).toBeLessThan(Number(often.rows[0]![3]));
  expect(race('once', 'cdm', [1], dataset).weights).toEqual(often.weights);
});

test('held-out images train nothing', () => {
  const changed = pixels.slice();
  changed.fill(128, 40 * 16);
  const [own, other] = [race('own', 'ddm', [1], dataset), race('other', 'ddm', [1], datasetOf('changed', changed))];
  expect(other.weights).toEqual(own.weights);
  expect(other.numbers['mse']!.value).not.toBe(own.numbers['mse']!.value);
  expect(Object.keys(own.numbers).toSorted()).toEqual(['mse', 'nll-ode', 'seconds']);
});
