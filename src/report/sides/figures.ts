// Figures of several runs: plots of the same stage and output on the same axes, images beside each other.
import type { Artifact, PlotFile } from '../../schema/types.ts';
import type { RecordedStage } from '../../manifest/lineage.ts';
import { count } from '../../manifest/text/number-text.ts';
import { attempt, facetsOf, type Figure, type Figures, imageOf, message, plotOf, type ReadOutput } from '../figures.ts';
import { type FigureOutput, figureOutputs, outputPath } from '../figure-outputs.ts';
import { bounded, mostEntries } from '../bounded.ts';
import { grouped } from '../grouped.ts';
import { type Html, html } from '../html.ts';
import { parsePlot } from '../plot.ts';
import { overlaid } from './overlay.ts';
import { listText, type Side } from './side.ts';

/** An output of one of the runs; null where it has none of that name. */
interface Output {
  readonly label: string;
  readonly found: { readonly stage: RecordedStage; readonly artifact: Artifact } | null;
}

/** An output that no run has a figure of. */
interface Lost {
  readonly address: string;
  readonly reasons: readonly Html[];
}

export interface SideFigures extends Figures {
  readonly lost: readonly Lost[];
}

/** Plots and images of all runs, by stage and output, in the order of the first run that has them. */
export async function sideFigures(runs: readonly Side[], readOutput: ReadOutput): Promise<SideFigures> {
  const drawAll = async (kind: FigureOutput['kind'], draw: typeof plotFigures) =>
    Promise.all(outputsOf(runs, kind).map(([address, outputs]) => draw(address, outputs, readOutput)));
  const [plots, images] = [await drawAll('plot', plotFigures), await drawAll('image', imageFigures)];
  const lost = [...plots, ...images].flatMap((each) => ('reasons' in each ? [each] : []));
  const drawn = plots.flatMap((each) => ('reasons' in each ? [] : [each]));
  // What does not fit on the same axes stands behind, so that those of one output are neighbours.
  const [overlays, apart] = [drawn.filter(({ length }) => length === 1), drawn.filter(({ length }) => length > 1)];
  return {
    plots: [...overlays, ...apart].flat(),
    images: images.flatMap((each) => ('reasons' in each ? [] : each)),
    lost,
  };
}

function outputsOf(runs: readonly Side[], wanted: FigureOutput['kind']): [address: string, outputs: Output[]][] {
  const found = new Map<string, Output[]>();
  for (const [run, { manifest }] of runs.entries()) {
    for (const { address, kind, stage, artifact } of figureOutputs(manifest)) {
      if (kind !== wanted) continue;
      const outputs = found.get(address) ?? runs.map(({ label }) => ({ label, found: null }));
      outputs[run] = { label: outputs[run]!.label, found: { stage, artifact } };
      found.set(address, outputs);
    }
  }
  return [...found];
}

interface Read<Content> {
  /** Runs that have it, and what they have; runs with the same bytes together. */
  readonly contents: readonly { readonly labels: readonly string[]; readonly content: Content }[];
  /** Of the other runs: why nothing is shown. */
  readonly reasons: readonly Html[];
}

/** @param parse What the bytes are, or what is wrong with them */
async function readAll<Content extends object>(
  address: string,
  outputs: readonly Output[],
  readOutput: ReadOutput,
  parse: (bytes: Uint8Array, path: string, label: string) => Content | string,
): Promise<Read<Content>> {
  const contents = new Map<string, { labels: string[]; content: Content }>();
  const reasons: Html[] = [];
  for (const { label, found } of outputs) {
    if (found === null) {
      reasons.push(html`<p class="quiet">${label} has no output <code>${address}</code>.</p>`);
      continue;
    }
    const { stage, artifact } = found;
    const known = contents.get(artifact.digest);
    if (known !== undefined) {
      known.labels.push(label);
      continue;
    }
    const path = outputPath(stage, artifact);
    const bytes = await attempt(() => readOutput(stage, artifact));
    const content = typeof bytes === 'string' ? `${path} cannot be read: ${bytes}` : parse(bytes, path, label);
    if (typeof content === 'string') reasons.push(message(`${label}: ${content}`).content);
    else contents.set(artifact.digest, { labels: [label], content });
  }
  return { contents: [...contents.values()], reasons };
}

