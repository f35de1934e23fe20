import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeDataset } from '../../src/datasets/dataset.ts';
import { syntheticDataset } from '../../src/datasets/synthetic.ts';
import { parsePlot } from '../../src/report/plot.ts';
import type { PlotFile } from '../../src/schema/types.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const T = 6;

test('classification and out-of-distribution measure a classifier beside the best one, which nothing beats', () => {
  using directory = temporaryDirectory();
  const path = (name: string): string => join(directory.path, name);
  const density = { kind: 'field-mixture', size: 4, components: [{ weight: 1, power: 2 }] } as const;
  writeFileSync(path('dataset'), encodeDataset(syntheticDataset(density, { train: 64, test: 200, seed: 7 })));
  runStageProcess(directory.path, {
    stage: 'train-cdm',
    params: {
      schedule: { kind: 'uniform-log-snr', T, sigmaMin: 0.1, logSnrMin: -5 },
      network: { kind: 'unet', channels: 4, mult: [1, 2], blocks: 1, groups: 2 },
      cdm: { head: { kind: 'cumsum', baseline: 'gaussian' }, loss: { ce: 1, mse: 1 } },
      training: { steps: 3, batch: 8, learningRate: 0.01, warmup: 0, emaDecay: 0.5 },
    },
    inputs: { dataset: path('dataset') },
    outputs: ['checkpoint', 'nll', 'denoiser', 'log', 'curves'],
  });
  const inputs = { dataset: path('dataset'), cdm: path('checkpoint') };
  const measured = runStageProcess(directory.path, {
    stage: 'classification',
    params: { classification: { perClass: 50 } },
    inputs,
    outputs: ['table', 'figure', 'confusion'],
  });
  const value = (name: string): number => measured[name]!.value;
  // In expectation nothing has a smaller cross-entropy than the true posterior, and eight classes at random have ln 8.
  expect(value('ce-bayes')).toBeLessThan(value('ce') + 2 * measured['ce']!.standardError!);
  expect(value('ce-bayes')).toBeLessThan(Math.log(T + 2));
  expect(value('accuracy-bayes')).toBeGreaterThan(1 / (T + 2) + 3 * measured['accuracy-bayes']!.standardError!);
  expect(measured['mse']!.n).toBe(50 * T);

  const rows = readFileSync(path('table'), 'utf8').trim().split('\n').map((line) => line.split(',')); // prettier-ignore
  expect(rows[0]).toEqual(['t', 'accuracy_cdm', 'ce_cdm', 'accuracy_bayes', 'ce_bayes', 'mse_cdm']);
  const column = (index: number): number => rows.slice(1).reduce((sum, row) => sum + Number(row[index]), 0) / (T + 2);
  expect(column(1)).toBeCloseTo(value('accuracy'), 10);
  expect(column(4)).toBeCloseTo(value('ce-bayes'), 10);
  const { series } = JSON.parse(readFileSync(path('figure'), 'utf8')) as { series: { points: number[][] }[] };
  for (const { points } of series) {
    expect(points).toHaveLength(T + 2);
    expect(Math.max(...points.map(([, height]) => height!))).toBe(0);
  }
  const confusion = parsePlot(readFileSync(path('confusion'), 'utf8')) as PlotFile;
  expect([confusion.kind, confusion.x.reverse, confusion.y.reverse]).toEqual(['heatmap', undefined, true]);
  const fields = confusion.series[0]!.points;
  const shareOf = (t: number, chosen = fields.filter(([, y]) => y === t)) => chosen.reduce((sum, [, , share]) => sum + share!, 0); // prettier-ignore
  for (let t = 0; t < T + 2; t++) {
    expect(shareOf(t)).toBeCloseTo(1, 10);
    // The diagonal is the accuracy of the class.
    expect(shareOf(t, fields.filter(([x, y]) => x === t && y === t))).toBeCloseTo(Number(rows[t + 1]![1]), 10); // prettier-ignore
  }

  const scores = runStageProcess(directory.path, {
    stage: 'out-of-distribution',
    params: { outOfDistribution: { count: 200, usual: 64 } },
    inputs,
    outputs: [],
  });
  // Rough images are less likely than smooth ones, mirrored ones of a centered Gaussian exactly as likely.
  expect(scores['auroc-exact.shuffled']!.value).toBeGreaterThan(0.6);
  expect(scores['auroc.flat']!.value).toBeLessThan(0.1);
  const { value: negative, standardError } = scores['auroc-exact.negative']!;
  expect(Math.abs(negative - 0.5)).toBeLessThan(4 * standardError!);
}, 120_000);
