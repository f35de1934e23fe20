// Figures of a report: outputs that are PNG images, and outputs that are plots.
import type { Artifact, Manifest, PlotFile } from '../schema/types.ts';
import type { RecordedStage } from '../manifest/lineage.ts';
import { type Html, html, trusted } from './html.ts';
import { drawPlot, parsePlot, seriesStyle } from './plot.ts';

/** Reads the bytes of a stage's output, checked against its digest. Throws where they are gone. */
export type ReadOutput = (stage: RecordedStage, artifact: Artifact) => Promise<Uint8Array>;

const plotSuffix = '.plot.json';

/** Plots, then images, in the order of the stages; null without any. An output that cannot be shown says why in its place. */
export async function figures(manifest: Manifest, readOutput: ReadOutput): Promise<Html | null> {
  const plots: Promise<Html>[] = [];
  const images: Promise<Html>[] = [];
  for (const stage of manifest.stages) {
    for (const [name, artifact] of Object.entries(stage.record?.outputs ?? {})) {
      const path = stage.published === undefined ? artifact.path : `${stage.published}/${artifact.path}`;
      const figure = async (show: (bytes: Uint8Array, path: string) => Promise<Html>) => {
        let content: Html;
        try {
          content = await show(await readOutput(stage as RecordedStage, artifact), path);
        } catch (error) {
          content = message(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
        }
        return html`<figure>
          ${content}
          <p class="source"><code>${stage.id}.${name}</code></p>
        </figure>`;
      };
      if (artifact.path.endsWith(plotSuffix)) plots.push(figure(plotFigure));
      else if (artifact.path.endsWith('.png')) images.push(figure(imageFigure));
    }
  }
  if (plots.length + images.length === 0) return null;
  return html`<div class="figures">${await Promise.all(plots)}</div>
    <div class="figures images">${await Promise.all(images)}</div>`;
}

async function plotFigure(bytes: Uint8Array, path: string): Promise<Html> {
  const plot = parsePlot(Buffer.from(bytes).toString('utf8'));
  return typeof plot === 'string' ? message(`${path} cannot be drawn: ${plot}`) : plotOf(plot);
}

/** A plot with its title and legend. */
export async function plotOf(plot: PlotFile): Promise<Html> {
  const errors = plot.series.some((series) => series.points.some((point) => point.length === 3));
  const drawing = await drawPlot(plot);
  return html`<h3>${plot.title}</h3>
    <ul class="legend">
      ${plot.series.map(({ name }, index) => html`<li>${swatch(index)} ${name}</li>`)}
    </ul>
    <div class="plot">${trusted(drawing)}</div>
    <figcaption>${plot.note ?? null}${errors ? ' Bands are two standard errors to each side.' : null}</figcaption>`;
}

function swatch(index: number): Html {
  const { color, dash } = seriesStyle(index);
  return html`<svg class="swatch" viewBox="0 0 26 8" aria-hidden="true">
    <line x1="0" y1="4" x2="26" y2="4" stroke="${color}" stroke-width="2.2" stroke-dasharray="${dash}" />
  </svg>`;
}

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

async function imageFigure(bytes: Uint8Array, path: string): Promise<Html> {
  if (!pngSignature.every((byte, index) => bytes[index] === byte)) return message(`${path} is not a PNG image`);
  const data = Buffer.from(bytes);
  const [width, height] = [data.readUInt32BE(16), data.readUInt32BE(20)];
  return html`<img
    src="data:image/png;base64,${data.toString('base64')}"
    width="${width}"
    height="${height}"
    alt=""
    ${width < 300 ? html`class="small"` : null}
  />`;
}

function message(text: string): Html {
  return html`<p class="message">${text}</p>`;
}
