// A graph of stages as SVG. Each distance from the data has a column. The order within a column keeps lines short. A
// line that passes a column has a lane of its own there.
import type { GraphEdge, GraphNode, StageGraph } from './stage-graph.ts';
import { type Html, html, trusted } from './html.ts';

export const row = { height: 34, gap: 14 };
const column = { gap: 60, padding: 14, character: 7.3 };
const margin = 12;

const style = `rect { fill: #fff; stroke: #446 } path { fill: none; stroke: #99a } text { fill: #223 }
@media (prefers-color-scheme: dark) { rect { fill: #223; stroke: #99b } path { stroke: #667 } text { fill: #eef } }`;

/** A place in a column: a stage, or a line that passes through. */
export interface Slot {
  readonly node: GraphNode | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

export function graphSvg(graph: StageGraph): string {
  const { slots, routes, width, height } = layOut(graph, label);
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const body = [...routes.map(([edge, way]) => line(edge, way)), ...slots.flatMap((slot) => box(slot) ?? [])];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} font-family="system-ui, sans-serif" font-size="13">`,
    `<style>${style}</style>`,
    ...body.map(({ text }) => text),
    '</svg>\n',
  ].join('\n');
}

export interface Layout {
  readonly slots: readonly Slot[];
  readonly routes: readonly (readonly [GraphEdge, readonly Slot[]])[];
  readonly width: number;
  readonly height: number;
}

/** Columns by the longest way from a node without inputs; within one, by the mean row of what comes in. */
export function layOut({ nodes, edges }: StageGraph, textOf: (node: GraphNode) => string): Layout {
  const depth = new Map<string, number>();
  for (const { name } of nodes) {
    const sources = edges.filter(({ to }) => to === name).map(({ from }) => depth.get(from)!);
    depth.set(
      name,
      sources.reduce((most, source) => Math.max(most, source + 1), 0),
    );
  }
  const placed = new Map<string, Slot>();
  const ways = new Map(edges.map((edge): [GraphEdge, Slot[]] => [edge, []]));
  const slots: Slot[] = [];
  const last = (edge: GraphEdge) => ways.get(edge)!.at(-1) ?? placed.get(edge.from)!;
  let x = margin;
  const deepest = [...depth.values()].reduce((most, layer) => Math.max(most, layer), 0);
  for (let layer = 0; layer <= deepest; layer++) {
    const members = [
      ...nodes
        .filter(({ name }) => depth.get(name) === layer)
        .map((node) => ({ node, edges: edges.filter(({ to }) => to === node.name) })),
      ...edges
        .filter(({ from, to }) => depth.get(from)! < layer && depth.get(to)! > layer)
        .map((edge) => ({ node: null, edges: [edge] })),
    ]
      .map((member) => ({ ...member, middle: mean(member.edges.map((edge) => last(edge).y)) }))
      .sort((a, b) => a.middle - b.middle);
    const texts = members.map(({ node }) => (node === null ? '' : textOf(node)));
    const longest = texts.reduce((most, { length }) => Math.max(most, length), 0);
    const width = Math.round(longest * column.character) + 2 * column.padding;
    members.forEach(({ node, edges: [edge] }, index) => {
      const slot = { node, x, y: margin + index * (row.height + row.gap), width };
      slots.push(slot);
      if (node !== null) placed.set(node.name, slot);
      else ways.get(edge!)!.push(slot);
    });
    x += width + column.gap;
  }
  const routes = edges.map((edge): [GraphEdge, Slot[]] => [
    edge,
    [placed.get(edge.from)!, ...ways.get(edge)!, placed.get(edge.to)!],
  ]);
  const width = slots.reduce((most, slot) => Math.max(most, slot.x + slot.width), 0) + margin;
  const height = slots.reduce((most, slot) => Math.max(most, slot.y + row.height), 0) + margin;
  return { slots, routes, width, height };
}

function line({ from, to, outputs }: GraphEdge, way: readonly Slot[]): Html {
  return html`<path d="${linePath(way)}"><title>${from} to ${to}: ${outputs.join(', ')}</title></path>`;
}

/** The path of a line through its slots. */
export function linePath(way: readonly Slot[]): string {
  const parts = way.slice(1).map((slot, index) => {
    const before = way[index]!;
    const [x0, y0, x1, y1] = [before.x + before.width, before.y + row.height / 2, slot.x, slot.y + row.height / 2];
    const middle = (x0 + x1) / 2;
    const through = slot.node === null ? `H${slot.x + slot.width}` : '';
    return `${index === 0 ? `M${x0} ${y0}` : ''}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}${through}`;
  });
  return parts.join('');
}

function box({ node, x, y, width }: Slot): Html | null {
  if (node === null) return null;
  const shape = trusted(`<rect x="${x}" y="${y}" width="${width}" height="${row.height}" rx="6"/>`);
  const place = trusted(`x="${x + width / 2}" y="${y + 22}" text-anchor="middle"`);
  return html`${shape}<text ${place}>${label(node)}</text>`;
}

export const label = ({ name, cells }: GraphNode) => (cells === 1 ? name : `${name} ×${cells}`);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
