// All runs on one page: what it says of them, and how it is used in a real browser.
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { historyPage } from '../../src/report/history/page.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { expectGolden } from '../support/golden.ts';
import { history, historyRun } from './history-sample.ts';
import { opened, ownSize, seriousViolations } from './opened.ts';
import { pageText } from './page-text.ts';

const command = 'repro report RUN -o artifacts/reports/RUN.html';

/** Four runs: one with a page, one with other settings, one that failed; and one that cannot be read. */
const told = {
  ...history(4),
  runs: [
    historyRun(0, { tags: ['baseline'], page: 'reports/a%20b.html' }),
    historyRun(1),
    historyRun(2, { pipeline: { profile: 'ci', overrides: { rate: 9 } }, verdict: 'failed', verdicts: [] }),
    historyRun(3, { isLatest: true, changes: [], git: null }),
  ],
  unreadable: [{ run: 'x', message: '"x.json" is not a manifest: it is not JSON' }],
};

test('all runs are told, the last one first', async () => {
  const text = pageText(await historyPage(told, command));
  await expectGolden(text, fileURLToPath(new URL('../golden/report/history.txt', import.meta.url)));
});

test('a project without runs has a page that says so', async () => {
  const text = pageText(await historyPage({ runs: [], unreadable: [], numbers: [] }, command));
  expect(text).toContain('No run is kept: repro run makes one.');
});

describe.skipIf(!hasBrowser)(`all runs in a browser (${needsBrowser})`, () => {
  let browser: Browser;
  beforeAll(async () => void (browser = await openBrowser()));
  afterAll(() => browser.close());

  test('numbers are chosen, drawn and put away; the tip names the run', async () => {
    await using report = await opened(browser, await historyPage(told, command));
    const { page } = report;
    const shown = () => page.locator('figure:visible h3').allTextContents();
    expect(await shown()).toEqual(['train.loss', 'test.accuracy-0', 'train.weights']);
    await page.getByRole('searchbox').fill('train nats');
    await page.getByRole('checkbox', { name: 'train.loss' }).uncheck();
    expect(await shown()).toEqual(['test.accuracy-0', 'train.weights']);
    const plot = page.locator('.plot:visible').first();
    await plot.press('ArrowRight');
    expect(await plot.locator('.spoken').textContent()).toContain('run 1, 2026-11-01 10:15 UTC, 03458c0f5a');
    expect(report.complaints).toEqual([]);
  });

  test('a number that is chosen is drawn as the others are', async () => {
    await using report = await opened(browser, await historyPage(history(50, 300), command));
    const { page } = report;
    await page.getByRole('searchbox').fill('accuracy-299');
    await page.getByRole('checkbox').check();
    const figure = page.locator('figure', { hasText: 'test.accuracy-299' });
    const [chosen, there] = await Promise.all(
      [figure, page.locator('figure').first()].map((each) => each.locator('.x-axis-tick-label text').allTextContents()),
    );
    expect(chosen).toEqual(there);
    for (const place of ['figcaption', '.legend']) {
      const [drawn, given] = [figure, page.locator('figure').first()].map((each) => each.locator(place));
      expect((await drawn!.textContent())!.trim()).toBe((await given!.textContent())!.trim());
    }
    await figure.locator('.plot').press('ArrowRight');
    expect(await figure.locator('.spoken').textContent()).toContain('value 299.000 ± 0.020');
    expect(report.complaints).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('a screen reader finds nothing serious amiss (%s)', async (colorScheme) => {
    await using report = await opened(browser, await historyPage(told, command), { colorScheme, bypassCSP: true });
    await report.page.getByText('Choose numbers').click();
    expect(await seriousViolations(report.page)).toEqual([]);
  });

  test('300 runs and 300 numbers fit a window of 400 pixels', async () => {
    const html = await historyPage(history(300, 300), command);
    await using report = await opened(browser, html, { viewport: { width: 400, height: 800 } });
    const { page } = report;
    expect(await page.locator('#runs tbody tr').count()).toBe(300);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(await ownSize(page)).toBeLessThan(300_000);
  });

  test('names that try to break out are text', async () => {
    const hostile = `</script><script>window.hacked=1</script><img src=x onerror="window.hacked=1">'"&\u2028${'long'.repeat(100)}`;
    const runs = [0, 1].map((index) =>
      historyRun(index, {
        tags: [hostile],
        pipelineName: hostile,
        pipeline: { profile: hostile, overrides: { [hostile]: hostile } },
        verdicts: [{ name: hostile, verdict: 'PASS' }],
      }),
    );
    const numbers = history(2).numbers.map((number) => ({ ...number, address: hostile, unit: hostile }));
    const html = await historyPage({ runs, numbers, unreadable: [{ run: hostile, message: hostile }] }, command);
    await using report = await opened(browser, html, { viewport: { width: 400, height: 800 } });
    const { page } = report;
    await page.getByText('Choose numbers').click();
    await page.locator('.plot').first().press('ArrowRight');
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.locator('script').count()).toBe(2);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(400);
    expect(report.complaints).toEqual([]);
  });
});
