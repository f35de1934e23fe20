// Plots that stages describe: drawn when well-formed, named when not.
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { drawPlot, parsePlot } from '../../src/report/plot.ts';
import { seriesStyle } from '../../src/report/series-style.ts';
import type { PlotFile } from '../../src/schema/types.ts';

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

const withPoint = (...point: unknown[]) => ({ ...plot, series: [{ name: 'a', points: [[1, 1], point] }] });

test.each<[string, unknown, string]>([
  ['text that is not JSON', '{', 'it is not JSON: '],
  ['a list', [], 'it is [] and must be object'],
  ['an unknown key', { ...plot, legend: true }, 'it has the unknown key "legend"'],
  ['no title', { ...plot, title: undefined }, 'it lacks "title"'],
  ['an axis without a label', { ...plot, x: {} }, 'x lacks "label"'],
  ['an unknown key of an axis', { ...plot, y: { label: 'y', unit: 'nats' } }, 'y has the unknown key "unit"'],
  ['a log that is a base', { ...plot, y: { label: 'y', log: 10 } }, 'y.log is 10 and must be boolean'],
  ['no series', { ...plot, series: [] }, 'series is empty: at least one is needed'],
  ['a series without points', { ...plot, series: [{ name: 'a', points: [] }] }, 'series[0].points is empty'],
  [
    'a point of one number',
    withPoint(1),
    'series[0].points[1] is [1]: a point is [x, y] or [x, y, standard error of y]',
  ],
  ['a point of four', withPoint(1, 2, 3, 4), 'series[0].points[1] is [1,2,3,4]: a point is'],
  ['text as a coordinate', withPoint(1, '2'), 'series[0].points[1][1] is "2" and must be number'],
  ['a gap', withPoint(1, null), 'series[0].points[1][1] is null and must be number'],
  ['an infinity', JSON.stringify(withPoint(1, 2)).replace('2', '1e999'), 'points[1][1] is Infinity and must be number'],
  [
    'zero on a logarithmic axis',
    withPoint(0, 1),
    'series[0].points[1][0] is 0: a logarithmic axis shows numbers above 0',
  ],
  ['a negative error', withPoint(1, 1, -1), 'series[0].points[1][2] is -1 and must be >= 0'],
  [
    'a long text for a series',
    { ...plot, series: ['x'.repeat(500)] },
    `series[0] is "${'x'.repeat(59)}… and must be object`,
  ],
])('parsePlot() says what is wrong with %s', (_, content, expected) => {
  expect(parsePlot(typeof content === 'string' ? content : JSON.stringify(content))).toContain(expected);
});

test.each(['lines', 'scatter'] as const)('one value alone has room to each side, and round ticks: %s', async (kind) => {
  const points = [0, 1].map((run): [number, number] => [run, 80]);
  const { svg, y } = await drawPlot({ ...plot, kind, y: { label: 'rows' }, series: [{ name: 'a', points }] });
  expect(y.domain).toEqual([72, 88]);
  expect(svg).toContain('>80</text>');
});

test('names of an axis stand where something is drawn, and none beyond', async () => {
  const points = [1, 2].map((run): [number, number] => [run, run]);
  const names = ['first', 'second', 'third', 'fourth'];
  const { svg } = await drawPlot({
    ...plot,
    x: { label: 'run', names },
    y: { label: 'y' },
    series: [{ name: 'a', points }],
  });
  expect(names.filter((name) => svg.includes(`>${name}</text>`))).toEqual(['second', 'third']);
});

test('drawPlot() draws a line for each series and a band where there are errors', async () => {
  const { svg, x, y } = await drawPlot(plot);
  expect(svg).toMatch(/^<svg[\s\S]*<\/svg>$/);
  // The page's Content-Security-Policy allows no inline style.
  expect(svg).not.toContain('style');
  expect([x.domain, y.domain]).toEqual([
    [0.01, 1],
    [0.0001, 0.52],
  ]);
  expect(svg.match(/stroke="var\(--series-[12]\)"/g)).toHaveLength(2);
  expect(svg.match(/fill-opacity="0.16"/g)).not.toBeNull();
  expect(svg).not.toContain('NaN');
});

test('drawPlot() draws the error of a series of one point as a bar, since a band would have no width', async () => {
  const one = { ...plot, series: [{ name: 'one', points: [[1, 0.5, 0.1]] as [number, number, number][] }] };
  const { document } = parseHTML(`<!doctype html><html><body>${(await drawPlot(one)).svg}</body></html>`);
  expect(document.querySelectorAll('.link path')).toHaveLength(1);
  expect(document.querySelectorAll('.area')).toHaveLength(0);
});

