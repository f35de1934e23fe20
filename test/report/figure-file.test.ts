// Plots as SVG files of their own: what is in them, that XML and a browser read them, and that no text in them is markup.
import { readFileSync } from 'node:fs';
import { parseXml, XmlElement } from '@rgrove/parse-xml';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { plotDocument } from '../../src/report/figure-file.ts';
import { textWidth } from '../../src/report/letter-width.ts';
import { ink, paper, seriesTones } from '../../src/report/palette.ts';
import { parsePlot } from '../../src/report/plot.ts';
import type { PlotFile } from '../../src/schema/types.ts';
import { hasBrowser, needsBrowser, openBrowser } from '../browser.ts';
import { expectGolden, goldenInputs } from '../support/golden.ts';

const read = (path: string): PlotFile => {
  const plot = parsePlot(readFileSync(path, 'utf8'));
  if (typeof plot === 'string') throw new Error(`${path}: ${plot}`);
  return plot;
};

test.each(goldenInputs('figures', '.plot.json'))('%s is drawn as its golden file', async (path) => {
  const svg = await plotDocument(read(path), { address: 'train.curves', run: '20261130T100000Z-0000' });
  await expectGolden(svg, path.replace('.plot.json', '.svg'));
});

const plot = (more: Partial<PlotFile> = {}): PlotFile => ({
  title: 'Losses',
  x: { label: 'step' },
  y: { label: 'nats' },
  series: [
    { name: 'ce', points: [[0, 1, 0.1], [1, 2, 0.1]] }, // prettier-ignore
    { name: 'mse', points: [[0, 2], [1, 3]] }, // prettier-ignore
  ],
  note: 'A note.',
  ...more,
});

/** All that could end a tag, a section or a document, is no character of XML, or reorders a line. */
const hostile =
  '</style>]]></metadata></svg><script>window.hacked = 1</script>&amp;" onload="x\u0000\u001b[31m\u202e\uffff\ud800';
const shown =
  '</style>]]></metadata></svg><script>window.hacked = 1</script>&amp;" onload="x\\u0000\\u001b[31m\\u202e\\uffff\\ud800';

const hostilePlot = plot({
  title: hostile,
  x: { label: hostile },
  y: { label: hostile, names: [hostile, 'b', 'c', 'd'] },
  series: [{ name: hostile, points: plot().series[0]!.points }],
  note: hostile,
});

function elements(root: XmlElement, name: string): XmlElement[] {
  const own = root.children.filter((child) => child instanceof XmlElement);
  return own.flatMap((child) => [...(child.name === name ? [child] : []), ...elements(child, name)]);
}

test('texts that try to break out stay texts of a file that is well-formed XML', async () => {
  const metadata = { address: hostile, run: 'R' };
  const svg = await plotDocument(hostilePlot, metadata);
  const { root } = parseXml(svg);
  expect(elements(root!, 'script')).toEqual([]);
  expect(elements(root!, 'style')).toHaveLength(1);
  expect(elements(root!, 'title').map(({ text }) => text)).toEqual([shown]);
  expect(elements(root!, 'desc')[0]!.text).toContain(shown);
  expect(JSON.parse(elements(root!, 'metadata')[0]!.text)).toEqual(metadata);
  // For who has no parser of XML: what stands there is JSON.
  const [, written] = /<metadata>([^]*?)<\/metadata>/.exec(svg)!;
  expect(JSON.parse(written!)).toEqual(metadata);
});

test('the same plot gives the same bytes', async () => {
  expect(await plotDocument(plot(), { run: 'R' })).toBe(await plotDocument(plot(), { run: 'R' }));
});

test('no colour is a variable that only a page knows, and each colour has one on dark paper', async () => {
  const svg = await plotDocument(plot({ kind: 'bars' }));
  expect(svg).not.toContain('var(');
  const [style] = elements(parseXml(svg).root!, 'style');
  for (const { light, dark } of seriesTones.slice(0, 2)) {
    expect(svg).toContain(`fill="${light}"`);
    expect(style!.text).toContain(`[fill="${light}"] { fill: ${dark} }`);
  }
  expect(style!.text).not.toContain(seriesTones[2]!.dark);
});

