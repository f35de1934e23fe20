// A number over runs, drawn when it is chosen: as the page draws those that are there from the beginning.
import type { PlotFile } from '../../schema/types.ts';
import type { FigureData } from '../figures.ts';
import { captionText } from '../plot-caption.ts';
import { markPath, seriesStyle } from '../series-style.ts';
import { wideEnds } from '../wide-ends.ts';
import { element, svgElement } from '../../dom/element.ts';
import { legendLine } from './legend.ts';
import { placeOf } from './place.ts';

const [left, right, top, bottom] = [58, 620, 26, 358];

/** Axes are without ticks: who opens the chart draws them. */
export function historyFigure(plot: PlotFile): { figure: HTMLElement; data: FigureData } {
  const all = plot.series.flatMap(({ points }) => points);
  const ends = all.flatMap(([, y, error = 0]) => [y - 2 * error, y + 2 * error]);
  const [least, most] = [Math.min(...ends), Math.max(...ends)];
  const xs = all.map(([x]) => x);
  const data: FigureData = {
    name: plot.title,
    kind: 'lines',
    x: { ...plot.x, domain: wideEnds(Math.min(...xs), Math.max(...xs)), range: [left, right] },
    y: { ...plot.y, domain: wideEnds(least, most), range: [bottom, top] },
    series: plot.series,
  };
  const svg = svgElement(
    'svg',
    { viewBox: '0 0 640 400', fill: 'currentColor', 'text-anchor': 'middle', role: 'img', 'aria-label': plot.title },
    ...axis('y', { 'text-anchor': 'end', transform: 'translate(-9,0)' }),
    svgElement('text', { x: '3', y: '10', 'text-anchor': 'start' }, `↑ ${plot.y.label}`),
    ...axis('x', { transform: 'translate(0,9)' }),
    svgElement('text', { x: '637', y: '397', 'text-anchor': 'end' }, `${plot.x.label} →`),
    ...plot.series.flatMap((series, index) => drawn(series.points, index, data)),
  );
  const figure = element(
    'figure',
    {},
    element('h3', {}, plot.title),
    element('ul', { class: 'legend' }, ...plot.series.map(({ name }, index) => legendLine(name, index, true))),
    element('div', { class: 'plot' }, svg),
    element('figcaption', {}, captionText(plot)),
  );
  return { figure, data };
}

function axis(name: 'x' | 'y', labels: Readonly<Record<string, string>>): SVGElement[] {
  return [
    svgElement('g', { class: `${name}-grid`, stroke: 'currentColor', 'stroke-opacity': '0.1', 'aria-hidden': 'true' }),
    svgElement('g', { class: `${name}-axis-tick`, stroke: 'currentColor', 'aria-hidden': 'true' }),
    svgElement('g', { class: `${name}-axis-tick-label`, ...labels }),
  ];
}

function drawn(points: PlotFile['series'][number]['points'], index: number, { x, y }: FigureData): SVGElement[] {
  const { color, dash, mark } = seriesStyle(index);
  const at = ([run, value]: readonly [number, number, number?]) =>
    `${placeOf(run, x.domain, x.range)},${placeOf(value, y.domain, y.range)}`;
  const banded = points.filter((point) => point.length === 3);
  const band = [
    ...banded.map(([run, value, error]) => at([run, value + 2 * error!])),
    ...banded.map(([run, value, error]) => at([run, value - 2 * error!])).reverse(),
  ];
  return [
    svgElement(
      'g',
      // A band of one point has no width.
      { class: 'area', fill: color, 'fill-opacity': '0.16', ...(banded.length === 1 && { stroke: color }) },
      svgElement('path', { d: band.length > 0 ? `M${band.join('L')}Z` : '' }),
    ),
    svgElement(
      'g',
      { class: 'line', fill: 'none', stroke: color, 'stroke-width': '1.8', 'stroke-dasharray': dash },
      svgElement('path', { d: `M${points.map(at).join('L')}` }),
    ),
    svgElement(
      'g',
      { class: 'dot', ...(mark.isFilled ? { fill: color } : { fill: 'none', stroke: color }) },
      ...points.map((point) => svgElement('path', { transform: `translate(${at(point)})`, d: markPath(mark, 3) })),
    ),
  ];
}
