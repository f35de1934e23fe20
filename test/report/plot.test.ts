// Plots that stages describe: drawn when well-formed, named when not.
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { drawPlot, parsePlot, type PlotFile } from '../../src/report/plot.ts';

const plot: PlotFile = {
  title: 'Denoising error',
  x: { label: 'noise level', log: true },
  y: { label: 'MSE', log: true },
  series: [
    {
      name: 'CDM',
      points: [
        [0.01, 0.0001, 0.00001],
        [0.1, 0.01, 0.02],
        [1, 0.5, 0.01],
      ],
    },
    {
      name: 'optimal',
      points: [
        [0.01, 0.0001],
        [1, 0.5],
      ],
    },
  ],
  note: 'Figure 4',
};

test('parsePlot() reads what it is given', () => {
  expect(parsePlot(JSON.stringify(plot))).toEqual(plot);
});

test.each<[string, unknown, string]>([
  ['text that is not JSON', '{', 'it is not JSON'],
  ['a list', [], 'it is not an object'],
  ['an unknown key', { ...plot, legend: true }, 'unknown key "legend"'],
  ['an axis without a label', { ...plot, x: {} }, '"x" has no text "label"'],
  ['no series', { ...plot, series: [] }, 'at least one series'],
  ['a series without points', { ...plot, series: [{ name: 'a', points: [] }] }, 'series "a" has no points'],
  ['a point of one number', { ...plot, series: [{ name: 'a', points: [[1]] }] }, 'point 0 of series "a"'],
  ['text as a coordinate', { ...plot, series: [{ name: 'a', points: [[1, '2']] }] }, 'not a finite number'],
  ['a gap', { ...plot, series: [{ name: 'a', points: [[1, null]] }] }, 'not a finite number'],
  ['zero on a logarithmic axis', { ...plot, series: [{ name: 'a', points: [[0, 1]] }] }, 'not positive'],
  ['a negative error', { ...plot, series: [{ name: 'a', points: [[1, 1, -1]] }] }, 'negative standard error'],
])('parsePlot() says what is wrong with %s', (_, content, expected) => {
  expect(parsePlot(typeof content === 'string' ? content : JSON.stringify(content))).toContain(expected);
});

test('drawPlot() draws a line for each series and a band where there are errors', async () => {
  const svg = await drawPlot(plot);
  expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
  expect(svg).toMatch(/^<svg [^>]*style="font-size: 12px; /);
  expect(svg.match(/stroke="var\(--series-[12]\)"/g)).toHaveLength(2);
  expect(svg.match(/fill-opacity="0.16"/g)).not.toBeNull();
  expect(svg).not.toContain('NaN');
});

test('drawPlot() writes markup that a browser reads as it was drawn', async () => {
  const { document } = parseHTML(`<!doctype html><html><body>${await drawPlot(plot)}</body></html>`);
  const marks = [...document.querySelectorAll('svg > g')].map((group) => [
    group.getAttribute('aria-label'),
    group.children.length,
  ]);
  expect(marks).toEqual(
    expect.arrayContaining([
      ['area', 1],
      ['line', 1],
      ['dot', 3],
      ['dot', 2],
    ]),
  );
  const labels = [...document.querySelectorAll('text')].map(({ textContent }) => textContent);
  expect(labels).toEqual(
    expect.arrayContaining([expect.stringContaining('noise level'), expect.stringContaining('MSE')]),
  );
});

test('drawPlot() gives the same markup each time', async () => {
  expect(await drawPlot(plot)).toBe(await drawPlot(plot));
});

test('drawPlot() escapes labels', async () => {
  const svg = await drawPlot({ ...plot, x: { label: '<script>alert(1)</script>' } });
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;');
});

test('drawPlot() draws a single point', async () => {
  const svg = await drawPlot({
    ...plot,
    x: { label: 'x' },
    y: { label: 'y' },
    series: [{ name: 'a', points: [[0, 0]] }],
  });
  expect(svg).not.toContain('NaN');
});
