// Figures of a report: outputs that are PNG images, and outputs that are plots.
import type { Artifact, Manifest, PlotAxis, PlotFile } from '../schema/types.ts';
import type { RecordedStage } from '../manifest/lineage.ts';
import type { ContentsEntry } from './contents.ts';
import { figureOutputs } from './figure-outputs.ts';
import { type Html, html, trusted } from './html.ts';
import { type DrawnAxis, drawPlot, parsePlot } from './plot.ts';
import { captionText } from './plot-caption.ts';
import { captionOf } from './png-caption.ts';
import { shapeMarkup, swatchBox, swatchShapes } from './swatch.ts';

/** Reads the bytes of a stage's output, checked against its digest. Throws where they are gone. */
export type ReadOutput = (stage: RecordedStage, artifact: Artifact) => Promise<Uint8Array>;

/** What the page's script knows of a plot: its points, and where they are in the picture. */
export interface FigureData {
  /** What its files are called when they are downloaded. */
  readonly name: string;
  readonly kind: NonNullable<PlotFile['kind']>;
  readonly x: PlotAxis & DrawnAxis;
  readonly y: PlotAxis & DrawnAxis;
  readonly series: PlotFile['series'];
  /** What is told of a value of x, where that is more than its name on the axis. */
  readonly notes?: readonly string[];
}

/** A figure in the page: one with a title is named in the contents, one with data answers the pointer. */
export interface Figure {
  readonly content: Html;
  readonly title?: string;
  /** Tells it from others of its title. */
  readonly name?: string;
  readonly data?: FigureData;
}

export interface Figures {
  readonly plots: readonly Figure[];
  readonly images: readonly Figure[];
}

/** Plots and images, in the order of the stages. An output that cannot be shown says why in its place. */
export async function figures(manifest: Manifest, readOutput: ReadOutput): Promise<Figures> {
  const plots: Promise<Figure[]>[] = [];
  const images: Promise<Figure[]>[] = [];
  for (const { address, kind, path, stage, artifact } of figureOutputs(manifest)) {
    const drawn = async (show: typeof plotFigures) => {
      const found = await attempt(async () => show(await readOutput(stage, artifact), path, address));
      const shown = typeof found === 'string' ? [message(`${path} cannot be read: ${found}`)] : found;
      return shown.map((figure) => ({
        ...figure,
        content: html`${figure.content}
          <p class="source"><code>${address}</code></p>`,
      }));
    };
    if (kind === 'plot') plots.push(drawn(plotFigures));
    else images.push(drawn(imageFigure));
  }
  return { plots: (await Promise.all(plots)).flat(), images: (await Promise.all(images)).flat() };
}

/** What was asked for, or why it is not to be had. */
export async function attempt<Result extends object>(read: () => Promise<Result>): Promise<Result | string> {
  try {
    return await read();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function plotFigures(bytes: Uint8Array, path: string, address: string): Promise<Figure[]> {
  const plot = parsePlot(Buffer.from(bytes).toString('utf8'));
  if (typeof plot === 'string') return [message(`${path} cannot be drawn: ${plot}`)];
  return Promise.all(facetsOf(plot).map(({ plot, facet }) => plotOf(plot, `${address}${facet}`)));
}

/** The frames of a plot: one, or one for each series. `facet` is what the name of its address ends with. */
export function facetsOf(plot: PlotFile): { readonly plot: PlotFile; readonly facet: string }[] {
  if (plot.facets !== true) return [{ plot, facet: '' }];
  return plot.series.map((series) => ({
    plot: { ...plot, title: `${plot.title}: ${series.name}`, series: [series] },
    facet: `.${series.name}`,
  }));
}

/** A plot with its title and legend. @param name What its files are called when they are downloaded */
export async function plotOf(plot: PlotFile, name: string): Promise<Figure> {
  const { kind = 'lines' } = plot;
  const { svg, x, y } = await drawPlot(plot);
  const content = html`<h3>${plot.title}</h3>
    ${
      kind === 'heatmap'
        ? null
        : html`<ul class="legend">
            ${plot.series.map(({ name }, index) => html`<li>${swatch(index, kind)} ${name}</li>`)}
          </ul>`
    }
    <div class="plot">${trusted(svg)}</div>
    <figcaption>${captionText(plot)}</figcaption>`;
  const data = { name, kind, x: { ...plot.x, ...x }, y: { ...plot.y, ...y }, series: plot.series };
  return { content, title: plot.title, name, data };
}

function swatch(index: number, kind: FigureData['kind']): Html {
  const { x, y, width, height } = swatchBox;
  const shapes = trusted(swatchShapes(index, kind).map(shapeMarkup).join(''));
  return html`<svg class="swatch" viewBox="${[x, y, width, height].join(' ')}" aria-hidden="true">${shapes}</svg>`;
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

async function imageFigure(bytes: Uint8Array, path: string, address: string): Promise<Figure[]> {
  const image = imageOf(bytes, address);
  return [image === null ? message(`${path} is not a PNG image`) : { ...image, name: address }];
}

/** An image as it is in the page, with its caption; null where the bytes are none. */
export function imageOf(bytes: Uint8Array, alt: string): Pick<Figure, 'content' | 'title'> | null {
  const isImage = bytes.length > 24 && pngSignature.every((byte, index) => bytes[index] === byte);
  if (!isImage) return null;
  const data = Buffer.from(bytes);
  const [width, height] = [data.readUInt32BE(16), data.readUInt32BE(20)];
  const { title, description } = captionOf(bytes);
  const content = html`${title === undefined ? null : html`<h3>${title}</h3>`}<img
      src="data:image/png;base64,${data.toString('base64')}"
      width="${width}"
      height="${height}"
      alt="${alt}"
      ${width < 300 ? html`class="small"` : null}
    />${description === undefined ? null : html`<figcaption>${description}</figcaption>`}`;
  return { content, ...(title !== undefined && { title }) };
}

export function message(text: string): Figure {
  return { content: html`<p class="message">${text}</p>` };
}

/** Figures of one title, of several cells of a stage, are told apart by their cells. */
export function figureEntries(list: readonly Figure[], first: number): ContentsEntry[] {
  const repeated = new Set(list.map(({ title }) => title).filter((title, i, all) => all.indexOf(title) !== i));
  return list.flatMap(({ title, name }, index) => {
    if (title === undefined) return [];
    const axes = repeated.has(title) ? /\[(.*?)\]/.exec(name ?? '')?.[1] : undefined;
    return [{ id: figureAnchor(first + index), title: axes === undefined ? title : `${title}, ${axes}` }];
  });
}

/** Figures of a section, numbered from `first` on, as far as its contents and its data go. */
export function figureGrid(list: readonly Figure[], first: number, kind: 'plots' | 'images' | 'pairs'): Html {
  return html`<div class="figures ${kind}">
    ${list.map(({ content }, index) => html`<figure id="${figureAnchor(first + index)}">${content}</figure>`)}
  </div>`;
}

export const figureAnchor = (index: number): string => `figure-${index + 1}`;
