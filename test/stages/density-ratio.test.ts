// The stages of the density ratios as processes: every method on the same points, whose truth is known in closed form.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { densityFromSpec, type MixtureSpec } from '../../src/distributions/spec.ts';
import type { ReportedNumber } from '../../src/schema/types.ts';
import { decodeSafetensors } from '../../src/tensor/safetensors.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());

const T = 10;
const points = 40;
const budget = { steps: 2, batch: 16, learningRate: 0, warmup: 0, emaDecay: 0.5 };
const own = { bridges: 4, waymarks: 'sigma', levels: 4, timeWeight: 1 };
const settings = {
  ...budget,
  ...own,
  cosines: 3,
  points,
  nodes: 5,
  stretch: 0,
  pairs: 2,
  contrastiveNodes: 4,
  methods: {},
};
const shared = { width: 0, depth: 0, inputScale: 1, squares: 4 };
const distant: MixtureSpec = { kind: 'normal-pair', p: { mean: -5, std: 1 }, q: { mean: 5, std: 1 } };
const ratios = {
  ...settings,
  tasks: {
    noise: { ...shared, density: { kind: 'correlated-pairs', dim: 2, rho: 0 } satisfies MixtureSpec },
    line: { gaussian: true, stretch: 9, density: { ...distant, p: { mean: 5, std: 1 } } satisfies MixtureSpec },
    distant: { gaussian: true, density: distant, steps: 500, learningRate: 0.1 },
    mi6: shared,
    two: { ...shared, width: 8 },
  },
};
const schedule = { kind: 'uniform-log-snr', T, sigmaMin: 0.01, logSnrMin: -9 };

/** What is reported of the points of a task, which lie in a directory of their own and are drawn once. */
const drawn = new Map<string, Record<string, ReportedNumber>>();
function drawPoints(task: string): Record<string, ReportedNumber> {
  const place = join(directory.path, task);
  mkdirSync(place, { recursive: true });
  const numbers =
    drawn.get(task) ??
    runStageProcess(place, {
      stage: 'ratio-points',
      cell: { task, replicate: 0 },
      params: { ratios },
      inputs: {},
      outputs: ['points'],
    });
  drawn.set(task, numbers);
  return numbers;
}
const readPoints = (task: string) => decodeSafetensors(readFileSync(join(directory.path, task, 'points'))).tensors;
const measure = (task: string, method: string): Record<string, ReportedNumber> =>
  runStageProcess(directory.path, {
    stage: 'density-ratio',
    cell: { task, replicate: 0, method },
    params: { schedule, ratios },
    inputs: { points: join(directory.path, task, 'points'), choice },
    outputs: ['log', 'summary'],
  });
const choice = join(directory.path, 'choice.json');
writeFileSync(choice, '{}');

test.each([
  ['mi6', undefined, 1.5],
  ['distant', distant, 50],
] as const)('ratio-points: %s has its truth in closed form, and at every point', (task, spec, kl) => {
  const numbers = drawPoints(task);
  expect(numbers['kl']!.value).toBeCloseTo(kl, 12);
  expect(numbers['kl']).not.toHaveProperty('standardError');
  const { x, logRatio } = readPoints(task);
  expect([x!.shape[0], logRatio!.shape]).toEqual([points, [points]]);
  if (spec === undefined) return;
  // log N(x; -10, 1) / N(x; 0, 1) = -10 x - 50.
  logRatio!.data.forEach((value, i) => expect(value).toBeCloseTo(-10 * x!.data[i]! - 50, 3));
});

test('ratio-points: a mixture has no closed form, but the mean over its points and its error', () => {
  const { value, standardError, n } = drawPoints('two')['kl']!;
  expect([n, standardError! > 0]).toEqual([points, true]);
  const { logRatio } = readPoints('two');
  expect(value).toBeCloseTo((logRatio!.data as Float32Array).reduce((sum, each) => sum + each, 0) / points, 4);
});

test.each([
  ['cdm', 'noise', 1],
  ['diffclf', 'noise', 1],
  ['nce', 'noise', 1],
  ['tre', 'noise', 1],
  ['dre-infinity', 'noise', 5],
  ['dre-infinity-pathwise', 'line', 5],
  ['ctsm', 'noise', 5],
  ['ctsm', 'line', 5],
  ['dual-score', 'noise', 1],
  ['dual-score', 'line', 1],
  ['noise-classifier', 'noise', 40],
  ['noise-classifier-contrastive', 'noise', 40],
])('%s begins at the ratio of two equal laws (%s), and counts its work', (method, task, nfe) => {
  // Nothing is learned at a rate of 0: what a method makes of N(0, I) against itself must be 0, whatever its path or noise.
  drawPoints(task);
  const numbers = measure(task, method);
  for (const name of ['kl', 'error-signed', 'error-mae']) expect(Math.abs(numbers[name]!.value)).toBeLessThan(1e-5);
  expect(numbers['nfe']!.value).toBe(nfe);
  expect(numbers['seconds.training']).toMatchObject({ kind: 'timing', unit: 's' });
  expect(numbers['seconds.evaluation']!.value).toBeGreaterThan(0);
  expect(readFileSync(join(directory.path, 'log'), 'utf8').trim().split('\n')).toHaveLength(1 + budget.steps);
});

