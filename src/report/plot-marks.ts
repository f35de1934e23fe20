// What is drawn of the points of a plot, by its kind.
import type * as ObservablePlot from '@observablehq/plot';
import type { PlotFile, PlotPoint } from '../schema/types.ts';
import { valueText } from '../manifest/text/number-text.ts';
import { paperVariable } from './palette.ts';
import { seriesStyle, type SeriesStyle } from './series-style.ts';

type Library = typeof ObservablePlot;
type Draw = (library: Library, plot: PlotFile) => ObservablePlot.Markish[];

export const markSeries: Readonly<Record<NonNullable<PlotFile['kind']>, Draw>> = {
  lines: (Plot, { series, y }) => {
    const floor = floorOf(series, y);
    return series.flatMap(({ points }, index) => {
      const { color, dash } = seriesStyle(index);
      // A band of one point has no width.
      const band =
        points.length === 1
          ? errorBars(Plot, points, ([x]) => x, floor, color)
          : Plot.areaY(banded(points), { x: '0', ...errorEnds(floor), fill: color, fillOpacity: 0.16 });
      return [
        band,
        Plot.lineY(points, { x: '0', y: '1', stroke: color, strokeWidth: 1.8, strokeDasharray: dash }),
        dots(Plot, marked(points, index), index),
      ];
    });
  },
  scatter: (Plot, { series, y }) => {
    const floor = floorOf(series, y);
    return series.flatMap(({ points }, index) => [
      errorBars(Plot, points, ([x]) => x, floor, seriesStyle(index).color),
      dots(Plot, points, index),
    ]);
  },
  bars: (Plot, { series, y }) => {
    const y1 = baseOf(series, y);
    const width = 0.8 / series.length;
    return series.flatMap(({ points }, index) => {
      const left = (point: PlotPoint) => point[0] - 0.4 + index * width;
      const middle = (point: PlotPoint) => left(point) + width / 2;
      return [
        Plot.rect(points, {
          x1: left,
          x2: (point: PlotPoint) => left(point) + width,
          y1,
          y2: '1',
          fill: seriesStyle(index).color,
        }),
        errorBars(Plot, points, middle, -Infinity, 'currentColor'),
      ];
    });
  },
  histogram: (Plot, { series, y }) => {
    const y1 = baseOf(series, y);
    return series.map(({ points }, index) => {
      const bins = points.slice(0, -1).map(([x, y], at) => ({ x1: x, x2: points[at + 1]![0], y2: y }));
      const { color } = seriesStyle(index);
      const fillOpacity = series.length === 1 ? 0.7 : 0.35;
      return Plot.rect(bins, { x1: 'x1', x2: 'x2', y1, y2: 'y2', fill: color, fillOpacity, stroke: color });
    });
  },
  heatmap: (Plot, { series }) => {
    const fields = series.flatMap(({ points }) => points);
    const values = fields.map((field) => field[2]!);
    const [least, most] = [Math.min(0, leastOf(values)), -leastOf(values.map((value) => -value))];
    const shade = (field: PlotPoint) => (most === least ? 0 : (field[2]! - least) / (most - least));
    const [width, height] = [stepOf(fields, 0), stepOf(fields, 1)];
    const rect = Plot.rect(fields, {
      x1: (field: PlotPoint) => field[0] - width / 2,
      x2: (field: PlotPoint) => field[0] + width / 2,
      y1: (field: PlotPoint) => field[1] - height / 2,
      y2: (field: PlotPoint) => field[1] + height / 2,
      fill: seriesStyle(0).color,
      fillOpacity: shade,
    });
    const text = Plot.text(fields, {
      x: '0',
      y: '1',
      text: (field: PlotPoint) => valueText(Number(field[2]!.toPrecision(3))),
      fill: (field: PlotPoint) => (shade(field) > darkShade ? `var(${paperVariable})` : 'currentColor'),
    });
    return fields.length <= mostLabels ? [rect, text] : [rect];
  },
};

/** Above this many fields, their values do not fit into them. */
const mostLabels = 150;
/** Above this shade a text is easier to read in the colour of the paper. */
const darkShade = 0.72;
/** Above this many points, marks at each would hide the line: so many of them are shown. */
const mostMarks = 60;
const fewMarks = 9;

const leastOf = (values: readonly number[]): number =>
  values.reduce((least, value) => Math.min(least, value), Infinity);

const leastY = (series: PlotFile['series']): number =>
  leastOf(series.flatMap(({ points }) => points.map(([, y]) => y)));

/** Where what shows an error ends: reaching to zero or below it has no place on a logarithmic axis. */
const floorOf = (series: PlotFile['series'], { log }: PlotFile['y']): number => (log ? leastY(series) : -Infinity);

/** Where bars begin: a logarithmic axis has no 0. */
const baseOf = (series: PlotFile['series'], { log }: PlotFile['y']): number => (log ? leastY(series) / 2 : 0);

/** The least distance between two values on an axis: the width of a field. */
function stepOf(fields: readonly PlotPoint[], axis: 0 | 1): number {
  const values = [...new Set(fields.map((field) => field[axis]))].sort((a, b) => a - b);
  const least = leastOf(values.slice(1).map((value, index) => value - values[index]!));
  return least === Infinity ? 1 : least;
}

const banded = (points: readonly PlotPoint[]): PlotPoint[] => points.filter((point) => point.length === 3);

const errorEnds = (floor: number) => ({
  y1: (point: PlotPoint) => Math.max(floor, point[1] - 2 * (point[2] ?? 0)),
  y2: (point: PlotPoint) => point[1] + 2 * (point[2] ?? 0),
});

function errorBars(
  Plot: Library,
  points: readonly PlotPoint[],
  x: (point: PlotPoint) => number,
  floor: number,
  stroke: string,
): ObservablePlot.Markish {
  return Plot.link(banded(points), { x1: x, x2: x, ...errorEnds(floor), stroke });
}

function dots(Plot: Library, points: readonly PlotPoint[], index: number): ObservablePlot.Markish {
  const { color, mark } = seriesStyle(index);
  return Plot.dot(points, {
    x: '0',
    y: '1',
    r: 3,
    ...(!mark.isCircle && {
      symbol: { draw: (context: PathContext, size: number) => drawMark(mark, Math.sqrt(size / Math.PI), context) },
    }),
    ...(mark.isFilled ? { fill: color } : { stroke: color, strokeWidth: 1.4 }),
  });
}

/** Points that have a mark: of a long line a few, elsewhere than those of the other lines. */
function marked(points: readonly PlotPoint[], series: number): readonly PlotPoint[] {
  if (points.length <= mostMarks) return points;
  const step = points.length / fewMarks;
  return Array.from({ length: fewMarks }, (_, index) => points[Math.floor((index + ((series * 5) % 12) / 12) * step)]!);
}

interface PathContext {
  moveTo(x: number, y: number): void;
  lineTo(x: number, y: number): void;
  closePath(): void;
}

function drawMark({ isFilled, lines }: SeriesStyle['mark'], radius: number, context: PathContext): void {
  for (const line of lines) {
    line.forEach(([x, y], index) => context[index === 0 ? 'moveTo' : 'lineTo'](x * radius, y * radius));
    if (isFilled) context.closePath();
  }
}
