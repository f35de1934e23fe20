// `repro graph`: the stages of the pipeline and what they read of each other.
import path from 'node:path';
import { type ExitCode, exitCode } from '../error.ts';
import { graphDot, graphLines, graphMermaid, stageGraph } from '../report/stage-graph.ts';
import { graphSvg } from '../report/stage-graph-svg.ts';
import { writeBeside } from '../store/atomic-write.ts';
import { nodeFileSystem } from '../store/file-system.ts';
import { open } from './open.ts';
import type { GraphOptions } from './options.ts';
import { print, printDocument, printJson } from './view/print.ts';

export async function graphVerb(options: GraphOptions): Promise<ExitCode> {
  const { plan } = await open(options).plan(options);
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
