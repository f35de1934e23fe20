// The page in a real browser: what a reader does with it, by pointer, by keys and by a screen reader.
import { readFileSync } from 'node:fs';
import { encode } from 'fast-png';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { reportPage } from '../../src/report/page.ts';
import type { Manifest, ManifestGate, PlotFile } from '../../src/schema/types.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { digestOf, sketchManifest, sketchStage } from '../manifest/sample.ts';
import { opened as openedPage, ownSize, seriousViolations } from './opened.ts';

const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"&`;

const training: PlotFile = {
  title: 'Training',
  x: { label: 'step' },
  y: { label: 'loss', log: true },
  series: ['ce', 'mse', '=1+1'].map((name, series) => ({
    name,
    points: Array.from({ length: 11 }, (_, step): [number, number, number] => [
      step,
      10 ** -series + step / 100,
      0.0123,
    ]),
  })),
};

const gray = { width: 40, height: 20, channels: 1, data: new Uint8Array(800) } as const;

const files = new Map<string, string | Uint8Array>([
  [digestOf('training'), JSON.stringify(training)],
  [digestOf('png'), encode(gray)],
]);

/** @param text Names and notes of it */
function experiment(text = 'plain'): Manifest {
  const inputs = { [text]: { source: `${text}.csv`, digest: digestOf('mnist') } };
  const outputs = {
    curves: { path: 'training.plot.json', digest: digestOf('training') },
    samples: { path: 'samples.png', digest: digestOf('png') },
  };
  const loss = { value: 2.34561, standardError: 0.00213, unit: 'nats', kind: 'estimate' as const, note: text };
  return sketchManifest([
    sketchStage({
      id: 'data',
      inputs,
      params: { [text]: text },
      outputs: { set: { path: 'd.bin', digest: digestOf('set') } },
    }),
    sketchStage({
      id: 'train',
      dependsOn: ['data'],
      inputs: { set: { source: 'data.set', digest: digestOf('set') } },
      outputs,
      numbers: { loss, accuracy: { value: 0.9, unit: '1', kind: 'exact' }, error: { ...loss, value: 0.5 } },
    }),
  ]);
}

const readOutput: Parameters<typeof reportPage>[1] = (_, { digest }) => {
  const content = files.get(digest) ?? 'gone';
  return Promise.resolve(typeof content === 'string' ? Buffer.from(content) : content);
};

