// `repro audit [STAGE…]`: the same fingerprints executed again, and which results come out the same.
import { type ExitCode, exitCode } from '../error.ts';
import { auditClass } from '../manifest/verification/audit-text.ts';
import { named, select } from '../pipeline/dependencies.ts';
import { printWarnings } from './view/error-text.ts';
import { loadPlan } from '../project/plan.ts';
import { print, printJson } from './view/print.ts';
import { manifestPath, shownPath } from '../project/places.ts';
import { execute, type RunOptions } from './run-execute.ts';
import { auditLines } from './view/audit-lines.ts';

export async function auditVerb(
  options: RunOptions & { readonly runs: number },
  patterns: readonly string[],
): Promise<ExitCode> {
  const { plan: whole, source, warnings } = await loadPlan(options);
  printWarnings(warnings);
  const plan = { ...whole, stages: select(whole, patterns) };
  const cells = named(whole, patterns);
  const { manifest } = await execute(options, plan, source, {
    repeat: { cells, times: options.runs },
    ...(options.json && { emit: () => {} }),
  });
  const audited = manifest.stages.filter((stage) => cells.has(stage.id));
  if (options.json) {
    printJson({ run: manifest.run, stages: audited.map(({ id, audit }) => ({ id, audit: audit ?? null })) });
  } else {
    for (const line of auditLines(audited)) print(line);
    print(`manifest  ${shownPath(plan, manifestPath(manifest.run.id))}`);
  }
  if (manifest.run.outcome === 'interrupted') return exitCode.interrupted;
  if (manifest.run.outcome === 'failed') return exitCode.failed;
  const unstable = audited.some(({ audit }) => audit && auditClass(audit) === 'unstable');
  return unstable ? exitCode.mismatch : exitCode.ok;
}
