// The metrics of running stages over their steps, in bounded room: figures, lines and points end somewhere.
import { mostCurveFigures, mostLines } from '../report/curves.ts';
import type { Progress } from '../runner/process/progress-line.ts';
import type { LiveFigure, LiveLine } from './message.ts';

/** Points of a line: more are lost on a figure that is some hundreds of pixels wide. */
const mostPoints = 400;

interface Figure {
  readonly stage: string;
  readonly metric: string;
  /** Each keeps its place, and so its colour. */
  readonly lines: Line[];
  /** The version at which a line came or went. */
  version: number;
}

interface Line {
  readonly cell: string;
  points: [step: number, value: number][];
  /** The version at which each point came, and the one at which all were numbered anew. */
  versions: number[];
  renumbered: number;
  /** Of how many reports one is kept. */
  stride: number;
  reports: number;
}

export class LiveCurves {
  readonly #figures = new Map<string, Figure>();
  /** Cells that report no more, and give their place to one that does. */
  readonly #ended = new Set<string>();

  add(stage: string, cell: string, { step, metrics }: Progress, version: number): void {
    for (const [metric, value] of Object.entries(metrics)) {
      if (!Number.isFinite(step) || !Number.isFinite(value)) continue;
      const figure = this.#figure(stage, metric, version);
      const line = figure && this.#line(figure, cell, version);
      if (line) addPoint(line, [step, value], version);
    }
  }

  end(cell: string): void {
    this.#ended.add(cell);
  }

  /** What came after a version. */
  since(version: number): LiveFigure[] {
    return [...this.#figures.values()].flatMap((figure) => {
      const { stage, metric, lines } = figure;
      const changed = lines.flatMap((line) => newPoints(line, version));
      if (changed.length === 0 && figure.version <= version) return [];
      return [{ stage, metric, cells: lines.map(({ cell }) => cell), lines: changed }];
    });
  }

  /** An attempt that begins anew has a curve of its own. */
  restart(cell: string, version: number): void {
    for (const { lines } of this.#figures.values()) {
      const place = lines.findIndex((line) => line.cell === cell);
      if (place >= 0) lines[place] = newLine(cell, version);
    }
  }

  #figure(stage: string, metric: string, version: number): Figure | null {
    const key = JSON.stringify([stage, metric]);
    const known = this.#figures.get(key);
    if (known || this.#figures.size >= mostCurveFigures) return known ?? null;
    const figure = { stage, metric, lines: [], version };
    this.#figures.set(key, figure);
    return figure;
  }

  /** Null where as many as there is room for are at work. */
  #line(figure: Figure, cell: string, version: number): Line | null {
    const { lines } = figure;
    const known = lines.find((line) => line.cell === cell);
    if (known) return known;
    const place = lines.length < mostLines ? lines.length : lines.findIndex((line) => this.#ended.has(line.cell));
    if (place < 0) return null;
    const line = newLine(cell, version);
    lines[place] = line;
    figure.version = version;
    return line;
  }
}

const newLine = (cell: string, version: number): Line => ({
  cell,
  points: [],
  versions: [],
  renumbered: version,
  stride: 1,
  reports: 0,
});

function newPoints({ cell, points, versions, renumbered }: Line, version: number): LiveLine[] {
  let from = renumbered > version ? 0 : points.length;
  while (from > 0 && versions[from - 1]! > version) from -= 1;
  const isNew = from < points.length || renumbered > version;
  return isNew ? [{ cell, from, points: points.slice(from) }] : [];
}

function addPoint(line: Line, point: [number, number], version: number): void {
  line.reports += 1;
  if ((line.reports - 1) % line.stride !== 0) return;
  line.points.push(point);
  line.versions.push(version);
  if (line.points.length <= mostPoints) return;
  line.points = line.points.filter((_, index) => index % 2 === 0);
  line.versions = line.versions.filter((_, index) => index % 2 === 0);
  line.stride *= 2;
  line.renumbered = version;
}
