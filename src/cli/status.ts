// `repro status`: what a run would do, found by the same fingerprints, running nothing.
import { type ExitCode, exitCode } from '../error.ts';
import { open } from './open.ts';
import type { PlacedOptions } from './options.ts';
import { cellDocument, statusLines } from './view/inspection-lines.ts';
import { print, printJson } from './view/print.ts';

export async function statusVerb(options: PlacedOptions): Promise<ExitCode> {
  const { plan, cells } = await open(options).status(options);
  if (options.json) printJson({ pipeline: plan.name, profile: plan.profile, stages: cells.map(cellDocument) });
  else for (const line of statusLines(cells)) print(line);
  return exitCode.ok;
}
