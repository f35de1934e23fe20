// A graph of stages in each of its forms, as golden files: a diamond, its cells, and a line that passes a column.
import { expect, test } from 'vitest';
import { graphDot, graphLines, graphMermaid, stageGraph } from '../../src/report/stage-graph.ts';
import { graphSvg } from '../../src/report/stage-graph-svg.ts';
import { planOf } from '../pipeline/planning.ts';

const { cells } = planOf(`name: diamond
stages:
  data: { run: a.ts, outputs: { train: t.bin, test: e.bin } }
  left: { run: a.ts, inputs: { data: data.train }, outputs: { model: m.bin }, matrix: { replicate: 2 } }
  right: { run: a.ts, inputs: { data: data.train, test: data.test, own: { file: x.csv } }, outputs: { model: m.bin } }
  compare: { run: a.ts, inputs: { left: 'left[*].model', right: right.model, test: data.test } }
  apart: { run: a.ts }
`);
const graph = stageGraph(cells, false);

test.each([
  ['graph.txt', () => `${graphLines(graph).join('\n')}\n`],
  ['cells.txt', () => `${graphLines(stageGraph(cells, true)).join('\n')}\n`],
  ['graph.dot', () => graphDot(graph)],
  ['graph.mmd', () => graphMermaid(graph)],
  ['graph.svg', () => graphSvg(graph)],
])('%s', async (file, draw) => {
  await expect(draw()).toMatchFileSnapshot(`../golden/graph/${file}`);
});

test('a pipeline of one stage is a graph too', () => {
  const one = stageGraph(planOf('name: one\nstages: { a: { run: a.ts } }\n').cells, false);
  expect(graphLines(one)).toEqual(['a']);
  expect(graphSvg(one)).toContain('>a</text>');
});
