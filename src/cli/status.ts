// `repro status`: what a run would do, found by the same fingerprints, running nothing.
import { type ExitCode, exitCode } from '../error.ts';
import { printWarnings } from './view/error-text.ts';
import { loadPlan, type PlanOptions } from '../project/plan.ts';
import { projectRoot } from '../project/places.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import { openStore } from '../store/store.ts';
import { cellDocument, statusLines } from './view/inspection-lines.ts';
import { print, printJson } from './view/print.ts';

export async function statusVerb(options: PlanOptions & { readonly json?: boolean }): Promise<ExitCode> {
  const { plan, warnings } = await loadPlan(options);
  printWarnings(warnings);
  const cells = await inspectPipeline(plan, openStore(projectRoot(options)));
  if (options.json) printJson({ pipeline: plan.name, profile: plan.profile, stages: cells.map(cellDocument) });
  else for (const line of statusLines(cells)) print(line);
  return exitCode.ok;
}
