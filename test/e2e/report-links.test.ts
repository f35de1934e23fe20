// Outputs that are pages: the report links to them where they lie as the run made them, and nowhere else.
import { cpSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { Rig } from '../rig/rig.ts';

const project = {
  'pipeline.yaml': `name: pages
params: { word: first }
stages:
  show:
    run: show.mjs
    params: [word]
    matrix: { set: [a, b] }
    outputs: { page: 'the model, #1%.html', other: sub/other.html }
`,
  'show.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { cell, params, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.page, '<!doctype html><title>' + cell.set + ' ' + params.word + '</title>');
writeFileSync(outputs.other, '<!doctype html><title>other</title>');
`,
};

/** What each entry of the section says, and where it leads. */
const entries = (page: string): [text: string, href: string | null][] =>
  [...parseHTML(page).document.querySelectorAll('#pages li')].map((item) => [
    item.textContent.replace(/\s+/g, ' ').trim(),
    item.querySelector('a')?.getAttribute('href') ?? null,
  ]);

const hrefs = (page: string): (string | null)[] => entries(page).map(([, href]) => href);

test('a report links to the pages of its run from where it is written, and to none that is another', async () => {
  await using rig = await Rig.create(project);
  await rig.repro('run');
  await rig.repro('report');
  const here = ['a', 'b'].flatMap((set) => [
    `set%3D${set}/sub/other.html`,
    `set%3D${set}/the%20model%2C%20%231%25.html`,
  ]);
  const below = (folder: string) => here.map((path) => `${folder}show/${path}`);
  const first = entries(rig.read('artifacts/report.html'));
  expect(first.map(([, href]) => href)).toEqual(below(''));
  expect(first[1]![0]).toContain('show[set=a].page artifacts/show/set=a/the model, #1%.html, 0.0 MB');

  await rig.repro('report', '-o', 'other/place/report.html');
  expect(hrefs(rig.read('other/place/report.html'))).toEqual(below('../../artifacts/'));

  // In the section of its stage too, where it is found without a script.
  const { document } = parseHTML(rig.read('artifacts/report.html'));
  const inStage = [...document.querySelectorAll('details.stage')].map((stage) => stage.querySelectorAll('a').length);
  expect(inStage).toEqual([2, 2]);

  const { run } = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
  await rig.repro('run', '--set', 'word=second');
  await rig.repro('report', run.id, '-o', 'artifacts/first.html');
  const stale = entries(rig.read('artifacts/first.html'));
  expect(stale.map(([, href]) => href !== null)).toEqual([true, false, true, false]);
  expect(stale[1]![0]).toContain('When this report was written, it was not there as this run made it');

  // Neither through a link, nor where a manifest of somebody else leads.
  const page = join(rig.root, 'artifacts/show/set=a/the model, #1%.html');
  rmSync(page);
  cpSync(join(rig.root, 'artifacts/report.html'), join(rig.root, 'kept.html'));
  symlinkSync(join(rig.root, 'kept.html'), page);
  const manifest = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
  writeFileSync(join(rig.root, 'outside.html'), '<!doctype html><title>other</title>');
  manifest.stages[1]!.published = 'artifacts/../x';
  mkdirSync(join(rig.root, 'x/sub'), { recursive: true });
  cpSync(join(rig.root, 'outside.html'), join(rig.root, 'x/sub/other.html'));
  rig.write('stranger.json', JSON.stringify(manifest));
  await rig.repro('report', 'stranger.json', '-o', 'artifacts/theirs.html');
  expect(hrefs(rig.read('artifacts/theirs.html')).map((href) => href !== null)).toEqual([true, false, false, false]);
});

test.skipIf(!hasBrowser)(`a reader follows the link from the disk (${needsBrowser})`, async () => {
  await using rig = await Rig.create(project);
  await rig.repro('run');
  await rig.repro('report');
  await using browser = await openBrowser();
  const page = await browser.newPage();
  await page.goto(pathToFileURL(join(rig.root, 'artifacts/report.html')).href);
  await page.locator('#pages a').nth(3).click();
  await expect.poll(() => page.title()).toBe('b first');
});