async function plotFigures(
  address: string,
  outputs: readonly Output[],
  readOutput: ReadOutput,
): Promise<Figure[] | Lost> {
  const { contents, reasons } = await readAll<PlotFile>(address, outputs, readOutput, (bytes, path) => {
    const plot = parsePlot(Buffer.from(bytes).toString('utf8'));
    return typeof plot === 'string' ? `${path} cannot be drawn: ${plot}` : plot;
  });
  if (contents.length === 0) return { address, reasons };
  const frames = contents.flatMap(({ labels, content }) =>
    facetsOf(content).map(({ plot, facet }) => ({ labels, plot, facet })),
  );
  const figures = await Promise.all(
    grouped(frames, ({ facet }) => facet).map(([facet, same]) => frameFigures(`${address}${facet}`, same)),
  );
  return figures.flat().map((figure, index) => withReasons(figure, address, index === 0 ? reasons : []));
}

interface Frame {
  /** Runs that have the same plot. */
  readonly labels: readonly string[];
  readonly plot: PlotFile;
}

/** The plots of several runs on the same axes; where they do not fit there, each alone. */
async function frameFigures(name: string, frames: readonly Frame[]): Promise<Figure[]> {
  const [first] = frames as readonly [Frame];
  if (frames.length === 1) {
    const figure = await plotOf(first.plot, name);
    const of = html`<p class="quiet">${first.labels.length > 1 ? 'The same in ' : ''}${listText(first.labels)}</p>`;
    return [withReasons(figure, null, [of])];
  }
  const named = frames.map(({ labels, plot }) => ({ label: listText(labels), plot }));
  const { plot, reason } = overlaid(named);
  if (plot !== undefined) return [await plotOf(plot, name)];
  const apart = reason === undefined ? [] : [html`<p class="message">Not on the same axes: ${reason}.</p>`];
  return Promise.all(
    named.map(async ({ label, plot }, index) =>
      withReasons(await plotOf({ ...plot, title: `${plot.title}, ${label}` }, name), null, index === 0 ? apart : []),
    ),
  );
}

async function imageFigures(
  address: string,
  outputs: readonly Output[],
  readOutput: ReadOutput,
): Promise<Figure[] | Lost> {
  const { contents, reasons } = await readAll<Figure>(
    address,
    outputs,
    readOutput,
    (bytes, path, label) => imageOf(bytes, `${address}, ${label}`) ?? `${path} is not a PNG image`,
  );
  if (contents.length === 0) return { address, reasons };
  const isOne = contents.length === 1;
  const title = contents.find(({ content }) => content.title !== undefined)?.content.title;
  const content = html`${title === undefined ? html`<h3><code>${address}</code></h3>` : null}
    <div class="beside">
      ${contents.map(
        ({ labels, content }) =>
          html`<div class="side">
            <p class="run">${isOne && labels.length > 1 ? `The same in ${listText(labels)}` : listText(labels)}</p>
            ${content.content}
          </div>`,
      )}
    </div>`;
  return [withReasons({ content, title: title ?? address, name: address }, address, reasons)];
}

/** @param address Of the output; null where that is said elsewhere */
function withReasons(figure: Figure, address: string | null, reasons: readonly Html[]): Figure {
  const source = address === null ? null : html`<p class="source"><code>${address}</code></p>`;
  return { ...figure, content: html`${figure.content} ${reasons} ${source}` };
}

/** What there is no figure of, and why; null where that is nothing. */
export function lostFigures(lost: readonly Lost[]): Html | null {
  if (lost.length === 0) return null;
  const { shown, note } = bounded(lost, mostEntries, 'the manifests have them.');
  return html`<details class="series">
    <summary>${count(lost.length, 'output')}</summary>
    ${note}
    ${shown.map(
      ({ address, reasons }) =>
        html`<h4><code>${address}</code></h4>
          ${reasons}`,
    )}
  </details>`;
}

/** Figures of a page at most; the others are named. */
const mostFigures = 200;

/** The first figures, and a note on the others. */
export function firstFigures(figures: readonly Figure[]): { shown: readonly Figure[]; note: Html | null } {
  const left = figures.length - mostFigures;
  if (left <= 0) return { shown: figures, note: null };
  const note = html`<p class="left-out">
    ${count(left, 'more figure')} are left out here: repro report has those of one run.
  </p>`;
  return { shown: figures.slice(0, mostFigures), note };
}
