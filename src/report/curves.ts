// The metrics that stages printed with their progress, as figures: one for a metric of a stage, with a line for each cell.
import type { StageCurve } from '../manifest/curves.ts';
import type { PlotFile } from '../schema/types.ts';
import { count } from '../manifest/text/number-text.ts';
import { type Figure, plotOf } from './figures.ts';
import { grouped } from './grouped.ts';
import { html } from './html.ts';

/** Lines of a figure, and figures, at most. */
export const mostLines = 12;
export const mostFigures = 60;

export interface CurveFigures {
  readonly plots: readonly Figure[];
  /** How many are left out. */
  readonly left: number;
}

export async function curveFigures(curves: readonly StageCurve[]): Promise<CurveFigures> {
  // A point alone is no curve.
  const drawn = curves.filter((curve) => drawable(curve).length > 1);
  const groups = grouped(drawn, ({ stage, metric }) => JSON.stringify([stage.stage, metric]));
  const shown = groups.slice(0, mostFigures);
  const plots = shown.map(async ([, group]): Promise<Figure> => {
    const { stage, metric } = group[0]!;
    const figure = await plotOf(plotFile(group), `${stage.stage}.${metric}`);
    const source = html`<p class="source"><code>${stage.stage}</code>, as it printed it</p>`;
    return { ...figure, content: html`${figure.content}${source}` };
  });
  return { plots: await Promise.all(plots), left: groups.length - shown.length };
}

function plotFile(group: readonly StageCurve[]): PlotFile {
  const [{ stage, metric }] = group as [StageCurve];
  const lines = group.slice(0, mostLines);
  const rest = group.length - lines.length;
  return {
    title: `${stage.stage}: ${metric}`,
    x: { label: 'step' },
    y: { label: metric },
    series: lines.map((curve) => ({ name: cellName(curve), points: drawable(curve) })) as PlotFile['series'],
    ...(rest > 0 && { note: `Of ${count(group.length, 'cell')} the first ${lines.length}.` }),
  };
}

function cellName({ stage: { id, stage } }: StageCurve): string {
  return id === stage ? stage : id.slice(stage.length + 1, -1);
}

function drawable({ points }: StageCurve): [number, number][] {
  return points.flatMap(([step, value]) => (value === null ? [] : [[step, value]]));
}
