// The metrics of running stages over their steps, in bounded room: figures, lines and points end somewhere.
import { mostFigures, mostLines } from '../report/curves.ts';
import type { Progress } from '../runner/process/progress-line.ts';
import type { LiveCurve } from './message.ts';

/** Points of a line: some two for each pixel of its figure are lost on a reader. */
const mostPoints = 400;

interface Line {
  readonly stage: string;
  readonly metric: string;
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
  readonly #figures = new Map<string, Map<string, Line>>();

  add(stage: string, cell: string, { step, metrics }: Progress, version: number): void {
    for (const [metric, value] of Object.entries(metrics)) {
      if (!Number.isFinite(step) || !Number.isFinite(value)) continue;
      const line = this.#line(stage, metric, cell, version);
      if (line !== null) addPoint(line, [step, value], version);
    }
  }

  /** What came after a version. */
  since(version: number): LiveCurve[] {
    return [...this.#figures.values()].flatMap((lines) =>
      [...lines.values()].flatMap(({ stage, metric, cell, points, versions, renumbered }) => {
        let from = renumbered > version ? 0 : points.length;
        while (from > 0 && versions[from - 1]! > version) from -= 1;
        const isNew = from < points.length || renumbered > version;
        return isNew ? [{ stage, metric, cell, from, points: points.slice(from) }] : [];
      }),
    );
  }

  /** An attempt that begins anew has a curve of its own. */
  drop(cell: string, version: number): void {
    for (const lines of this.#figures.values()) {
      const line = lines.get(cell);
      if (line) Object.assign(line, { points: [], versions: [], renumbered: version, stride: 1, reports: 0 });
    }
  }

  #line(stage: string, metric: string, cell: string, version: number): Line | null {
    const key = JSON.stringify([stage, metric]);
    const lines = this.#figures.get(key) ?? new Map<string, Line>();
    if (lines.size === 0) {
      if (this.#figures.size >= mostFigures) return null;
      this.#figures.set(key, lines);
    }
    const known = lines.get(cell);
    if (known || lines.size >= mostLines) return known ?? null;
    const line = { stage, metric, cell, points: [], versions: [], renumbered: version, stride: 1, reports: 0 };
    lines.set(cell, line);
    return line;
  }
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
