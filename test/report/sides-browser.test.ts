// Several runs on one page in a real browser: by pointer, by keys and by a screen reader.
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sidesPage } from '../../src/report/sides/page.ts';
import type { Sides } from '../../src/report/sides/side.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { digestOf, sketchManifest, sketchStage } from '../manifest/sample.ts';
import { opened, ownSize, seriousViolations } from './opened.ts';
import { readSample, sampleRun, sides } from './sides-sample.ts';

const pageOf = async (which: Sides) => sidesPage(which, readSample);
const runs = (count: number) => sides([1, 2, 3].slice(0, count).map((run) => sampleRun(run)));

describe.skipIf(!hasBrowser)(`runs side by side in a browser (${needsBrowser})`, () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());

  test('opens without a complaint; figures tell the values of each run', async () => {
    await using report = await opened(browser, await pageOf(runs(3)));
    const plot = report.page.locator('.plot').first();
    await plot.press('ArrowRight');
    expect(await plot.locator('.spoken').textContent()).toBe('baseline: step 0, loss 1.000 ± 0.010');
    await plot.press('ArrowDown');
    expect(await plot.locator('.spoken').textContent()).toBe('wider: step 0, loss 2.000 ± 0.010');
    expect(report.complaints).toEqual([]);
  });

  test('the series of runs differ by colour, by dash and by mark', async () => {
    await using report = await opened(browser, await pageOf(runs(3)));
    const styles = await report.page
      .locator('.legend line, .legend path')
      .evaluateAll((each) =>
        each.map((one) => ['stroke', 'stroke-dasharray', 'd', 'fill'].map((name) => one.getAttribute(name)).join(' ')),
      );
    expect(new Set(styles).size).toBe(6);
  });

  test('a number opens to what differs, and is found, and sorted by the values of a run', async () => {
    await using report = await opened(browser, await pageOf(runs(3)));
    const { page } = report;
    await page.getByRole('button', { name: 'train.loss', exact: true }).click();
    const text = () => page.locator('tr.lineage').textContent();
    expect(await text()).toContain('train.loss = 2.5, 2.2, 2.49');
    expect(await text()).toContain('parameter rate 0.1 → 0.2 (train)');
    await page.getByRole('searchbox').fill('seconds');
    expect(await page.locator('tr[data-address]:visible .open').allTextContents()).toEqual(['train.seconds']);
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: 'Sort by wider' }).nth(0).click();
    expect(await page.locator('#numbers-beyond .open').allTextContents()).toEqual(['test.drift', 'train.loss']);
  });

  test('two images have a slider between them, by the keys and by the pointer', async () => {
    await using report = await opened(browser, await pageOf(runs(2)));
    const { page } = report;
    const slider = page.getByRole('slider', { name: 'baseline on the left, wider on the right' });
    await slider.focus();
    await slider.press('ArrowRight');
    expect(await slider.getAttribute('aria-valuetext')).toBe('51% baseline');
    await slider.press('Home');
    expect(await slider.inputValue()).toBe('0');
    const { x, y, width } = (await page.locator('.stack').boundingBox())!;
    await page.mouse.click(x + width * 0.25, y + 5);
    expect(await slider.inputValue()).toBe('25');
    const clip = "getComputedStyle(document.querySelector('.stack .over')).clipPath";
    expect(await page.evaluate(clip)).toBe('inset(0px 0px 0px 25%)');
    // Images that are the same in both have none.
    expect(await page.getByRole('slider').count()).toBe(1);
  });

  test('of three images, the pair is chosen', async () => {
    await using report = await opened(browser, await pageOf(runs(3)));
    const { page } = report;
    await page.getByRole('combobox', { name: 'On the right' }).selectOption('again');
    expect(await page.getByRole('slider').getAttribute('aria-label')).toBe('baseline on the left, again on the right');
    const [shown, own] = await Promise.all([
      page.locator('.stack .over').getAttribute('src'),
      page.getByAltText('train.samples, again').first().getAttribute('src'),
    ]);
    expect(shown).toBe(own);
  });

  test.each(['light', 'dark'] as const)('a screen reader finds nothing serious amiss (%s)', async (colorScheme) => {
    await using report = await opened(browser, await pageOf(runs(3)), { colorScheme, bypassCSP: true });
    await report.page.getByRole('button', { name: 'train.loss', exact: true }).click();
    expect(await seriousViolations(report.page)).toEqual([]);
  });

  test('names that try to break out are text, wherever they are shown', async () => {
    const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"&\u2028${'long'.repeat(100)}`;
    const manifests = [1, 2, 3].map((run) => sampleRun(run));
    for (const [run, manifest] of manifests.entries()) {
      manifest.pipeline = { ...manifest.pipeline, name: hostile };
      manifest.stages[0]!.record!.preimage.params = { [hostile]: `${hostile}${run}` };
    }
    const labels = [1, 2, 3].map((run) => `${run}${hostile}`);
    await using report = await opened(browser, await pageOf(sides(manifests, labels)), {
      viewport: { width: 400, height: 800 },
    });
    const { page } = report;
    for (const button of await page.locator('button.open:visible').all()) await button.click();
    await page.locator('.plot').first().press('ArrowRight');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(report.complaints).toEqual([]);
  });

  test('300 numbers of three runs and 60 figures fit a window of 400 pixels', async () => {
    const manifests = [1, 2, 3].map((run) => {
      const stages = Array.from({ length: 60 }, (_, index) =>
        sketchStage({
          id: `stage-${index}`,
          params: { run },
          outputs: { figure: { path: 'figure.plot.json', digest: digestOf(`plot ${run}`) } },
          numbers: Object.fromEntries(
            Array.from({ length: 5 }, (_, n) => [
              `number-${'x'.repeat(20)}-${n}`,
              { value: n / 7 + run, standardError: 0.5, unit: '1', kind: 'estimate' as const },
            ]),
          ),
        }),
      );
      return sketchManifest(stages);
    });
    await using report = await opened(browser, await pageOf(sides(manifests)), {
      viewport: { width: 400, height: 800 },
    });
    const { page } = report;
    expect(await page.locator('tr[data-address]').count()).toBe(300);
    expect(await page.locator('figure').count()).toBe(60);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    await page.getByRole('searchbox').fill('stage-7. -3');
    expect(await page.locator('tr[data-address]:visible').count()).toBe(1);
    expect(await ownSize(page)).toBeLessThan(300_000);
  });
});
