// The model in a page: the stage that writes it, and the page in a real browser, whose numbers are to be the pipeline's.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeDataset, type Dataset, type EightBitDataset } from '../../src/datasets/dataset.ts';
import { idxDataset, MNIST } from '../../src/datasets/mnist.ts';
import { classGrid, ddpmStep, sample } from '../../src/diffusion/sampler.ts';
import { dequantize } from '../../src/diffusion/likelihood.ts';
import { noised } from '../../src/diffusion/schedule.ts';
import { initialTrainingState } from '../../src/diffusion/training-step.ts';
import { compileModel } from '../../src/models/compiled.ts';
import { frequenciesOf } from '../../src/models/labels.ts';
import { principalGaussianOf } from '../../src/models/images.ts';
import {
  classifierOf,
  denoisingProgram,
  logDensityProgram,
  logitsProgram,
  readModel,
  writeModel,
  type ModelSpec,
} from '../../src/models/model.ts';
import { sourceFolders } from '../../src/play/bundle.ts';
import { openBackend } from '../../src/tensor/backend.ts';
import { normals } from '../../src/tensor/random.ts';
import { decodeSafetensors } from '../../src/tensor/safetensors.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { runStageProcess, startStageProcess } from '../rig/stage-process.ts';
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
  const dataset = idx();
  const few: Dataset = { ...dataset, train: dataset.train.subarray(0, 500 * dim) };
  const labels = { ...dataset.labels!, train: dataset.labels!.train.subarray(0, 500) };
  writeFileSync(path('dataset'), encodeDataset({ ...few, labels }));
  writeModel(path('cdm'), spec(few), weightsOf(spec(few)));
  writeModel(path('conditional'), spec(few, 10), weightsOf(spec(few, 10)));
});

/** Handwritten digits, some of them to test with. */
function idx(): EightBitDataset {
  return idxDataset(join(root, 'data/mnist-10k'), MNIST, { size, heldOut: 120, seed: 1 });
}

/** What the default profile trains, but smaller. */
function spec(dataset: Dataset, labels?: number): ModelSpec {
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
      ...(labels !== undefined && { labels }),
    },
    head: { kind: 'scaled', baseline: principalGaussianOf(dataset, 0.03) },
    range: [-1, 1],
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

/** Seeds of stages: they differ, as those of a pipeline do. */
const seeds = { play: 7, sample: 7, 'one-shot-nll': 11 };

/** Runs a stage, and returns the directory it wrote to, which has its name. */
function ran(
  stage: keyof typeof seeds,
  inputs: Record<string, string>,
  outputs: string[],
  name: string = stage,
): string {
  mkdirSync(path(name));
  const cell = { set: '</title><digits> & "more"' };
  runStageProcess(path(name), { stage, cell, params: { sampling }, inputs, outputs, seed: seeds[stage] });
  return path(name);
}

/** The page of a model, written by the stage. @param given Inputs beside the model and its data */
function written(model: string, given: Record<string, string>, outputs: string[]): string {
  const inputs = { dataset: path('dataset'), model: path(model), ...given, ...sources };
  const place = ran('play', inputs, ['page', ...outputs], `play-${model}`);
  copyFileSync(join(place, 'page'), join(place, 'page.html'));
  return join(place, 'page.html');
}

/** Of the DOM, which the tests do not know. */
interface Item {
  readonly dataset: Readonly<Record<string, string>>;
}

const bits = (logDensity: number): number => -logDensity / (dim * Math.LN2) + 7;

