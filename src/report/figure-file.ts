// A plot as a file of its own, for a paper or a page of documentation.
import type { PlotFile } from '../schema/types.ts';
import { figureDocument } from './figure-document.ts';
import { facetsOf } from './figures.ts';
import { drawPlot, wholeSize } from './plot.ts';
import { captionText } from './plot-caption.ts';

/** Of one of several frames: its letters are as large as those of a plot that stands alone. */
const facetSize = { width: 420, height: 280 } as const;

/**
 * An SVG document, the same whenever and wherever it is drawn.
 * @param metadata Where the plot comes from
 */
export async function plotDocument(plot: PlotFile, metadata?: object): Promise<string> {
  const { kind = 'lines', title, series } = plot;
  const facets = facetsOf(plot);
  const isAlone = facets.length === 1;
  const size = isAlone ? wholeSize : facetSize;
  const frames = await Promise.all(
    facets.map(async ({ plot }) => ({ name: plot.series[0]!.name, svg: (await drawPlot(plot, size)).svg, ...size })),
  );
  const hasLegend = isAlone && kind !== 'heatmap';
  return figureDocument({
    title,
    description: captionText(plot),
    kind,
    names: hasLegend ? series.map(({ name }) => name) : [],
    frames,
    ...(metadata !== undefined && { metadata }),
  });
}