describe.skipIf(!hasBrowser)(`the report in a browser (${needsBrowser})`, () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());

  const opened = async (manifest: Manifest, options?: BrowserContextOptions) =>
    openedPage(browser, await reportPage(manifest, readOutput), options);

  test('opens from disk without a complaint, and asks for nothing', async () => {
    await using report = await opened(experiment());
    expect(await report.page.locator('h1').textContent()).toBe('sample-experiment');
    expect(await report.page.locator('figure svg[role=img]').count()).toBe(1);
    expect(report.complaints).toEqual([]);
  });

  test('gates with long limits and names are read without scrolling sideways', async () => {
    const number = 'evaluate[penalty=0.001].rmse';
    const judged = {
      number,
      measured: [0, 1].map((replicate) => ({
        address: `evaluate[penalty=0.001,replicate=${replicate}].rmse`,
        value: 0.365861,
      })),
      verdict: 'PASS' as const,
    };
    const reason = 'difference -0.140886 ± 0.017, margin 0.05: p = 0.029 (paired, t with 1 degrees of freedom)';
    const than = { against: number.replace('0.001', '10'), margin: 0.05, level: 0.05, better: 'lower' as const };
    const gates: ManifestGate[] = [
      { ...judged, name: 'better', reason, test: than },
      { ...judged, name: 'fits', max: 0.8 },
    ];
    const html = await reportPage({ ...experiment(), gates }, readOutput);
    await using report = await openedPage(browser, html, { viewport: { width: 1200, height: 800 } });
    const over = `(() => { const wide = document.querySelector('.gates').parentElement;
      return wide.scrollWidth - wide.clientWidth; })()`;
    expect(await report.page.evaluate<number>(over)).toBe(0);
  });

  test('a number opens to a tree that opens down to the data', async () => {
    await using report = await opened(experiment());
    const { page } = report;
    await page.getByRole('button', { name: 'loss', exact: true }).click();
    const lineage = page.locator('tr.lineage');
    await expect.poll(() => lineage.textContent()).toContain('train.loss = 2.34561, standard error 0.00213');
    expect(await lineage.textContent()).not.toContain(digestOf('mnist'));
    await lineage.locator('summary', { hasText: 'data' }).last().click();
    // A `details` says that it was opened in a later task.
    await expect.poll(() => lineage.textContent()).toContain(digestOf('mnist'));
    await lineage.locator('a', { hasText: 'All of it' }).last().click();
    await expect.poll(() => page.locator('#stage-data .body').textContent()).toContain('Fingerprint');
    expect(report.complaints).toEqual([]);
  });

  test('numbers are searched, sorted and copied', async () => {
    await using report = await opened(experiment(), { permissions: ['clipboard-read', 'clipboard-write'] });
    const { page } = report;
    const shown = () => page.locator('tr[data-address]:visible .open').allTextContents();
    await page.getByRole('searchbox').fill('train nats');
    expect(await shown()).toEqual(['loss', 'error']);
    expect(await page.locator('#found').textContent()).toBe('2 of 3');
    await page.getByRole('searchbox').fill('');
    const byValue = page.getByRole('button', { name: 'Sort by value' });
    await byValue.click();
    expect(await shown()).toEqual(['error', 'accuracy', 'loss']);
    expect(await page.locator('th[data-sort=value]').getAttribute('aria-sort')).toBe('ascending');
    await byValue.click();
    expect(await shown()).toEqual(['loss', 'accuracy', 'error']);
    await byValue.click();
    expect(await shown()).toEqual(['loss', 'accuracy', 'error']);
    await page.getByRole('button', { name: 'Copy train.accuracy' }).click();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('train.accuracy');
  });

  test('a figure tells its values at the pointer and by the keys, by their standard errors', async () => {
    await using report = await opened(experiment());
    const plot = report.page.locator('.plot');
    await plot.locator('circle').first().hover();
    await expect.poll(() => plot.locator('.tip').textContent()).toContain('step 0');
    expect(await plot.locator('.tip .chosen').textContent()).toContain('ce1.000 ± 0.012');
    await plot.press('ArrowRight');
    expect(await plot.locator('.spoken').textContent()).toBe('ce: step 1, loss 1.010 ± 0.012');
    await plot.press('ArrowDown');
    expect(await plot.locator('.spoken').textContent()).toBe('mse: step 1, loss 0.110 ± 0.012');
  });

  test('a figure is zoomed by a rectangle and by keys, and shown whole again', async () => {
    await using report = await opened(experiment());
    const { page } = report;
    const labels = () => page.locator('.x-axis-tick-label text').allTextContents();
    const whole = await labels();
    const { x, y, width, height } = (await page.locator('.plot > svg').boundingBox())!;
    await page.mouse.move(x + width * 0.4, y + height * 0.2);
    await page.mouse.down();
    await page.mouse.move(x + width * 0.6, y + height * 0.7, { steps: 3 });
    await page.mouse.up();
    const zoomed = (await labels()).map(Number);
    expect(Math.min(...zoomed)).toBeGreaterThan(2);
    expect(Math.max(...zoomed)).toBeLessThan(8);
    await page.locator('.plot').press('0');
    expect((await labels()).map(Number)).toEqual(whole.map(Number));
  });

  test('a matrix is read from the top, at the pointer and when it is zoomed', async () => {
    const classes = Array.from({ length: 12 }, (_, index) => index);
    const matrix: PlotFile = {
      title: 'Confusion',
      kind: 'heatmap',
      x: { label: 'predicted' },
      y: { label: 'true', reverse: true },
      series: [{ name: 'share', points: classes.map((t): [number, number, number] => [Math.max(0, t - 1), t, 1]) as [[number, number, number]] }], // prettier-ignore
    };
    files.set(digestOf('training'), JSON.stringify(matrix));
    await using report = await opened(experiment());
    files.set(digestOf('training'), JSON.stringify(training));
    const { page } = report;
    const downwards = async () =>
      page
        .locator('.y-axis-tick-label text')
        .evaluateAll((all) =>
          (all as unknown as Place[])
            .toSorted((a, b) => a.getBoundingClientRect().y - b.getBoundingClientRect().y)
            .map(({ textContent }) => Number(textContent)),
        );
    const ascending = (values: number[]) => values.toSorted((a, b) => a - b);
    const whole = await downwards();
    expect(whole).toEqual(ascending(whole));
    await page.locator('.text text').nth(11).hover();
    await expect.poll(() => page.locator('.tip').textContent()).toContain('predicted 10, true 11');
    await page.locator('.plot').press('+');
    const zoomed = await downwards();
    expect(zoomed.length).toBeGreaterThan(3);
    expect(zoomed).toEqual(ascending(zoomed));
    expect(Math.min(...zoomed)).toBeGreaterThan(0);
    expect(report.complaints).toEqual([]);
  });

  test('a figure is taken along as SVG and as CSV, in which no name is a formula', async () => {
    await using report = await opened(experiment());
    const { page } = report;
    const taken = async (name: string) => {
      const waiting = page.waitForEvent('download');
      await page.getByRole('button', { name }).click();
      const download = await waiting;
      return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
    };
    const csv = await taken('Download values as CSV');
    expect(csv.name).toBe('train.curves.csv');
    expect(csv.text.split('\r\n').slice(0, 2)).toEqual(['series,step,loss,standard error', 'ce,0,1,0.0123']);
    expect(csv.text).toContain('\r\n =1+1,0,');
    const svg = await taken('Download as SVG');
    expect(svg.text).toMatch(/^<svg [^>]*xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    const file = await browser.newPage();
    await file.goto(`data:image/svg+xml;base64,${Buffer.from(svg.text).toString('base64')}`);
    const texts = await file.evaluate<string[]>(
      '[...document.querySelectorAll("text")].map((each) => each.textContent)',
    );
    expect(texts.slice(0, 4)).toEqual(['Training', 'ce', 'mse', '=1+1']);
    expect(texts).toContain('step →');
    // Not as a variable that only the page knows.
    expect(svg.text).toContain('stroke="#0b6fb8"');
    expect(svg.text).not.toContain('var(');
    await file.close();
    expect(report.complaints).toEqual([]);
  });

  test('names and notes that try to break out are text, wherever they are shown', async () => {
    const manifest = experiment(hostile);
    manifest.pipeline = { ...manifest.pipeline, name: hostile, overrides: { [hostile]: hostile } };
    files.set(
      digestOf('training'),
      JSON.stringify({ ...training, title: hostile, note: hostile, x: { label: hostile } }),
    );
    await using report = await opened(manifest);
    files.set(digestOf('training'), JSON.stringify(training));
    const { page } = report;
    for (const button of await page.locator('button.open').all()) await button.click();
    const openAll = 'document.querySelectorAll("details").forEach((each) => (each.open = true))';
    // What opens may have more in it that opens.
    for (let depth = 0; depth < 3; depth += 1) await page.evaluate(openAll);
    await page.locator('.plot').press('ArrowRight');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.locator('h1').textContent()).toBe(hostile);
    expect(report.complaints).toEqual([]);
  });

  test('an image has the caption that it carries, which is text whatever it says', async () => {
    const described = encode({ ...gray, text: { Title: 'Samples', Description: `row by row ${hostile}` } });
    files.set(digestOf('png'), described);
    await using report = await opened(experiment(), { viewport: { width: 400, height: 800 } });
    files.set(digestOf('png'), encode(gray));
    const { page } = report;
    const figure = page.locator('figure', { has: page.locator('img') });
    expect(await figure.locator('figcaption').textContent()).toBe(`row by row ${hostile}`);
    expect(await figure.locator('h3').textContent()).toBe('Samples');
    expect(await page.locator('.contents a', { hasText: 'Samples' }).getAttribute('href')).toBe('#figure-2');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(report.complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('a screen reader finds nothing serious amiss (%s)', async (colorScheme) => {
    await using report = await opened(experiment(), { colorScheme, bypassCSP: true });
    const { page } = report;
    await page.getByRole('button', { name: 'loss', exact: true }).click();
    await page.locator('details.stage summary').first().click();
    expect(await seriousViolations(page)).toEqual([]);
  });

  test('300 numbers and 60 figures fit a window of 400 pixels, and have under 300 kB beside images and data', async () => {
    const stages = Array.from({ length: 60 }, (_, index) =>
      sketchStage({
        id: `stage-${index}`,
        outputs: { figure: { path: 'figure.plot.json', digest: digestOf('training') } },
        numbers: Object.fromEntries(
          Array.from({ length: 5 }, (_, n) => [
            `number-${'x'.repeat(20)}-${n}`,
            { value: n / 7, unit: '1', kind: 'exact' },
          ]),
        ),
      }),
    );
    await using report = await opened(sketchManifest(stages), { viewport: { width: 400, height: 800 } });
    const { page } = report;
    expect(await page.locator('tr[data-address]').count()).toBe(300);
    expect(await page.locator('figure').count()).toBe(60);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(await ownSize(page)).toBeLessThan(300_000);
  });

  test('the contents stay in view and show where the reader is', async () => {
    await using report = await opened(experiment(), { viewport: { width: 1280, height: 500 } });
    const { page } = report;
    await page.locator('.contents a', { hasText: 'Stages' }).click();
    await expect.poll(() => page.locator('.contents a[aria-current]').textContent()).toBe('Stages');
    expect(await page.locator('.contents a', { hasText: 'Gates' }).count()).toBe(0);
    expect((await page.locator('.contents').boundingBox())!.y).toBe(0);
    await page.locator('.map a', { hasText: 'train' }).click();
    await expect.poll(() => page.locator('#stage-train .body').textContent()).toContain('Fingerprint');
  });
});

/** Of the DOM, which the tests do not know. */
interface Place {
  readonly textContent: string;
  getBoundingClientRect(): { readonly y: number };
}