test('labels of an axis that take much room have it', async () => {
  const values = plot({ series: [{ name: 'a', points: [[0, 0], [1, 2e6]] }] }); // prettier-ignore
  const { root } = parseXml(await plotDocument(values));
  const [labels] = elements(root!, 'g').filter(({ attributes }) => attributes['class'] === 'y-axis-tick-label');
  for (const label of elements(labels!, 'text')) {
    const x = Number(/\((.*),/.exec(label.attributes['transform']!)![1]);
    expect(x - textWidth(label.text, 14)).toBeGreaterThan(0);
  }
});

const suite = hasBrowser ? describe : describe.skip;
suite(`in a browser (${needsBrowser})`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(async () => browser.close());

  /** The file itself, opened as a document. */
  async function openedSvg(svg: string, colorScheme: 'light' | 'dark' = 'light'): Promise<Page> {
    const page = await browser.newPage({ colorScheme });
    await page.goto(`data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`);
    return page;
  }

  test('a figure shows its title, its legend, its axes and its values', async () => {
    const page = await openedSvg(await plotDocument(plot()));
    const texts = await page.evaluate<string[]>(
      '[...document.querySelectorAll("text")].map((each) => each.textContent)',
    );
    expect(texts.slice(0, 3)).toEqual(['Losses', 'ce', 'mse']);
    expect(texts).toEqual(expect.arrayContaining(['step →', '↑ nats', '0.6', '2.4']));
    expect(await page.evaluate('document.querySelector("desc").textContent')).toBe(
      'A note. Bands are two standard errors to each side.',
    );
    await page.close();
  });

  test('no text leaves the picture or lies on another', async () => {
    const names = Array.from({ length: 40 }, (_, index) => ({
      name: `width=${2 ** (index % 9)}, model=${index % 2 === 0 ? 'mlp' : 'transformer'} ${'W'.repeat(index)}`,
      points: [[0, 1e6 * index], [1, 2e6]] as [number, number][], // prettier-ignore
    }));
    const long = {
      title: 'A title that goes on '.repeat(12),
      x: { label: 'steps of training '.repeat(9) },
      y: { label: 'nats' },
    };
    for (const svg of [
      await plotDocument(plot({ ...long, series: names })),
      await plotDocument(plot({ ...long, series: names.slice(0, 8), facets: true })),
    ]) {
      const page = await openedSvg(svg);
      const boxes = await page.evaluate<{ text: string; box: [number, number, number, number] }[]>(
        `[...document.querySelectorAll('text')].map((each) => {
          const { left, top, right, bottom } = each.getBoundingClientRect();
          return { text: each.textContent, box: [left, top, right, bottom] };
        })`,
      );
      const [width, height] = await page.evaluate<[number, number]>(
        '[document.documentElement.width.baseVal.value, document.documentElement.height.baseVal.value]',
      );
      for (const [
        index,
        {
          text,
          box: [left, top, right, bottom],
        },
      ] of boxes.entries()) {
        expect([left >= 0, top >= 0, right <= width, bottom <= height], text).toEqual([true, true, true, true]);
        // Their boxes have room above and below the letters.
        const over = boxes.slice(index + 1).filter(({ box }) => {
          const across = Math.min(right, box[2]) - Math.max(left, box[0]);
          return across > 0 && Math.min(bottom, box[3]) - Math.max(top, box[1]) > 4;
        });
        expect(over, text).toEqual([]);
      }
      await page.close();
    }
  });

  test('paper and letters are light or dark as the reader prefers, and light in print', async () => {
    const svg = await plotDocument(plot({ kind: 'heatmap', series: [{ name: 'a', points: [[0, 0, 1], [1, 0, 9]] }] })); // prettier-ignore
    const rgb = (hex: string) => {
      const full = hex.length === 4 ? hex.replaceAll(/[0-9a-f]/g, '$&$&') : hex;
      return `rgb(${[1, 3, 5].map((at) => Number.parseInt(full.slice(at, at + 2), 16)).join(', ')})`;
    };
    const colors = `[...document.querySelectorAll('rect, text')].map((each) => getComputedStyle(each).fill)`;
    for (const scheme of ['light', 'dark'] as const) {
      const page = await openedSvg(svg, scheme);
      const found = await page.evaluate<string[]>(colors);
      const sheet = scheme === 'light' ? '#fff' : paper.dark;
      expect([found[0], found[1]]).toEqual([rgb(sheet), rgb(ink[scheme])]);
      expect(found).toContain(rgb(seriesTones[0]![scheme]));
      // The value on the field of full colour has that of the paper.
      expect(found.at(-1)).toBe(rgb(sheet));
      await page.emulateMedia({ media: 'print' });
      expect((await page.evaluate<string[]>(colors))[0]).toBe(rgb('#fff'));
      await page.close();
    }
  });

  test('a figure whose texts try to break out runs nothing', async () => {
    const page = await openedSvg(await plotDocument(hostilePlot, { address: hostile }));
    expect(await page.evaluate('window.hacked')).toBeUndefined();
    expect(await page.evaluate('document.querySelector("parsererror")')).toBeNull();
    expect(await page.evaluate('document.title')).toBe(shown);
    await page.close();
  });
});
