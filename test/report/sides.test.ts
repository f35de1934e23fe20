// Several runs on one page: what it says of them, and that nothing of what a stranger wrote gets out of its place.
import { fileURLToPath } from 'node:url';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { overlaid } from '../../src/report/sides/overlay.ts';
import { sidesPage } from '../../src/report/sides/page.ts';
import { sideNumbers } from '../../src/report/sides/surprise.ts';
import { expectGolden } from '../support/golden.ts';
import { pageText } from './page-text.ts';
import { lossPlot, readSample, sampleRun, sides } from './sides-sample.ts';

const golden = (name: string) => fileURLToPath(new URL(`../golden/report/${name}.txt`, import.meta.url));

test.each([2, 3])('%d runs are told in full', async (count) => {
  const runs = [1, 2, 3].slice(0, count).map((run) => sampleRun(run));
  await expectGolden(pageText(await sidesPage(sides(runs), readSample)), golden(`sides-${count}`));
});

test('the most surprising comes first: exact numbers, then moves by their standard errors, timings last', () => {
  const { differences } = sides([sampleRun(1), sampleRun(2)]);
  expect(sideNumbers(differences).map(({ address, rank }) => `${rank} ${address}`)).toEqual([
    'exact train.weights',
    'beyond test.drift',
    'beyond train.loss',
    'unknown train.gap',
    'within train.bias',
    'partial train.extra',
    'still test.rows',
    'timing train.seconds',
  ]);
});

test('a number in another unit has no difference', async () => {
  const [first, second] = [sampleRun(1), sampleRun(2)];
  second.numbers[0]!.number = { ...second.numbers[0]!.number, unit: 'bits' };
  const text = pageText(await sidesPage(sides([first, second]), readSample));
  expect(text).toMatch(/^train\.loss.*in another unit \| nats → bits$/m);
});

test('plots on other axes stand apart, and it is said why', async () => {
  const [first, second] = [lossPlot(1), lossPlot(2, { y: { label: 'loss', log: true } })];
  const plots = [first, second].map((plot, index) => ({ label: ['A', 'B'][index]!, plot }));
  expect(overlaid(plots)).toEqual({ reason: 'the log of y is false in A and true in B' });
});

test('series of several names keep them, and each says its run', () => {
  const series = (scale: number) => ['train', 'test'].map((name) => ({ ...lossPlot(scale).series[0]!, name }));
  const plots = ['A', 'B'].map((label, index) => ({ label, plot: lossPlot(1, { series: series(index + 1) }) }));
  expect(overlaid(plots).plot!.series.map(({ name }) => name)).toEqual(['train, A', 'train, B', 'test, A', 'test, B']);
});

const hostile = `</script><script>window.hacked=1</script><img src=x onerror="x">'"&\u2028javascript:alert(1)`;

test('hostile names and notes are shown as text', async () => {
  const manifests = [1, 2, 3].map((run) => sampleRun(run, { gaps: [{ stage: hostile, message: hostile }] }));
  for (const manifest of manifests) {
    manifest.pipeline = { ...manifest.pipeline, name: hostile, file: hostile, profile: hostile };
    manifest.gates[0] = { ...manifest.gates[0]!, name: hostile, number: hostile, reason: hostile };
    for (const stage of manifest.stages) stage.record!.preimage.params = { [hostile]: manifest.run.id };
  }
  const page = await sidesPage(
    sides(
      manifests,
      [1, 2, 3].map((run) => `${hostile}${run}`),
    ),
    readSample,
  );
  const { document } = parseHTML(page);
  expect([...document.querySelectorAll('script')].map((script) => script.getAttribute('type'))).toEqual([
    'application/json',
    null,
  ]);
  expect(document.querySelectorAll('[onerror], [style], link, iframe')).toHaveLength(0);
  for (const element of document.querySelectorAll('[src], [href]')) {
    expect(element.getAttribute('src') ?? element.getAttribute('href')).toMatch(/^(data:image\/png;base64,|#)/);
  }
  expect(page).not.toContain('\u2028');
  expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:\/\/|@import|url\((?!#)/);
});