test('density-ratio: a CDM learns a distance of ten, and its error is against the truth on the same points', () => {
  drawPoints('distant');
  const { x, logRatio } = readPoints('distant');
  const numbers = measure('distant', 'cdm');
  const value = (name: string): number => numbers[name]!.value;
  const truth = densityFromSpec(distant)
    .logProb(x!.data)
    .reduce((sum, log, i) => sum + log + (Math.log(2 * Math.PI) + x!.data[i]! ** 2) / 2, 0);
  expect(value('kl-exact')).toBeCloseTo(truth / points, 4);
  expect(logRatio!.data).toHaveLength(points);
  expect(value('error-signed')).toBeCloseTo(value('kl') - value('kl-exact'), 8);
  expect(value('error-mae')).toBeGreaterThanOrEqual(Math.abs(value('error-signed')));
  expect(value('error-mae')).toBeLessThan(5);
  expect(numbers['kl']!.note).toContain('has the truth in its family');
  expect(numbers['seconds.training']!.note).toContain('500 steps of 16 samples');
});

const searchOf = (method: string, learningRate: number, rates: { factor: number; most: number }, variants = {}) => {
  const numbers = runStageProcess(directory.path, {
    stage: 'ratio-search',
    cell: { task: 'mi6', method },
    params: {
      schedule,
      ratios: { ...ratios, learningRate },
      ratioSearch: { share: 20, batches: 4, rates, variants },
    },
    inputs: {},
    outputs: ['choice', 'tried'],
  });
  const [, ...rows] = readFileSync(join(directory.path, 'tried'), 'utf8').trim().split('\n');
  const losses = rows.map((row) => Number(row.split(',').at(-1)));
  return { numbers, losses, choice: JSON.parse(readFileSync(join(directory.path, 'choice'), 'utf8')) as object };
};

test('ratio-search: rates rise while the loss on samples that training has not seen falls', () => {
  const { numbers, losses, choice } = searchOf('tre', 1e-5, { factor: 10, most: 8 });
  // 1e-5, 1e-4, … each better than the one before, but for the last.
  expect(losses.length).toBeGreaterThanOrEqual(4);
  const least = Math.min(...losses);
  expect(losses.indexOf(least)).toBe(losses.length - 2);
  expect(losses.slice(0, -1)).toEqual(losses.slice(0, -1).toSorted((a, b) => b - a));
  expect(numbers['held-out-loss']!.value).toBe(least);
  expect(choice).toEqual({ learningRate: Number((1e-5 * 10 ** (losses.length - 2)).toPrecision(3)) });
});

test('ratio-search: they fall from one that is too large, and the neighbour of one that diverged is not taken', () => {
  const { losses, choice } = searchOf('dre-infinity', 1e6, { factor: 1e4, most: 8 });
  // 1e6, 1e10 and 1e2 diverge. 1e-2 is better than 1e-6, but next to one that diverged.
  expect(losses.map(Number.isFinite)).toEqual([false, false, false, true, true]);
  expect(losses[3]).toBeLessThan(losses[4]!);
  expect(choice).toEqual({ learningRate: 1e-6 });
});

test('ratio-search: no more trainings than allowed', () => {
  expect(searchOf('tre', 1e-5, { factor: 10, most: 2 }).losses).toHaveLength(2);
});

test('ratio-search: schedules are compared at the same levels', () => {
  // Untrained, a CDM knows nothing of any level, whatever its schedule: one loss.
  const { losses } = searchOf('cdm', 1e-11, { factor: 2, most: 1 }, { cdm: [{ schedule: { kind: 'uniform', T: 7 } }] });
  expect(losses).toHaveLength(2);
  expect(losses[0]).toBeCloseTo(losses[1]!, 2);
});

test('ratio-frontier: a point for each budget of a method, over the seeds whose time is known, or of a lone one over its points', () => {
  const summary = (name: string, steps: number, seconds: number | null, mean: number): string => {
    const path = join(directory.path, name);
    writeFileSync(path, JSON.stringify({ method: 'tre', steps, seconds, error: { mean, standardError: 0.25 } }));
    return path;
  };
  runStageProcess(directory.path, {
    stage: 'ratio-frontier',
    cell: { task: 'mi6' },
    params: {},
    inputs: {
      equal: [summary('a', 100, 3, 1), summary('b', 100, 5, 3)],
      others: [
        summary('c', 25, 1, 4),
        summary('d', 25, null, 4),
        summary('e', 400, null, 1),
        summary('f', 400, null, 1),
        summary('g', 200, 7, 1.5),
      ],
    },
    outputs: ['figure'],
  });
  const { series } = JSON.parse(readFileSync(join(directory.path, 'figure'), 'utf8')) as { series: unknown };
  expect(series).toEqual([{ name: 'tre', points: [[1, 4, 0], [4, 2, 1], [7, 1.5, 0.25]] }]); // prettier-ignore
});
