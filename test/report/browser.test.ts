// The page in a real browser.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { reportPage } from '../../src/report/page.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { sketchManifest, sketchStage } from '../manifest/sample.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

describe.skipIf(!hasBrowser)(`the report in a browser (${needsBrowser})`, () => {
  test('opens from disk without a complaint', async () => {
    using directory = temporaryDirectory();
    const file = join(directory.path, 'report.html');
    const manifest = sketchManifest([
      sketchStage({ id: 'train', numbers: { loss: { value: 2.3, unit: 'nats', kind: 'exact' } } }),
    ]);
    writeFileSync(file, await reportPage(manifest, () => Promise.reject(new Error('not in this test'))));
    await using browser = await openBrowser();
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', ({ message }) => complaints.push(message));
    await page.goto(pathToFileURL(file).href);
    expect(await page.locator('h1').textContent()).toBe('sample-experiment');
    expect(complaints).toEqual([]);
  });
});
