// A stage's `.plot.json` as a line chart: `{ title, x: { label, log? }, y: { label, log? }, series, note? }`.
import { visibleText } from '../manifest/text/visible-text.ts';
import { SvgDocument } from './svg-document.ts';

export interface PlotAxis {
  readonly label: string;
  readonly log?: boolean;
}

/** `[x, y]` or `[x, y, standard error of y]`. */
export type PlotPoint = readonly [number, number] | readonly [number, number, number];

export interface PlotFile {
  readonly title: string;
  readonly x: PlotAxis;
  readonly y: PlotAxis;
  readonly series: readonly { readonly name: string; readonly points: readonly PlotPoint[] }[];
  readonly note?: string;
}

/** The plot in a file's text, or a sentence that says why it is not one. */
export function parsePlot(text: string): PlotFile | string {
  let plot: unknown;
  try {
    plot = JSON.parse(text);
  } catch {
    return 'it is not JSON';
  }
  if (!isObject(plot)) return 'it is not an object';
  const { title, x, y, series, note, ...others } = plot;
  const unknown = Object.keys(others);
  if (unknown.length > 0) return `it has the unknown key "${unknown[0]}"`;
  if (typeof title !== 'string') return '"title" is not a text';
  if (note !== undefined && typeof note !== 'string') return '"note" is not a text';
  for (const [name, axis] of Object.entries({ x, y })) {
    if (!isObject(axis) || typeof axis.label !== 'string') return `"${name}" has no text "label"`;
    if (axis.log !== undefined && typeof axis.log !== 'boolean') return `"${name}.log" is not true or false`;
  }
  if (!Array.isArray(series) || series.length === 0) return '"series" is not a list of at least one series';
  const log = [isObject(x) && x.log === true, isObject(y) && y.log === true];
  for (const [index, entry] of (series as unknown[]).entries()) {
    if (!isObject(entry) || typeof entry.name !== 'string') return `"series[${index}]" has no text "name"`;
    if (!Array.isArray(entry.points) || entry.points.length === 0) return `series "${entry.name}" has no points`;
    for (const [at, point] of (entry.points as unknown[]).entries()) {
      const where = `point ${at} of series "${entry.name}"`;
      if (!Array.isArray(point) || point.length < 2 || point.length > 3)
        return `${where} is not [x, y] or [x, y, error]`;
      if (!point.every((value) => typeof value === 'number' && Number.isFinite(value))) {
        return `${where} holds something that is not a finite number`;
      }
      if (log.some((isLog, axis) => isLog && (point as number[])[axis]! <= 0)) {
        return `${where} is not positive on a logarithmic axis`;
      }
      if (((point as number[])[2] ?? 0) < 0) return `${where} has a negative standard error`;
    }
  }
  return plot as unknown as PlotFile;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Colors are variables of the page's style sheet, so that one drawing serves light and dark; dashes serve print. */
export const seriesColors = [1, 2, 3, 4, 5, 6].map((index) => `var(--series-${index})`);
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '1 2', '12 4'];
/** Above this many points, dots would hide the line. */
const mostDots = 60;

export function seriesStyle(index: number): { color: string; dash: string } {
  return { color: seriesColors[index % seriesColors.length]!, dash: dashes[index % dashes.length]! };
}

/** Draws a plot as SVG markup. Bands are two standard errors to each side. */
export async function drawPlot(plot: PlotFile): Promise<string> {
  const Plot = await import('@observablehq/plot');
  // A band reaching to zero or below has no place on a logarithmic axis: it ends at the lowest value shown.
  const points = plot.series.flatMap((series) => series.points);
  const floor = plot.y.log ? points.reduce((least, point) => Math.min(least, point[1]), Infinity) : -Infinity;

  const marks = plot.series.flatMap(({ points }, index) => {
    const { color, dash } = seriesStyle(index);
    const banded = points.filter((point) => point.length === 3);
    return [
      Plot.areaY(banded, {
        x: (point: PlotPoint) => point[0],
        y1: (point: PlotPoint) => Math.max(floor, point[1] - 2 * (point[2] ?? 0)),
        y2: (point: PlotPoint) => point[1] + 2 * (point[2] ?? 0),
        fill: color,
        fillOpacity: 0.16,
      }),
      Plot.lineY(points, { x: '0', y: '1', stroke: color, strokeWidth: 1.8, strokeDasharray: dash }),
      ...(points.length <= mostDots ? [Plot.dot(points, { x: '0', y: '1', fill: color, r: 2.2 })] : []),
    ];
  });
  const axis = ({ label, log }: PlotAxis) =>
    log
      ? { label: visibleText(label), type: 'log' as const, grid: true, tickFormat: decadeText }
      : { label: visibleText(label), type: 'linear' as const, grid: true };
  const drawn = Plot.plot({
    document: new SvgDocument() as never,
    width: 640,
    height: 400,
    marginLeft: 58,
    marginBottom: 42,
    x: { ...axis(plot.x), nice: !plot.x.log },
    y: { ...axis(plot.y), nice: true },
    style: 'font-size: 12px; font-family: inherit; background: none',
    marks,
  });
  return drawn.outerHTML;
}

/** Labels of a logarithmic axis: decades only, the ticks between speak for themselves. */
function decadeText(value: number): string {
  const exponent = Math.round(Math.log10(value));
  if (Math.abs(value / 10 ** exponent - 1) > 1e-9) return '';
  return exponent >= -4 && exponent <= 5 ? String(Number((10 ** exponent).toPrecision(1))) : `1e${exponent}`;
}
