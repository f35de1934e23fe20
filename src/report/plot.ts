// A stage's `.plot.json` (schemas/plot.schema.json), read and drawn.
import type * as ObservablePlot from '@observablehq/plot';
import type { ErrorObject } from 'ajv';
import { visibleText } from '../manifest/text/visible-text.ts';
import type { PlotAxis, PlotFile } from '../schema/types.ts';
import { validate_plot } from '../schema/validators.js';
import { shortened, textWidth } from './letter-width.ts';
import { logTickText } from './log-ticks.ts';
import { namedPlaces } from './name-ticks.ts';
import { markSeries } from './plot-marks.ts';
import { SvgDocument } from './svg-document.ts';
import { wideEnds } from './wide-ends.ts';

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
  return findNotPositive(plot) ?? findWrongThird(plot) ?? findManyFacets(plot) ?? plot;
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

/** Nor that what a third number is depends on the kind: a standard error, or the value of a field. */
function findWrongThird({ kind, series }: PlotFile): string | null {
  for (const [s, { points }] of series.entries()) {
    for (const [p, [, , third]] of points.entries()) {
      const place = `series[${s}].points[${p}]`;
      if (kind === 'heatmap' && third === undefined) return `${place} has no value: a field is [x, y, value]`;
      if (kind !== 'heatmap' && third !== undefined && third < 0) return `${place}[2] is ${third} and must be >= 0`;
    }
  }
  return null;
}

/** A page has room for so many frames of one plot. */
const mostFacets = 24;

function findManyFacets({ facets, series }: PlotFile): string | null {
  if (facets !== true || series.length <= mostFacets) return null;
  return `facets is true and there are ${series.length} series: at most ${mostFacets} have frames of their own`;
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

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of a plot that stands alone. */
export const wholeSize: Size = { width: 640, height: 400 };

const fontSize = 14;
/** Left of the axis: as much as its longest label takes, within these. */
const labelRoom = { least: 58, share: 0.4 };

/** Draws a plot as SVG markup. Bands are two standard errors to each side. */
export async function drawPlot(plot: PlotFile, size = wholeSize): Promise<DrawnPlot> {
  const Plot = await import('@observablehq/plot');
  const drawn = draw(Plot, plot, size, labelRoom.least);
  const labels = /<g class="y-axis-tick-label".*?<\/g>/.exec(drawn.svg)?.[0] ?? '';
  const widths = Array.from(labels.matchAll(/>([^<]+)</g), ([, label]) => textWidth(label!, fontSize) + 12);
  const needed = Math.ceil(Math.min(Math.max(0, ...widths), labelRoom.share * size.width));
  return needed <= labelRoom.least ? drawn : draw(Plot, plot, size, needed);
}

function draw(Plot: typeof ObservablePlot, plot: PlotFile, { width, height }: Size, marginLeft: number): DrawnPlot {
  const { kind = 'lines' } = plot;
  const isField = kind === 'heatmap';
  // Bars and fields have a width of their own.
  const isOfPoints = kind === 'lines' || kind === 'scatter';
  const axisOf = (axis: PlotAxis, ends: readonly [number, number]) =>
    axisOptions(axis, ends, { nice: !isField, isOfPoints, width });
  const drawn = Plot.plot({
    document: new SvgDocument() as never,
    ariaLabel: visibleText(plot.title),
    width,
    height,
    marginTop: 26,
    marginLeft,
    marginBottom: 42,
    x: axisOf(plot.x, endsOf(plot, 0)),
    y: axisOf(plot.y, endsOf(plot, 1)),
    opacity: { type: 'identity' },
    color: { type: 'identity' },
    marks: markSeries[kind](Plot, plot),
  });
  drawn.setAttribute('role', 'img');
  drawn.setAttribute('font-size', String(fontSize));
  // Its own is for a page that has none.
  drawn.removeAttribute('font-family');
  return { svg: drawn.outerHTML, x: drawnAxis(drawn.scale('x')), y: drawnAxis(drawn.scale('y')) };
}

/** The least and the largest value on an axis, of a linear y with its errors. */
function endsOf({ kind, y, series }: PlotFile, axis: 0 | 1): [least: number, most: number] {
  const hasErrors = axis === 1 && kind !== 'heatmap' && y.log !== true;
  const values = series.flatMap(({ points }) =>
    points.flatMap((point) => {
      const error = hasErrors ? 2 * (point[2] ?? 0) : 0;
      return [point[axis] - error, point[axis] + error];
    }),
  );
  return [values.reduce((a, b) => Math.min(a, b), Infinity), values.reduce((a, b) => Math.max(a, b), -Infinity)];
}

/** Of a range that is narrower, the distance of round values is no longer a number. */
const narrowest = 1e-290;

/**
 * A logarithmic axis that was rounded to whole decades would press values of one decade flat.
 * @param look.nice Whether a linear one ends at round values; the edge of a matrix is where it is
 * @param look.isOfPoints Whether what is drawn has no width
 * @param look.width Of the picture
 */
function axisOptions(
  { label, log, names, reverse = false }: PlotAxis,
  [least, most]: readonly [number, number],
  { nice, isOfPoints, width }: { readonly nice: boolean; readonly isOfPoints: boolean; readonly width: number },
): ObservablePlot.ScaleOptions {
  // An arrow and the edges take some of the room.
  const common = { label: shortened(visibleText(label), fontSize, width - 2 * fontSize), grid: true, reverse };
  if (names !== undefined) {
    const name = (value: number) => visibleText(names[value] ?? '');
    // A name beyond what is drawn would stand beside the picture.
    const ticks = namedPlaces(Math.max(0, Math.ceil(least)), Math.min(names.length - 1, Math.floor(most)));
    return { ...common, type: 'linear', grid: false, ticks, tickFormat: name };
  }
  if (log) {
    return { ...common, type: 'log', tickFormat: (value: number) => logTickText(value, Math.log10(most / least)) };
  }
  if (most > least && most - least < narrowest) return { ...common, type: 'linear', nice: false, ticks: [least, most] };
  if (isOfPoints && least === most) return { ...common, type: 'linear', nice, domain: wideEnds(least, most) };
  return { ...common, type: 'linear', nice };
}

function drawnAxis(scale: ObservablePlot.Scale | undefined): DrawnAxis {
  const ends = (values: Iterable<unknown> | undefined) => Array.from(values ?? []).map(Number) as [number, number];
  return { domain: ends(scale?.domain), range: ends(scale?.range) };
}
