// The stages of a plan as a graph: nodes that are stages or cells, edges that are outputs read.

/** The part of a plan that a graph shows. */
export interface GraphStage {
  readonly id: string;
  readonly stage: string;
  readonly dependsOn: readonly string[];
  readonly inputs: Readonly<Record<string, GraphInput>>;
}

/** Which cells' outputs an input is; none for data from outside. */
interface GraphInput {
  readonly kind: string;
  readonly cell?: string;
  readonly output?: string;
  readonly from?: readonly { readonly cell: string; readonly output: string }[];
}

export interface GraphNode {
  readonly name: string;
  /** How many cells it stands for. */
  readonly cells: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Outputs of `from` that `to` reads. */
  readonly outputs: readonly string[];
}

export interface StageGraph {
  /** In topological order. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** @param byCell A node for each cell; otherwise one for each stage. */
export function stageGraph(stages: readonly GraphStage[], byCell: boolean): StageGraph {
  const stageOf = new Map(stages.map(({ id, stage }) => [id, stage]));
  const nameOf = (id: string) => (byCell ? id : (stageOf.get(id) ?? id));
  const cells = new Map<string, number>();
  const edges = new Map<string, { from: string; to: string; outputs: Set<string> }>();
  for (const { id, inputs } of stages) {
    const to = nameOf(id);
    cells.set(to, (cells.get(to) ?? 0) + 1);
    for (const { cell, output, from = [] } of Object.values(inputs)) {
      const read = cell !== undefined && output !== undefined ? [{ cell, output }] : from;
      for (const each of read) {
        const key = `${nameOf(each.cell)} ${to}`;
        const edge = edges.get(key) ?? { from: nameOf(each.cell), to, outputs: new Set() };
        edge.outputs.add(each.output);
        edges.set(key, edge);
      }
    }
  }
  return {
    nodes: [...cells].map(([name, count]) => ({ name, cells: count })),
    edges: [...edges.values()].map((edge) => ({ ...edge, outputs: [...edge.outputs] })),
  };
}

const label = ({ name, cells }: GraphNode) => (cells === 1 ? name : `${name} (${cells} cells)`);

/** One line for each node: what it reads, of whom. */
export function graphLines({ nodes, edges }: StageGraph): string[] {
  const width = nodes.reduce((most, node) => Math.max(most, label(node).length), 0);
  return nodes.map((node) => {
    const read = edges
      .filter(({ to }) => to === node.name)
      .flatMap(({ from, outputs }) => outputs.map((output) => `${from}.${output}`));
    return read.length === 0 ? label(node) : `${label(node).padEnd(width)} <- ${read.join(', ')}`;
  });
}

export function graphDot({ nodes, edges }: StageGraph): string {
  return [
    'digraph pipeline {',
    '  rankdir=LR;',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    ...nodes.map((node) => `  "${node.name}"${node.cells === 1 ? '' : ` [label="${label(node)}"]`};`),
    ...edges.map(({ from, to, outputs }) => `  "${from}" -> "${to}" [label="${outputs.join('\\n')}"];`),
    '}',
    '',
  ].join('\n');
}

export function graphMermaid({ nodes, edges }: StageGraph): string {
  const id = new Map(nodes.map(({ name }, index) => [name, `n${index}`]));
  return [
    'flowchart LR',
    ...nodes.map((node) => `  ${id.get(node.name)!}["${label(node)}"]`),
    ...edges.map(({ from, to, outputs }) => `  ${id.get(from)!} -->|"${outputs.join(', ')}"| ${id.get(to)!}`),
    '',
  ].join('\n');
}
