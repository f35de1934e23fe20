// The page of a run that goes on, in a real browser: the server is the real one, the events are made up.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LiveServer } from '../../src/live/server.ts';
import { reportPage } from '../../src/report/page.ts';
import type { RunEvent } from '../../src/runner/event.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { sketchManifest, sketchStage } from '../manifest/sample.ts';
import { seriousViolations } from '../report/opened.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { begun, failed, finished, progress, started } from './live-run.ts';

const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"&`;

const gate: RunEvent = {
  kind: 'gate-judged',
  gate: {
    name: 'low-loss',
    number: 'train.loss',
    max: 0.4,
    verdict: 'FAIL',
    measured: [{ address: 'train.loss', value: 0.5 }],
    reason: 'outside the limits: train.loss',
  },
};

/** A run in its middle: of each kind of thing one. */
const middle = (name = 'train'): RunEvent[] => [
  started('data', `${name}[seed=1]`, `${name}[seed=2]`, `${name}[seed=3]`, 'table'),
  begun('data'),
  finished('data'),
  ...[1, 2, 3].map((seed) => begun(`${name}[seed=${seed}]`)),
  ...[1, 2, 3, 4].map((step) => progress(`${name}[seed=1]`, step * 10, { [name]: 1 / step, ['__proto__']: step })),
  finished(`${name}[seed=2]`),
  failed(`${name}[seed=3]`, [`Traceback ${name}`, 'ValueError']),
  gate,
  { kind: 'warning', stage: 'data', message: `odd ${name}` },
];

const report = () =>
  reportPage(
    sketchManifest([sketchStage({ id: 'train', numbers: { loss: { value: 1, unit: 'nats', kind: 'exact' } } })]),
    () => Promise.reject(new Error('There is none')),
  );

interface Opened extends AsyncDisposable {
  readonly page: Page;
  readonly complaints: string[];
}