test('drawPlot() writes markup that a browser reads as it was drawn', async () => {
  const { document } = parseHTML(`<!doctype html><html><body>${(await drawPlot(plot)).svg}</body></html>`);
  const marks = [...document.querySelectorAll('svg > g')].map((group) => [
    group.getAttribute('class'),
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
  expect(await drawPlot(plot)).toEqual(await drawPlot(plot));
});

test('drawPlot() escapes labels', async () => {
  const { svg } = await drawPlot({ ...plot, x: { label: '<script>alert(1)</script>' } });
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;');
});

test('drawPlot() draws a single point', async () => {
  const { svg } = await drawPlot({
    ...plot,
    x: { label: 'x' },
    y: { label: 'y' },
    series: [{ name: 'a', points: [[0, 0]] }],
  });
  expect(svg).not.toContain('NaN');
});

test('no two of twelve series have a colour, a dash or a mark in common, and no two of more all three', () => {
  const twelve = Array.from({ length: 12 }, (_, index) => seriesStyle(index));
  for (const of of ['color', 'dash', 'mark'] as const) expect(new Set(twelve.map((style) => style[of])).size).toBe(12);
  const many = Array.from({ length: 144 }, (_, index) => JSON.stringify(seriesStyle(index)));
  expect(new Set(many).size).toBe(144);
});

test('a loss that falls by a tenth fills a logarithmic frame, with values beside it', async () => {
  const points = Array.from({ length: 100 }, (_, step): [number, number] => [step, 36 - step / 25]);
  const { svg, y } = await drawPlot({ ...plot, x: { label: 'step' }, series: [{ name: 'loss', points }] });
  expect(y.domain[0]).toBeGreaterThan(30);
  const labels = [...svg.matchAll(/<text y="0.32em"[^>]*>([^<]+)/g)].map(([, text]) => Number(text));
  expect(labels.length).toBeGreaterThan(4);
  expect(Math.min(...labels)).toBeGreaterThanOrEqual(32);
});

const named = (names: string[]) => ({ label: 'class', names });
const matrix: PlotFile = {
  title: 'Confusion',
  kind: 'heatmap',
  x: named(['cat', 'dog']),
  y: named(['cat', 'dog']),
  series: [
    {
      name: 'images',
      points: [
        [0, 0, 9],
        [1, 0, 1],
        [0, 1, 2],
        [1, 1, 8],
      ],
    },
  ],
};

test('a heat map has a field with its value for each point, and axes with names', async () => {
  const { document } = parseHTML(`<body>${(await drawPlot(matrix)).svg}</body>`);
  expect([...document.querySelectorAll('.rect rect')].map((field) => field.getAttribute('fill-opacity'))).toHaveLength(
    4,
  );
  expect([...document.querySelectorAll('.text text')].map(({ textContent }) => textContent)).toEqual([
    '9',
    '1',
    '2',
    '8',
  ]);
  for (const axis of ['x', 'y']) {
    const labels = [...document.querySelectorAll(`.${axis}-axis-tick-label text`)].map(
      ({ textContent }) => textContent,
    );
    expect(labels).toEqual(['cat', 'dog']);
  }
});

test('a frame for each of very many series is refused', () => {
  const many = { ...plot, facets: true, series: Array.from({ length: 25 }, () => plot.series[0]) };
  expect(parsePlot(JSON.stringify(many))).toContain('facets is true and there are 25 series: at most 24');
  expect(parsePlot(JSON.stringify({ ...many, facets: false }))).toMatchObject({ facets: false });
});

test('a reversed axis grows downwards or to the left, and a heat map ends where its fields do', async () => {
  const { x, y } = await drawPlot({ ...matrix, y: { ...matrix.y, reverse: true } });
  expect([x.domain, y.domain]).toEqual([
    [-0.5, 1.5],
    [1.5, -0.5],
  ]);
  // From the bottom to the top.
  expect(y.range[0]).toBeGreaterThan(y.range[1]);
  expect(parsePlot(JSON.stringify({ ...matrix, y: { label: 'class', reverse: 'down' } }))).toBe(
    'y.reverse is "down" and must be boolean',
  );
});

test.each<[NonNullable<PlotFile['kind']>, string, number]>([
  ['scatter', '.dot > *', 5],
  ['bars', '.rect rect', 5],
  ['histogram', '.rect rect', 3],
])('a plot of %s has its own shapes and no line', async (kind, shape, count) => {
  const linear = { ...plot, kind, x: { label: 'x' }, y: { label: 'y' } };
  const { document } = parseHTML(`<body>${(await drawPlot(linear)).svg}</body>`);
  expect(document.querySelectorAll(shape)).toHaveLength(count);
  expect(document.querySelectorAll('.line')).toHaveLength(0);
});

test('a field without a value, and a kind that is none, are named', () => {
  expect(parsePlot(JSON.stringify({ ...plot, kind: 'heatmap' }))).toContain('series[1].points[0] has no value');
  expect(parsePlot(JSON.stringify({ ...plot, kind: 'pie' }))).toContain('kind is "pie" and must be equal to one of');
});

test.each(['lines', 'scatter', 'bars'] as const)('drawPlot() draws %s whose values hardly differ', async (kind) => {
  const points = [[0, 5e-324], [1, 1e-323]] as [number, number][]; // prettier-ignore
  const { svg } = await drawPlot({
    ...plot,
    kind,
    x: { label: 'x' },
    y: { label: 'y' },
    series: [{ name: 'a', points }],
  });
  expect(svg).toMatch(/^<svg/);
});

test('drawPlot() shortens the label of an axis to what there is room for', async () => {
  const { svg } = await drawPlot({ ...plot, x: { ...plot.x, label: 'x'.repeat(10_000) } });
  expect(svg).toContain('xxx…');
  expect(svg).not.toContain('x'.repeat(100));
});
