// The metrics that a stage prints with its progress, kept as curves beside its log. Bounded: of a long one every second point
// goes, again and again, so that its shape stays.
import { writeFileSync } from 'node:fs';
import { type CurvePoint, curvesText, parseCurves } from '../../store/curves.ts';
import type { FileSystem } from '../../store/file-system.ts';
import type { Progress } from './progress-line.ts';

/** Points of a curve at most, and curves of a stage. */
const mostPoints = 2000;
const mostCurves = 100;

interface Curve {
  points: CurvePoint[];
  /** One of so many printed points is kept. */
  every: number;
  printed: number;
  /** All of its points are of an earlier attempt. */
  isInherited: boolean;
}

export class Curves {
  readonly #curves = new Map<string, Curve>();

  /** @param text What an earlier attempt left; where it is no such file, there is nothing */
  constructor(text?: string) {
    const earlier = text === undefined ? null : parseCurves(text);
    for (const [name, points] of Object.entries(earlier ?? {})) {
      this.#curves.set(name, { points: [...points], every: 1, printed: 0, isInherited: true });
    }
  }

  add({ step, metrics }: Pick<Progress, 'step' | 'metrics'>): void {
    for (const [name, value] of Object.entries(metrics)) {
      const curve = this.#curves.get(name) ?? { points: [], every: 1, printed: 0, isInherited: false };
      if (!this.#curves.has(name) && this.#curves.size >= mostCurves) continue;
      this.#curves.set(name, curve);
      // It goes on from a checkpoint: what the earlier attempt did after that is done again.
      if (curve.isInherited) curve.points = curve.points.filter(([at]) => at < step);
      curve.isInherited = false;
      if (curve.printed++ % curve.every !== 0) continue;
      curve.points.push([step, Number.isFinite(value) ? value : null]);
      if (curve.points.length <= mostPoints) continue;
      curve.points = curve.points.filter((_, index) => index % 2 === 0);
      curve.every *= 2;
    }
  }

  /** Null where no metric was printed. */
  text(): string | null {
    if (this.#curves.size === 0) return null;
    return curvesText(Object.fromEntries([...this.#curves].map(([name, { points }]) => [name, points])));
  }

  /** Curves are worth no failure: a full disk ends them as it ends the log. */
  save(path: string): void {
    const text = this.text();
    if (text === null) return;
    try {
      writeFileSync(path, text);
    } catch {
      // The stage fails by itself when it cannot write its outputs.
    }
  }
}

/** What an earlier attempt left in a stage's directory, to go on from. */
export function inheritedCurves(fs: FileSystem, path: string): Curves {
  try {
    return fs.existsSync(path) ? new Curves(fs.readFileSync(path).toString('utf8')) : new Curves();
  } catch {
    return new Curves();
  }
}