describe.skipIf(!hasBrowser)(`the live page in a browser (${needsBrowser})`, () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());

  async function opened(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const complaints: string[] = [];
    // That a server is gone is what some tests are about.
    page.on('console', (message) => {
      if (!message.text().includes('ERR_CONNECTION_REFUSED')) complaints.push(message.text());
    });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => {
      if (!request.url().startsWith(url) && request.url() !== 'data:,') complaints.push(`asked for ${request.url()}`);
    });
    await page.goto(url);
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
  }

  const textOf = (page: Page, place: string) => page.locator(place).first().textContent();

  test('stages move on, a curve grows, numbers and gates appear; a reload shows all of it again', async () => {
    using directory = temporaryDirectory({ '.repro/.gitignore': '*\n' });
    await using server = await LiveServer.open({ root: directory.path, isWatching: false });
    await using live = await opened(server.url);
    const { page } = live;
    await expect.poll(() => textOf(page, '.connection')).toBe('Live: the run is about to begin');
    middle().slice(0, 3).forEach((event) => server.add(event)); // prettier-ignore
    await expect.poll(() => textOf(page, '#stage-data .status')).toBe('computed');
    expect(await textOf(page, 'h1')).toBe('made-up');
    expect(await page.locator('#curves').count()).toBe(0);
    middle().slice(3).forEach((event) => server.add(event)); // prettier-ignore
    for (let round = 0; round < 2; round += 1) {
      await expect.poll(() => textOf(page, '#stage-train h3')).toContain('1 of 3 done, 1 failed, 1 running');
      expect(await page.locator('#stage-train progress').first().getAttribute('value')).toMatch(/^0\.333/);
      const running = page.locator('#stage-train li', { hasText: '[seed=1]' });
      expect(await running.textContent()).toMatch(/step 40\/100, train 0.25, __proto__ 4/);
      expect(await running.locator('progress').getAttribute('value')).toBe('0.4');
      expect(await page.locator('#stage-train pre:visible').textContent()).toBe('Traceback train\nValueError');
      const path = await page
        .locator('figure', { hasText: 'train: train' })
        .locator('svg path')
        .first()
        .getAttribute('d');
      expect(path!.split('L')).toHaveLength(4);
      expect(await page.locator('figure h3').allTextContents()).toEqual(['train: train', 'train: __proto__']);
      const row = page.locator('#numbers tr', { hasText: 'loss [seed=2]' });
      expect(await row.textContent()).toContain('0.500± 0.010nats');
      expect(await page.locator('#gates td').allTextContents()).toContain('at most 0.4');
      expect(await textOf(page, '#notes li')).toBe('data: odd train');
      expect(await page.title()).toBe('40% made-up');
      await page.reload();
    }
    await page.locator('#stage-train summary').click();
    await expect.poll(() => page.locator('#stage-train details li').count()).toBe(3);
    expect(live.complaints).toEqual([]);
  });

  test('at the end the report takes its place, and stays when its server is gone, until a run is served there again', async () => {
    using directory = temporaryDirectory({ '.repro/.gitignore': '*\n' });
    const server = await LiveServer.open({ root: directory.path, isWatching: false });
    const { url } = server;
    await using live = await opened(url);
    const { page } = live;
    middle().forEach((event) => server.add(event));
    await expect.poll(() => textOf(page, 'h1')).toBe('made-up');
    server.end({ outcome: 'complete', isFine: true }, report);
    await server.handedOver(new AbortController().signal);
    await expect.poll(() => textOf(page, 'h1')).toBe('sample-experiment');
    expect(await textOf(page, '.connection')).toBe('The run is over.');
    await server[Symbol.asyncDispose]();
    await expect.poll(() => textOf(page, '.connection')).toContain('served no longer');
    // It has no logs: the end of that of what failed stands above it.
    expect(await textOf(page, '#failures li')).toContain('train[seed=3]failed');
    expect(await textOf(page, '#failures pre')).toBe('Traceback train\nValueError');
    // The report answers as one from disk does.
    await page.getByRole('button', { name: 'loss', exact: true }).click();
    await expect.poll(() => textOf(page, 'tr.lineage')).toContain('train.loss = 1');
    await using next = await LiveServer.open({ root: directory.path, isWatching: false });
    expect(next.url).toBe(url);
    next.add(started('other'));
    next.add(begun('other'));
    await expect.poll(() => textOf(page, '#stage-other .status')).toBe('running');
    expect(await page.locator('#stage-train, tr.lineage').count()).toBe(0);
    expect(await textOf(page, '.connection')).toBe('Live');
    expect(live.complaints).toEqual([]);
  });

  test('a run that is killed leaves what it told last, and says so', async () => {
    using directory = temporaryDirectory({ '.repro/.gitignore': '*\n' });
    const server = await LiveServer.open({ root: directory.path, isWatching: false });
    await using live = await opened(server.url);
    const { page } = live;
    middle().forEach((event) => server.add(event));
    await expect.poll(() => textOf(page, '#stage-data .status')).toBe('computed');
    await server[Symbol.asyncDispose]();
    await expect.poll(() => textOf(page, '.connection')).toContain('cannot be reached');
    expect(await textOf(page, '#stage-data .status')).toBe('computed');
  });

  test('names, lines and metrics that try to break out are text, and so are they in the report', async () => {
    using directory = temporaryDirectory({ '.repro/.gitignore': '*\n' });
    await using server = await LiveServer.open({ root: directory.path, isWatching: true });
    await using live = await opened(server.url);
    const { page } = live;
    middle(hostile).forEach((event) => server.add(event));
    server.add({ kind: 'stage-output', stage: 'table', line: hostile });
    await expect.poll(() => page.locator('figure h3').allTextContents()).toContain(`${hostile}: ${hostile}`);
    expect(await page.locator('#stages pre:visible').textContent()).toContain(hostile);
    await page.locator('#stages summary:visible').click();
    server.end({ outcome: hostile, isFine: false }, () => {
      const manifest = sketchManifest([sketchStage({ id: 'train', params: { [hostile]: hostile } })]);
      manifest.pipeline.name = hostile;
      return reportPage(manifest, () => Promise.reject(new Error('There is none')));
    });
    await expect.poll(() => textOf(page, 'h1')).toBe(hostile);
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(live.complaints).toEqual([]);
  });

  test('a thousand cells are a stage with counts, of which some are shown', async () => {
    using directory = temporaryDirectory({ '.repro/.gitignore': '*\n' });
    await using server = await LiveServer.open({ root: directory.path, isWatching: false });
    await using live = await opened(server.url, { viewport: { width: 400, height: 800 } });
    const { page } = live;
    const cells = Array.from({ length: 1000 }, (_, seed) => `train[model=boosting,seed=${seed}]`);
    server.add(started(...cells));
    cells.forEach((cell) => server.add(begun(cell)));
    for (let step = 1; step <= 20; step += 1) {
      cells.forEach((cell) => server.add(progress(cell, step, { loss: 1 / step })));
    }
    cells.slice(0, 900).forEach((cell) => server.add(finished(cell)));
    await expect.poll(() => textOf(page, '#stage-train h3')).toContain('900 of 1000 done, 100 running');
    expect(await page.locator('#stage-train > ul > li').count()).toBe(12);
    expect(await textOf(page, '#stage-train > p')).toBe('and 88 more');
    expect(await page.locator('#numbers tbody tr').count()).toBe(200);
    expect(await textOf(page, '#numbers .left-out')).toBe('700 more: the report will have them.');
    expect(await page.locator('figure path').count()).toBe(12);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(live.complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('a screen reader finds nothing serious amiss (%s)', async (colorScheme) => {
    using directory = temporaryDirectory({ '.repro/.gitignore': '*\n' });
    await using server = await LiveServer.open({ root: directory.path, isWatching: false });
    await using live = await opened(server.url, { colorScheme, bypassCSP: true });
    const { page } = live;
    middle().forEach((event) => server.add(event));
    await page.locator('#stage-train summary').click();
    expect(await seriousViolations(page)).toEqual([]);
  });
});
