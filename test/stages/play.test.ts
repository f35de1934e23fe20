// The model in a page: the stage that writes it, and the page in a real browser, whose numbers are to be the pipeline's.
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeDataset, type Dataset } from '../../src/datasets/dataset.ts';
import { idxDataset, MNIST } from '../../src/datasets/mnist.ts';
import { initialTrainingState } from '../../src/diffusion/training-step.ts';
import { principalGaussianOf } from '../../src/models/images.ts';
import { classifierOf, writeModel, type ModelSpec } from '../../src/models/model.ts';
import { sourceFolders } from '../../src/play/bundle.ts';
import { normals } from '../../src/tensor/random.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { runStageProcess } from '../rig/stage-process.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const size = 16;
const dim = size * size;
const sampling = {
  count: 3,
  shown: 3,
  spacing: 'linspace',
  ddpmSteps: 8,
  ddimSteps: 6,
  dpmSolverSteps: 5,
  dpmSolver: 'midpoint',
};

/**
 * Of bits/dim between the page and the stage, which compute the same in float32 in other orders: sums of some thousand nats
 * are off by a few units in their last place, 1e-3 nats, and a head that divides by sigma_1 = 0.01 makes more of it.
 */
const tolerance = 1e-4;

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = temporaryDirectory();
const path = (...names: string[]): string => join(directory.path, ...names);
const sources = Object.fromEntries(
  Object.entries(sourceFolders).map(([input, folder]) => [input, join(root, 'src', folder)]),
);
afterAll(() => directory[Symbol.dispose]());

beforeAll(() => {
  const dataset = idxDataset(join(root, 'data/mnist-10k'), MNIST, { size, heldOut: 120, seed: 1 });
  const few: Dataset = { ...dataset, train: dataset.train.subarray(0, 500 * dim) };
  const labels = { ...dataset.labels!, train: dataset.labels!.train.subarray(0, 500) };
  writeFileSync(path('dataset'), encodeDataset({ ...few, labels }));
  writeModel(path('cdm'), spec(few), weightsOf(spec(few)));
});

/** What the default profile trains, but smaller. */
function spec(dataset: Dataset): ModelSpec {
  return {
    kind: 'cdm',
    schedule: { kind: 'uniform-log-snr', T: 20 },
    network: {
      kind: 'mixer',
      imageSize: size,
      inChannels: 1,
      patchSize: 4,
      width: 16,
      blocks: 1,
      groups: 4,
      octaves: [0, 2],
      energies: 4,
    },
    head: { kind: 'scaled', baseline: principalGaussianOf(dataset, 0.03) },
  };
}

/** Not as they start, where the head's are zero and nothing of the network is seen. */
function weightsOf(model: ModelSpec): Float32Array {
  const initial = initialTrainingState(classifierOf(model).parameters, 1)['parameters'] as Float32Array;
  const noise = normals({ seed: 1, purpose: 'weights' }, initial.length);
  return initial.map((value, i) => value + 0.02 * noise[i]!);
}

/** Rows of a table by name of the column. */
function columns(file: string): Record<string, number[]> {
  const [header, ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(','));
  return Object.fromEntries(header!.map((name, i) => [name, rows.map((row) => Number(row[i]))]));
}

/** Runs a stage with the test's seed, and returns the directory it wrote to. */
function ran(stage: string, inputs: Record<string, string>, outputs: string[]): string {
  mkdirSync(path(stage));
  const cell = { set: '</title><digits> & "more"' };
  runStageProcess(path(stage), { stage, cell, params: { sampling }, inputs, outputs });
  return path(stage);
}

const bits = (logDensity: number): number => -logDensity / (dim * Math.LN2) + 7;

describe.skipIf(!hasBrowser)(`the page in a browser (${needsBrowser})`, () => {
  test(
    'computes the likelihoods of the stages, from disk and with nothing but itself',
    { timeout: 180_000 },
    async () => {
      const written = ran('play', { dataset: path('dataset'), model: path('cdm'), ...sources }, [
        'page',
        'likelihoods',
      ]);
      const oneShot = ran('one-shot-nll', { dataset: path('dataset'), cdm: path('cdm') }, ['samples']);
      // Of one seed, to the last bit.
      expect(readFileSync(join(written, 'likelihoods'), 'utf8')).toBe(readFileSync(join(oneShot, 'samples'), 'utf8'));

      copyFileSync(join(written, 'page'), join(written, 'page.html'));
      await using browser = await openBrowser();
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      await page.goto(pathToFileURL(join(written, 'page.html')).href);
      await page.waitForSelector('body[data-state=ready]');
      const shown = await page
        .locator('#images [data-log-density]')
        .evaluateAll((items) => items.map((item) => ({ ...(item as unknown as { dataset: object }).dataset })));
      expect(shown).toHaveLength(10);
      const expected = columns(join(oneShot, 'samples'));
      for (const [i, { logDensity, logDensityFirst }] of (shown as Record<string, string>[]).entries()) {
        expect(Math.abs(bits(Number(logDensity)) - bits(expected['log_density']![i]!))).toBeLessThan(tolerance);
        expect(Math.abs(bits(Number(logDensityFirst)) - bits(expected['log_density_t1']![i]!))).toBeLessThan(tolerance);
      }
      expect(complaints).toEqual([]);
    },
  );
});

/** What the browser says of the page while it runs, requests that lead out of it among it. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('request', (request) => {
    if (!request.url().startsWith('file:')) complaints.push(request.url());
  });
  return complaints;
}
