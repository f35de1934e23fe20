// The metrics that stages printed with their progress, as figures: one for a metric of a stage, with a line for each cell.
import type { StageCurve } from '../manifest/curves.ts';
import type { PlotFile } from '../schema/types.ts';
import { count } from '../manifest/text/number-text.ts';
import { plotOf } from './figures.ts';
import { type Html, html } from './html.ts';

/** Lines of a figure, and figures, at most. */
const mostLines = 6;
const mostFigures = 60;

/** Null without any. */
export async function curveFigures(curves: readonly StageCurve[]): Promise<Html | null> {
  const groups = new Map<string, StageCurve[]>();
  for (const curve of curves) {
    // A point alone is no curve.
    if (drawable(curve).length < 2) continue;
    const key = JSON.stringify([curve.stage.stage, curve.metric]);
    groups.set(key, [...(groups.get(key) ?? []), curve]);
  }
  if (groups.size === 0) return null;
  const shown = [...groups.values()].slice(0, mostFigures);
  const rest = groups.size - shown.length;
  return html`${rest > 0 ? html`<p class="lead">The first ${shown.length}; repro export curves has ${rest} more.</p>` : null}
    <div class="figures">
      ${await Promise.all(
        shown.map(
          async (group) =>
            html`<figure>
              ${await plotOf(plotFile(group))}
              <p class="source"><code>${group[0]!.stage.stage}</code>, as it printed it</p>
            </figure>`,
        ),
      )}
    </div>`;
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
