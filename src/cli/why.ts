// `repro why STAGE`: what changed since it last ran. `repro why ADDRESS`: what a number was made of.
import { type ExitCode, exitCode } from '../error.ts';
import { withoutValues } from '../manifest/text/variable-text.ts';
import { open } from './open.ts';
import type { PlacedOptions } from './options.ts';
import { cellDocument, stageLines } from './view/inspection-lines.ts';
import { lineageLines } from './view/lineage-lines.ts';
import { print, printJson } from './view/print.ts';

export async function whyVerb(options: PlacedOptions, what: string): Promise<ExitCode> {
  const answer = await open(options).why(what, options);
  if (answer.kind === 'stage') {
    if (options.json) printJson({ stages: answer.cells.map(cellDocument) });
    else for (const line of stageLines(answer.cells)) print(line);
    return exitCode.ok;
  }
  const { lineage, manifest } = answer;
  if (options.json) {
    const { run, pipeline, git, environment } = manifest;
    printJson({ ...lineage, stages: lineage.stages.map(withoutValues), run, seed: pipeline.seed, git, environment });
  } else for (const line of lineageLines(lineage, manifest)) print(line);
  return exitCode.ok;
}
