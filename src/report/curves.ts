// The metrics that stages printed with their progress, as figures: one for a metric of a stage, with a line for each cell.
import type { StageCurve } from '../manifest/curves.ts';
import type { PlotFile } from '../schema/types.ts';
import { count } from '../manifest/text/number-text.ts';
import { type Figure, plotOf } from './figures.ts';
import { grouped } from './grouped.ts';
import { type Html, html } from './html.ts';

/** Figures of curves at most, and lines of each. */
export const mostCurveFigures = 60;
export const mostLines = 12;

export interface CurveFigures {
  readonly plots: readonly Figure[];
  /** How many are left out. */
  readonly left: number;
}

/** @param nameOf What a line is called */
export async function curveFigures(
  curves: readonly StageCurve[],
  nameOf: (curve: StageCurve) => string = cellName,
): Promise<CurveFigures> {
  // A point alone is no curve.
  const drawn = curves.filter((curve) => drawable(curve).length > 1);
  const groups = grouped(drawn, ({ stage, metric }) => JSON.stringify([stage.stage, metric]));
  const shown = groups.slice(0, mostCurveFigures);
  const plots = shown.map(async ([, group]): Promise<Figure> => {
    const { stage, metric } = group[0]!;
    const figure = await plotOf(plotFile(group, nameOf), `${stage.stage}.${metric}`);
    const source = html`<p class="source"><code>${stage.stage}</code>, as it printed it</p>`;
    return { ...figure, content: html`${figure.content}${source}` };
  });
  return { plots: await Promise.all(plots), left: groups.length - shown.length };
}

function plotFile(group: readonly StageCurve[], nameOf: (curve: StageCurve) => string): PlotFile {
  const [{ stage, metric }] = group as [StageCurve];
  const lines = group.slice(0, mostLines);
  const rest = group.length - lines.length;
  return {
    title: `${stage.stage}: ${metric}`,
    x: { label: 'step' },
    y: { label: metric },
    series: lines.map((curve) => ({ name: nameOf(curve), points: drawable(curve) })) as PlotFile['series'],
    ...(rest > 0 && { note: `Of ${count(group.length, 'line')} the first ${lines.length}.` }),
  };
}

export function cellName({ stage: { id, stage } }: StageCurve): string {
  return id === stage ? stage : id.slice(stage.length + 1, -1);
}

function drawable({ points }: StageCurve): [number, number][] {
  return points.flatMap(([step, value]) => (value === null ? [] : [[step, value]]));
}

export function leftCurves({ plots, left }: CurveFigures): Html | null {
  return left === 0 ? null : html`<p class="lead">The first ${plots.length}; repro export curves has ${left} more.</p>`;
}
