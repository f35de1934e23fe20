// A figure as an SVG file of its own: title, legend and frames on a sheet of paper, light or dark as its reader prefers.
// It has no variables of style sheets: most programs that turn SVG into PDF know none, and show the light figure.
import type { PlotFile } from '../schema/types.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { html as markup, trusted } from './html.ts';
import { linesOf, shortened, textWidth } from './letter-width.ts';
import { ink, paper, paperVariable, sansFonts, seriesTones, seriesVariable, type TwoTone } from './palette.ts';
import { shapeMarkup, swatchBox, swatchShapes } from './swatch.ts';

/** A picture in the figure. */
export interface FigureFrame {
  /** What stands above it, where there are several. */
  readonly name?: string;
  /** An `<svg>` element of this size. */
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}

export interface FigureParts {
  readonly title: string;
  /** For who cannot see it, and for programs. */
  readonly description: string;
  readonly kind: NonNullable<PlotFile['kind']>;
  /** Of the series, where there is a legend. */
  readonly names: readonly string[];
  /** At least one, all of a size. */
  readonly frames: readonly FigureFrame[];
  /** What programs can read of where it comes from. */
  readonly metadata?: object;
}

const padding = 16;
const title = { size: 16, line: 22, most: 4 };
const legend = { size: 13, line: 20, gap: 22 };
const frameName = { size: 14, line: 22 };
const gap = 24;

/** Beyond six, three frames stand side by side, so that the figure has the shape of a page. */
const columnsOf = (frames: number): number => (frames === 1 ? 1 : frames <= 6 ? 2 : 3);

/** The file. The same parts give the same bytes. */
export function figureDocument({ title, description, kind, names, frames, metadata }: FigureParts): string {
  const [{ width: frameWidth }] = frames as readonly [FigureFrame];
  const columns = columnsOf(frames.length);
  const width = columns * frameWidth + (columns - 1) * gap;
  const heading = titleBlock(title, width);
  const key = legendBlock(names, kind, heading.height, width);
  const drawn = frameGrid(frames, columns, heading.height + key.height);
  const height = heading.height + key.height + drawn.height + padding / 2;
  const ground = `<rect width="${width}" height="${height}" fill="var(${paperVariable})" />`;
  const body = fixedColors([ground, ...heading.content, ...key.content, ...drawn.content].join('\n'));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="repro-figure" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" fill="currentColor" color="${ink.light}" font-family="${sansFonts.replaceAll('"', "'")}">`,
    markup`<title>${title}</title>`.text,
    ...(description === '' ? [] : [markup`<desc>${description}</desc>`.text]),
    ...(metadata === undefined ? [] : [`<metadata>\n${jsonText(metadata)}\n</metadata>`]),
    `<style>${darkStyle(body)}</style>`,
    // A line for each group: two figures can be compared as texts.
    body.replaceAll('><g ', '>\n<g '),
    '</svg>\n',
  ].join('\n');
}

/** What stands below what was there before, and how much room it takes. */
interface Block {
  readonly content: readonly string[];
  readonly height: number;
}

function titleBlock(text: string, width: number): Block {
  const { size, line, most } = title;
  const broken = linesOf(visibleText(text), 1.08 * size, width - 2 * padding, most);
  const content = broken.map((each, index) =>
    textAt(each, padding, padding + size + index * line - 2, `font-size="${size}" font-weight="600"`),
  );
  return { content, height: padding + broken.length * line + 4 };
}

/** Names after their pieces of line, in rows. */
function legendBlock(names: readonly string[], kind: FigureParts['kind'], top: number, width: number): Block {
  const { size, line, gap } = legend;
  const right = width - padding;
  let [x, row] = [padding, 0];
  const content = names.map((name, index) => {
    const shown = shortened(visibleText(name), size, right - padding - swatchBox.width - 6);
    const entry = swatchBox.width + 6 + textWidth(shown, size);
    if (x > padding && x + entry > right) [x, row] = [padding, row + 1];
    const y = top + row * line + line / 2;
    const place = `translate(${round(x - swatchBox.x)},${y})`;
    const text = textAt(shown, round(x + swatchBox.width + 6), y + size * 0.36, `font-size="${size}"`);
    x += entry + gap;
    return `<g transform="${place}">${swatchShapes(index, kind).map(shapeMarkup).join('')}</g>${text}`;
  });
  return { content, height: names.length === 0 ? 0 : (row + 1) * line + 8 };
}

function frameGrid(frames: readonly FigureFrame[], columns: number, top: number): Block {
  const [{ width, height }] = frames as readonly [FigureFrame];
  const above = frames.length > 1 ? frameName.line : 0;
  const step = above + height + (frames.length > 1 ? gap / 2 : 0);
  const content = frames.map(({ name = '', svg }, index) => {
    const [x, y] = [(index % columns) * (width + gap), top + Math.floor(index / columns) * step];
    const { size } = frameName;
    const shown = shortened(visibleText(name), 1.08 * size, width - 2 * padding);
    const text = above === 0 ? '' : textAt(shown, x + padding, y + size, `font-size="${size}" font-weight="600"`);
    return `${text}<g transform="translate(${x},${y + above})">${svg}</g>`;
  });
  return { content, height: Math.ceil(frames.length / columns) * step };
}

const textAt = (text: string, x: number, y: number, attributes: string): string =>
  markup`<text x="${round(x)}" y="${round(y)}" ${trusted(attributes)}>${text}</text>`.text;

const round = (place: number): number => Math.round(place * 100) / 100;

/** White, as what it will be printed on or pasted into. */
const sheet: TwoTone = { ...paper, light: '#fff' };

/** Colours of a figure by the variables that a page's style sheet has them in. */
const tones: readonly (readonly [variable: string, tone: TwoTone])[] = [
  [paperVariable, sheet],
  ...seriesTones.map((tone, index) => [seriesVariable(index), tone] as const),
];

/** Attributes that name a variable, with its colour on light paper. */
function fixedColors(svg: string): string {
  return tones.reduce(
    (text, [variable, { light }]) =>
      text.replaceAll(new RegExp(`(?<= (?:fill|stroke)=")var\\(${variable}\\)(?=")`, 'g'), light),
    svg,
  );
}

/** The colours that a figure has, on dark paper. A printer's paper is light. */
function darkStyle(body: string): string {
  const rules = tones.flatMap(([, { light, dark }]) =>
    ['fill', 'stroke']
      .filter((paint) => body.includes(` ${paint}="${light}"`))
      .map((paint) => `.repro-figure [${paint}="${light}"] { ${paint}: ${dark} }`),
  );
  const all = [`svg.repro-figure { color: ${ink.dark} }`, ...rules];
  return `\n@media screen and (prefers-color-scheme: dark) {\n${all.map((rule) => `  ${rule}\n`).join('')}}\n`;
}

/** JSON that is text of an XML element as it is: what XML cannot have there is written as JSON can have it. */
function jsonText(document: object): string {
  const lines = JSON.stringify(document, null, 2).split('\n').map(visibleText).join('\n');
  return lines.replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`);
}
