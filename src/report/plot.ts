// A stage's `.plot.json` (schemas/plot.schema.json) as a line chart.
import type { Scale, ScaleOptions } from '@observablehq/plot';
import type { ErrorObject } from 'ajv';
import { visibleText } from '../manifest/text/visible-text.ts';
import type { PlotAxis, PlotFile, PlotPoint } from '../schema/types.ts';
import { validate_plot } from '../schema/validators.js';
import { logTickText } from './log-ticks.ts';
import { seriesStyle, type SeriesStyle } from './series-style.ts';
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

/** Above this many points, marks at each would hide the line: so many of them are shown. */
const mostMarks = 60;
const fewMarks = 9;

/** The coordinates that the ends of an axis have in the picture. */
export interface DrawnAxis {
  readonly domain: readonly [number, number];
  readonly range: readonly [number, number];
}

export interface DrawnPlot {
  readonly svg: string;
  readonly x: DrawnAxis;
  readonly y: DrawnAxis;
}

/** Draws a plot as SVG markup. Bands are two standard errors to each side. */
export async function drawPlot(plot: PlotFile): Promise<DrawnPlot> {
  const Plot = await import('@observablehq/plot');
  // A band reaching to zero or below has no place on a logarithmic axis: it ends at the lowest value shown.
  const points = plot.series.flatMap((series) => series.points);
  const floor = plot.y.log ? points.reduce((least, point) => Math.min(least, point[1]), Infinity) : -Infinity;

  const marks = plot.series.flatMap(({ points }, index) => {
    const { color, dash, mark } = seriesStyle(index);
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
      Plot.dot(marked(points, index), {
        x: '0',
        y: '1',
        r: 3,
        ...(!mark.isCircle && {
          symbol: { draw: (context: PathContext, size: number) => drawMark(mark, Math.sqrt(size / Math.PI), context) },
        }),
        ...(mark.isFilled ? { fill: color } : { stroke: color, strokeWidth: 1.4 }),
      }),
    ];
  });
  const drawn = Plot.plot({
    document: new SvgDocument() as never,
    ariaLabel: visibleText(plot.title),
    width: 640,
    height: 400,
    marginLeft: 58,
    marginBottom: 42,
    x: axisOptions(plot.x, decadesOf(points, 0)),
    y: axisOptions(plot.y, decadesOf(points, 1)),
    marks,
  });
  drawn.setAttribute('role', 'img');
  return { svg: drawn.outerHTML, x: drawnAxis(drawn.scale('x')), y: drawnAxis(drawn.scale('y')) };
}

interface PathContext {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

/** Points that have a mark: of a long line a few, elsewhere than those of the other lines. */
function marked(points: readonly PlotPoint[], series: number): readonly PlotPoint[] {
  if (points.length <= mostMarks) return points;
  const step = points.length / fewMarks;
  return Array.from({ length: fewMarks }, (_, index) => points[Math.floor((index + ((series * 5) % 12) / 12) * step)]!);
}

function drawMark({ isFilled, lines }: SeriesStyle['mark'], radius: number, context: PathContext): void {
  for (const line of lines) {
    line.forEach(([x, y], index) => context[index === 0 ? 'moveTo' : 'lineTo'](x * radius, y * radius));
    if (isFilled) context.closePath();
  }
}

/** A logarithmic axis that was rounded to whole decades would press values of one decade flat. */
function axisOptions({ label, log }: PlotAxis, decades: number): ScaleOptions {
  const common = { label: visibleText(label), grid: true };
  return log
    ? { ...common, type: 'log', tickFormat: (value: number) => logTickText(value, decades) }
    : { ...common, type: 'linear', nice: true };
}

const decadesOf = (points: readonly PlotPoint[], axis: 0 | 1): number => {
  const values = points.map((point) => Math.log10(point[axis]));
  return (
    values.reduce((most, value) => Math.max(most, value), -Infinity) -
    values.reduce((least, value) => Math.min(least, value), Infinity)
  );
};

function drawnAxis(scale: Scale | undefined): DrawnAxis {
  const ends = (values: Iterable<unknown> | undefined) => Array.from(values ?? []).map(Number) as [number, number];
  return { domain: ends(scale?.domain), range: ends(scale?.range) };
}
