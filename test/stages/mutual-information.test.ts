// The stages of mutual information as processes: a dependence that no correlation shows, and the table of the tasks.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { afterAll, expect, test } from 'vitest';
import { startStageProcess, runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory[Symbol.dispose]());

const information = {
  schedule: { kind: 'uniform-log-snr', T: 10, sigmaMin: 0.05, logSnrMin: -6 },
  network: { width: 16, depth: 1, inputScale: 3, squares: 0, cosines: 6 },
  training: {
    batch: 200,
    learningRate: 0.02,
    warmup: 10,
    beta2: 0.99,
    emaDecay: 0.9,
    loss: { ce: 1, mse: 1 },
    every: 20,
  },
  members: 2,
  sizes: { 4000: { steps: 300, heldOut: 500, test: 1500 } },
};
const estimate = (task: string, samples: number) => ({
  stage: 'mutual-information',
  cell: { task, samples, replicate: 0 },
  params: { information },
  inputs: {},
  outputs: ['log', 'estimate'],
});

test('a Student pair, uncorrelated: nothing at first, and most of its mutual information after training', () => {
  const numbers = runStageProcess(directory.path, estimate('student-1x1-df1', 4000));
  const value = (name: string): number => numbers[name]!.value;
  expect(value('mutual-information-exact')).toBeCloseTo(0.22417, 5);
  expect(Math.abs(value('mutual-information-gaussian'))).toBeLessThan(0.02);
  expect(value('error')).toBeCloseTo(value('mutual-information') - value('mutual-information-exact'), 12);
  expect(Math.abs(value('error'))).toBeLessThan(0.1);
  expect(numbers['mutual-information']).toMatchObject({ n: 1500, unit: 'nats', kind: 'estimate' });
  const looks = readFileSync(join(directory.path, 'log'), 'utf8').trim().split('\n').slice(1);
  const rows = looks.map((line) => line.split(',').map(Number) as [number, number, number]);
  const best = [0, 1].map((member) => {
    const own = rows.filter((row) => row[0] === member);
    expect(own[1]![1]).toBe(20);
    return own.reduce((a, b) => (b[2] > a[2] ? b : a));
  });
  expect(value('stopped')).toBe((best[0]![1] + best[1]![1]) / 2);
  // Seeds of their own: no member repeats another.
  expect(best[0]![2]).not.toBe(best[1]![2]);
  expect(Math.abs(value('log-normalizer'))).toBeLessThan(0.1);
});

test('a normal pair: training does not lose what it starts from', () => {
  const numbers = runStageProcess(directory.path, estimate('normal-1x1', 4000));
  const { value, standardError } = numbers['mutual-information-gaussian']!;
  expect(Math.abs(value - 0.41334)).toBeLessThan(4 * standardError!);
  expect(Math.abs(numbers['mutual-information']!.value - value)).toBeLessThan(0.02);
});

test('a number of pairs without sizes is said to have none', () => {
  const { status, text } = startStageProcess(directory.path, estimate('normal-1x1', 5000));
  expect(status).not.toBe(0);
  expect(text).toContain('add information.sizes.5000');
});

test('the table counts the tasks whose mean over replicates is near the truth', () => {
  const write = (name: string, values: object): string => {
    const path = join(directory.path, name);
    writeFileSync(path, JSON.stringify(values));
    return path;
  };
  const row = (task: string, samples: number, estimated: number, exact: number) =>
    write(`${task}-${samples}-${estimated}.json`, {
      task,
      samples,
      estimate: estimated,
      gaussian: 0,
      standardError: 0.02,
      exact,
    });
  // Either replicate alone is too far from the truth; so is the last task, which prints alike all the same.
  const estimates = [
    row('student-1x1-df1', 100, 0.16, 0.224),
    row('student-1x1-df1', 100, 0.3, 0.224),
    row('normal-1x1', 100, 0.5, 0.413),
    row('two-pairs-2x2', 100, 0.952, 1.022),
    row('two-pairs-2x2', 100, 0.952, 1.022),
  ];
  const large = [row('normal-1x1', 1000, 0.4, 0.413)];
  const numbers = runStageProcess(directory.path, {
    stage: 'mutual-information-table',
    params: {},
    inputs: { estimates, large },
    outputs: ['table', 'heat-map', 'figure'],
  });
  expect(numbers['solved.100']).toMatchObject({ value: 1, unit: 'tasks' });
  expect(numbers['printed-alike.100']!.value).toBe(2);
  expect(numbers['solved-gaussian.100']!.value).toBe(0);
  expect(numbers['solved.1000']!.value).toBe(1);
  expect(numbers['error-mae.100']!.value).toBeCloseTo((0.006 + 0.087 + 0.07) / 3, 6);
  const lines = readFileSync(join(directory.path, 'table'), 'utf8').trim().split('\n');
  expect(lines[1]).toMatch(/^100,normal-1x1,0.413,0.5,0.02,0,0$/);
  expect(lines).toHaveLength(5);
  const { width, channels } = decode(readFileSync(join(directory.path, 'heat-map')));
  expect([channels, width]).toEqual([3, 2 + 3 * (16 * 3 + 2)]);
});
