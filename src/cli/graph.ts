// `repro graph`: the stages of the pipeline and what they read of each other.
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { graphDot, graphLines, graphMermaid, stageGraph } from '../report/stage-graph.ts';
import { graphSvg } from '../report/stage-graph-svg.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { printWarnings } from './view/error-text.ts';
import { loadPlan, type PlanOptions } from '../project/plan.ts';
import { print, printDocument, printJson } from './view/print.ts';

export const graphFormats = ['text', 'dot', 'mermaid', 'svg'] as const;

export interface GraphOptions extends PlanOptions {
  readonly json?: boolean;
  readonly format: (typeof graphFormats)[number];
  /** A node for each cell. */
  readonly cells?: boolean;
  readonly output?: string;
}

export async function graphVerb(options: GraphOptions): Promise<ExitCode> {
  const { plan, warnings } = await loadPlan(options);
  printWarnings(warnings);
  const graph = stageGraph(plan.cells, options.cells ?? false);
  if (options.json) {
    printJson(graph);
    return exitCode.ok;
  }
  const text = {
    text: () =>
      graphLines(graph)
        .map((line) => `${line}\n`)
        .join(''),
    dot: () => graphDot(graph),
    mermaid: () => graphMermaid(graph),
    svg: () => graphSvg(graph),
  }[options.format]();
  if (options.output === undefined) printDocument(text);
  else {
    writeBeside(nodeFileSystem, path.resolve(options.output), text);
    print(options.output);
  }
  return exitCode.ok;
}