describe.skipIf(!hasBrowser)(`the page in a browser (${needsBrowser})`, { timeout: 600_000 }, () => {
  let browser: Browser;
  let files: { readonly cdm: string; readonly conditional: string };
  beforeAll(async () => {
    const oneShot = ran('one-shot-nll', { dataset: path('dataset'), cdm: path('cdm') }, ['samples']);
    files = {
      cdm: written('cdm', { likelihoods: join(oneShot, 'samples') }, []),
      conditional: written('conditional', {}, ['likelihoods']),
    };
    browser = await openBrowser();
  }, 600_000);
  afterAll(() => browser.close());

  const open = async (
    file: string,
    options?: BrowserContextOptions,
  ): Promise<{ page: Page; complaints: string[]; shown: Record<string, string>[] }> => {
    const page = await browser.newPage(options);
    const complaints = complaintsOf(page);
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('body[data-state=ready]');
    const items = page.locator('#images [data-log-density]');
    const shown = await items.evaluateAll((all) => all.map((item) => ({ ...(item as unknown as Item).dataset })));
    return { page, complaints, shown };
  };

  test('computes the likelihoods of one-shot-nll, from disk and with nothing but itself', async () => {
    const { page, complaints, shown } = await open(files.cdm);
    expect(shown).toHaveLength(10);
    const expected = columns(path('one-shot-nll', 'samples'));
    expect(new Set(expected['dequantization_seed'])).toEqual(new Set([seeds['one-shot-nll']]));
    for (const [i, { logDensity, logDensityFirst }] of shown.entries()) {
      expect(Math.abs(bits(Number(logDensity)) - bits(expected['log_density']![i]!))).toBeLessThan(tolerance);
      expect(Math.abs(bits(Number(logDensityFirst)) - bits(expected['log_density_t1']![i]!))).toBeLessThan(tolerance);
    }
    // What the page calls the pipeline's own number is that of the file.
    const own = bits(expected['log_density']![0]!).toFixed(3);
    await expect.poll(() => page.locator('#place').textContent()).toContain(`The pipeline's own number is ${own}.`);
    const digest = createHash('sha256').update(readFileSync(path('one-shot-nll', 'samples'))).digest('hex'); // prettier-ignore
    expect(await page.locator('#facts').textContent()).toContain(`those of the file sha256:${digest}`);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('is not written with likelihoods of other images', () => {
    const [few, other] = [path('few.csv'), path('other.csv')];
    const text = readFileSync(path('one-shot-nll', 'samples'), 'utf8');
    writeFileSync(few, text.split('\n').slice(0, 50).join('\n'));
    writeFileSync(other, text.replace('dequantization_seed', 'seed'));
    const fails = (likelihoods: string): string => {
      const inputs = { dataset: path('dataset'), model: path('cdm'), likelihoods, ...sources };
      return startStageProcess(directory.path, { stage: 'play', params: { sampling }, inputs, outputs: ['page'] }).text;
    };
    expect(fails(few)).toContain('The likelihoods are of 49 images, and the data set has 120 to test with');
    expect(fails(other)).toContain('The input "likelihoods" has no column dequantization_seed');
  });

  test('draws the samples of the stage, of its seed and number, by each of the samplers', async () => {
    const keys = ['cdm-ddpm', 'cdm-ddim', 'cdm-dpm-solver'];
    const sampled = ran('sample', { dataset: path('dataset'), cdm: path('cdm') }, [...keys, 'samples']);
    const { tensors } = decodeSafetensors(readFileSync(join(sampled, 'samples')));
    const { page, complaints } = await open(files.cdm);
    // The stage's: every stage of these tests has the same.
    expect(await page.locator('#seed').inputValue()).toBe('7');
    // Ancestral, unless it is told otherwise: the best to look at.
    expect(await page.locator('#sampler').inputValue()).toBe('ddpm');
    expect(await page.locator('#steps').inputValue()).toBe(String(sampling.ddpmSteps));
    await page.fill('#first', '2');
    for (const key of keys) {
      await page.selectOption('#sampler', key.slice('cdm-'.length));
      // By the keyboard alone.
      await page.locator('#draw').focus();
      await page.keyboard.press('Enter');
      const text = await page.locator('#sample[data-values]').getAttribute('data-values');
      const values = text!.split(' ').map(Number);
      expect(values).toHaveLength(dim);
      const expected = tensors[key]!.data.subarray(2 * dim, 3 * dim);
      const worst = Math.max(...values.map((value, i) => Math.abs(value - expected[i]!)));
      expect(worst, key).toBeLessThan(1e-3);
    }
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('computes with what it is told to, unless that is off', async () => {
    const { page } = await open(files.cdm);
    expect(await page.locator('#engine').inputValue()).toBe('wasm');
    for (const engine of ['cpu', 'webgl', 'wasm']) {
      await page.selectOption('#engine', engine);
      const status = page.locator('#engine-status', { hasText: /^Not used: .*|of the pipeline\.$/ });
      await status.waitFor();
      // A GPU may be off, and then is not used; the other two are exact.
      const text = (await status.textContent())!;
      const [, off] = /within (\S+) bits\/dim of the pipeline/.exec(text) ?? [];
      if (engine !== 'webgl' || off !== undefined)
        expect(Number(off)).toBeLessThan(engine === 'webgl' ? 1e-3 : tolerance);
      if (off === undefined) expect(await page.locator('#engine').inputValue()).toBe('cpu');
    }
    await page.close();
  });

  test('tells noise and takes it away as the model does', async () => {
    const { page } = await open(files.cdm);
    await page.locator('#t').fill('12');
    await page.waitForSelector('#posterior[data-t="12"]');
    const seen = await pixelsOf(page, '#noisy');
    const found = await pixelsOf(page, '#denoised');
    const likeliest = Number(await page.locator('#posterior').getAttribute('data-likeliest'));

    const model = readModel(path('cdm'));
    const images = idx();
    const noise = { seed: seeds['one-shot-nll'], purpose: 'one-shot-nll/dequantization' };
    const clean = dequantize(images.test.subarray(0, dim), noise);
    const x = noised(clean, normals({ seed: 7, purpose: 'play/noise' }, dim), model.schedule, 12);
    const [alpha, sigma] = [model.schedule.alpha[12]!, model.schedule.sigma[12]!];
    const backend = await openBackend('cpu', { threads: 1 });
    const denoiser = await compileModel(backend, denoisingProgram(model, 1), model.weights);
    const epsilonHat = await denoiser.evaluate(x, 12);
    const logits = await compileModel(backend, logitsProgram(model, 1), model.weights);
    const f = await logits.evaluate(x, 0);
    expect(likeliest).toBe(f.indexOf(Math.max(...f)));
    const level = (value: number): number => Math.min(255, Math.max(0, (value + 1) * 128));
    for (let i = 0; i < dim; i++) {
      expect(Math.abs(seen[i]! - level(x[i]!))).toBeLessThan(1);
      expect(Math.abs(found[i]! - level((x[i]! - sigma * epsilonHat[i]!) / alpha))).toBeLessThan(1);
    }
    await page.close();
  });

  test('says how likely a drawing is, by mouse and by keys', async () => {
    const { page, complaints } = await open(files.cdm, { viewport: { width: 400, height: 900 }, colorScheme: 'dark' });
    const before = await page.locator('#likelihood').textContent();
    const board = page.locator('#board');
    await board.scrollIntoViewIfNeeded();
    const box = (await board.boundingBox())!;
    await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 3 });
    await page.mouse.up();
    await page.waitForFunction(`document.querySelector('#likelihood').textContent !== ${JSON.stringify(before)}`);
    expect(await page.locator('#chosen-name').textContent()).toBe('Your drawing');
    expect(await page.locator('#images input:checked').count()).toBe(0);

    const white = async (): Promise<number> => (await pixelsOf(page, '#board')).reduce((a, b) => a + b, 0);
    const drawn = await white();
    expect(drawn).toBeGreaterThan(0);
    await board.focus();
    await page.keyboard.press('Shift+ArrowDown');
    expect(await white()).toBe(drawn);
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
    expect(await white()).toBeGreaterThan(drawn);
    await page.click('#clear');
    expect(await white()).toBe(0);
    // No wider than a phone.
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(complaints).toEqual([]);
    await page.close();
  });

  test('gives a conditional model the label: of an image, and of a sample with guidance', async () => {
    const model = readModel(path('conditional'));
    const images = idx();
    const labels = Int32Array.from(images.labels!.test);
    const x = dequantize(images.test, { seed: 7, purpose: 'one-shot-nll/dequantization' });
    const backend = await openBackend('cpu', { threads: 1 });
    const logDensity = await compileModel(backend, logDensityProgram(model, 10), model.weights);
    const expected = await logDensity.evaluate(x, 0, labels);
    const stored = columns(path('play-conditional', 'likelihoods'))['log_density']!;
    expect(stored).toHaveLength(expected.length);

    const { page, complaints, shown } = await open(files.conditional);
    expect(shown).toHaveLength(10);
    for (const [i, { logDensity }] of shown.entries()) {
      expect(Math.abs(bits(Number(logDensity)) - bits(expected[i]!))).toBeLessThan(tolerance);
      expect(Math.abs(bits(stored[i]!) - bits(expected[i]!))).toBeLessThan(tolerance);
    }
    expect(await page.locator('#label').inputValue()).toBe(String(labels[0]));
    // Zero-shot: as often as a label is among the training images.
    const frequencies = frequenciesOf({ ...images.labels!, train: images.labels!.train.subarray(0, 500) });
    const first = x.subarray(0, dim);
    const joint: number[] = [];
    for (let label = 0; label < 10; label++) {
      const [value] = await logDensity.evaluate(first, 0, Int32Array.of(label));
      joint.push(value! + Math.log(frequencies[label]!));
    }
    const likeliest = await page.locator('#label-shares[data-likeliest]').getAttribute('data-likeliest');
    expect(Number(likeliest)).toBe(joint.indexOf(Math.max(...joint)));

    const [seed, label, guidance] = [11, 3, 1.5];
    const denoiser = await compileModel(backend, denoisingProgram(model, 1, { guidance }), model.weights);
    const { samples } = await sample({
      denoiser: denoiser.program,
      batchShape: denoiser.batchShape,
      schedule: model.schedule,
      rule: ddpmStep,
      grid: classGrid(model.schedule.T, 4),
      seed,
      count: 1,
      labels: Int32Array.of(label),
    });
    await page.selectOption('#sampler', 'ddpm');
    for (const [id, value] of Object.entries({ steps: 4, seed, guidance })) await page.fill(`#${id}`, String(value));
    await page.selectOption('#sample-label', String(label));
    // Step by step, with a look back in between.
    for (let i = 1; i <= 3; i++) {
      await page.click('#step');
      await page.waitForFunction(
        `document.querySelector('#scrub').max === '${i - 1}' && !document.querySelector('#scrub').disabled`,
      );
    }
    await page.locator('#scrub').fill('0');
    expect(await page.locator('#drawn').textContent()).toContain('Step 1 of 4');
    await page.click('#pause');
    const text = await page.locator('#sample[data-values]').getAttribute('data-values');
    const values = text!.split(' ').map(Number);
    expect(Math.max(...values.map((value, i) => Math.abs(value - samples[i]!)))).toBeLessThan(1e-3);
    await page.click('#look-at-sample');
    expect(await page.locator('#chosen-name').textContent()).toBe('The sample, a 3');
    expect(complaints).toEqual([]);
    await page.close();
  });

  test.each(['light', 'dark'] as const)(
    'has nothing that a screen reader would stumble over, %s',
    async (colorScheme) => {
      const { page } = await open(files.cdm, { colorScheme });
      // Not as an element: the page runs no script but its own.
      await page.evaluate(readFileSync(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
      const { violations } = (await page.evaluate('axe.run()')) as {
        violations: { id: string; nodes: { html: string }[] }[];
      };
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
      await page.close();
    },
  );
});

/** Gray levels of a canvas, a number for each pixel. */
async function pixelsOf(page: Page, canvas: string): Promise<number[]> {
  const script = `(() => {
    const canvas = document.querySelector(${JSON.stringify(canvas)});
    // A copy, since a browser complains of canvases that are read again and again.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
    return Array.from(data).filter((_, i) => i % 4 === 0);
  })()`;
  return (await page.evaluate(script)) as number[];
}

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
