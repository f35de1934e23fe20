// The stages of a run as a picture: what reads what, how long each took, and the chain that took the longest.
import { sourcesOf } from '../manifest/lineage.ts';
import { count, durationText } from '../manifest/text/number-text.ts';
import type { Manifest } from '../schema/types.ts';
import { anchor } from './anchor.ts';
import { bounded, mostRows } from './bounded.ts';
import { type Html, html } from './html.ts';
import { type GraphNode, type GraphStage, stageGraph } from './stage-graph.ts';
import { label, layOut, linePath, row, type Slot } from './stage-graph-svg.ts';
import { stageTimes, type StageTimes } from './stage-times.ts';

export function stageMap(manifest: Manifest): Html {
  const times = stageTimes(manifest);
  const cells = new Map(manifest.stages.map(({ id, stage }) => [id, stage]));
  const onPath = times.path.map((id) => cells.get(id)!);
  const graph = stageGraph(
    manifest.stages.map((stage) => graphStage(stage, manifest)),
    false,
  );
  const timed = (node: GraphNode) => durationText(times.seconds.get(node.name) ?? 0);
  const { slots, routes, width, height } = layOut(graph, (node) => longer(label(node), timed(node)));
  const isOnPath = (from: string, to: string) =>
    onPath.some((name, index) => name === from && onPath[index + 1] === to);
  const single = new Map(manifest.stages.map(({ id, stage }) => [stage, id]));
  return html`${pathText(times)}
    <div class="wide map" tabindex="0" role="region" aria-label="Stages and what they read">
      <svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
        ${routes.map(
          ([{ from, to, outputs }, way]) =>
            html`<path class="${isOnPath(from, to) ? 'critical' : ''}" d="${linePath(way)}"
              ><title>${from} to ${to}: ${outputs.join(', ')}</title></path
            >`,
        )}
        ${slots.map((slot) => {
          if (slot.node === null) return null;
          const { name, cells } = slot.node;
          const link = anchor(cells > 1 ? name : single.get(name)!);
          return box(slot, slot.node, link, timed(slot.node), onPath.includes(name));
        })}
      </svg>
    </div>`;
}

function box({ x, y, width }: Slot, node: GraphNode, link: string, time: string, isCritical: boolean): Html {
  const middle = x + width / 2;
  return html`<a href="#${link}" class="${isCritical ? 'critical' : ''}">
    <rect x="${x}" y="${y}" width="${width}" height="${row.height}" rx="6" />
    <text x="${middle}" y="${y + 15}">${label(node)}</text>
    <text class="time" x="${middle}" y="${y + 28}">${time}</text>
  </a>`;
}

/** `Critical path: data, train, sample: 12 min of 20 min 05 s of work.` */
function pathText({ path, pathSeconds, total }: StageTimes): Html | null {
  if (path.length < 2) return null;
  const { shown, note } = bounded(path, mostRows, 'the manifest has them.');
  return html`<p class="lead">
      Critical path, ${durationText(pathSeconds)} of ${durationText(total)} of work in ${count(path.length, 'stage')}:
      ${shown.map((id, index) => html`${index === 0 ? '' : ' → '}<a href="#${anchor(id)}"><code>${id}</code></a>`)}
    </p>
    ${note}`;
}

function graphStage(stage: Manifest['stages'][number], manifest: Manifest): GraphStage {
  const inputs = Object.entries(sourcesOf(stage, manifest)).map(([name, source]) => {
    const from = source === null || typeof source === 'string' ? [] : [source].flat();
    return [name, { kind: 'stage', from }] as const;
  });
  const known = new Set(inputs.flatMap(([, { from }]) => from.map(({ cell }) => cell)));
  // A stage that failed has no inputs that are known, but what it waits for is.
  const waits = stage.dependsOn.filter((id) => !known.has(id)).map((cell) => ({ cell, output: '' }));
  return { ...stage, inputs: { ...Object.fromEntries(inputs), '': { kind: 'stage', from: waits } } };
}

const longer = (a: string, b: string): string => (b.length > a.length ? b : a);
