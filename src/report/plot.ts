// A stage's `.plot.json` (schemas/plot.schema.json) as a line chart.
import type { ErrorObject } from 'ajv';
import { visibleText } from '../manifest/text/visible-text.ts';
import type { PlotAxis, PlotFile, PlotPoint } from '../schema/types.ts';
import { validate_plot } from '../schema/validators.js';
import { SvgDocument } from './svg-document.ts';

/** The plot in a file's text, or a sentence that says what is wrong with it and where. */
export function parsePlot(text: string): PlotFile | string {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    return `it is not JSON: ${(error as Error).message}`;
  }
  if (!validate_plot(content)) return describe(validate_plot.errors![0]!, content);
  const plot = content as PlotFile;
  return findNotPositive(plot) ?? plot;
}

/** What no schema can say: a logarithmic axis shows positive values alone. */
function findNotPositive({ x, y, series }: PlotFile): string | null {
  for (const [s, { points }] of series.entries()) {
    for (const [p, point] of points.entries()) {
      for (const [axis, { log }] of [x, y].entries()) {
        if (log && point[axis]! <= 0) {
          return `series[${s}].points[${p}][${axis}] is ${point[axis]}: a logarithmic axis shows numbers above 0`;
        }
      }
    }
  }
  return null;
}

/** `series[0].points[2][1]` of `/series/0/points/2/1`, and the value there. */
function locate(pointer: string, content: unknown): { place: string; value: unknown } {
  let [place, value] = ['', content];
  for (const key of pointer.split('/').slice(1)) {
    place += /^\d+$/.test(key) ? `[${key}]` : place === '' ? key : `.${key}`;
    value = (value as Record<string, unknown>)[key];
  }
  return { place: place === '' ? 'it' : place, value };
}

function describe({ instancePath, keyword, params, message }: ErrorObject, content: unknown): string {
  const { place, value } = locate(instancePath, content);
  const detail = params as { missingProperty?: string; additionalProperty?: string; type?: string };
  switch (keyword) {
    case 'required':
      return `${place} lacks "${detail.missingProperty}"`;
    case 'additionalProperties':
      return `${place} has the unknown key "${detail.additionalProperty}"`;
    case 'contains':
      return `${place} is empty: at least one is needed`;
    case 'minItems':
    case 'maxItems':
    case 'additionalItems':
      return `${place} is ${shown(value)}: a point is [x, y] or [x, y, standard error of y]`;
    default:
      return `${place} is ${shown(value)} and ${message}`;
  }
}

/** A value as its file has it, or the beginning of a long one; JSON reads a number that is too large as infinite. */
function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** Colors are variables of the page's style sheet, so that one drawing serves light and dark; dashes serve print. */
export const seriesColors = [1, 2, 3, 4, 5, 6].map((index) => `var(--series-${index})`);
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '1 2', '12 4'];
/** Above this many points, dots would hide the line. */
const mostDots = 60;

/** Color and dash pattern of the series at `index`, in the drawing and in its legend. */
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
