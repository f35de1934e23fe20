// `repro audit [STAGE…]`: the same fingerprints executed again, and which results come out the same.
import { type ExitCode, exitCode } from '../error.ts';
import { auditClass } from '../manifest/verification/audit-text.ts';
import { manifestPath, shownPath } from '../project/places.ts';
import { interruptible } from './interrupt.ts';
import { open } from './open.ts';
import type { AuditOptions } from './options.ts';
import { auditLines } from './view/audit-lines.ts';
import { print, printJson } from './view/print.ts';
import { openRunView } from './view/run-view.ts';

export async function auditVerb(options: AuditOptions, asked: readonly string[]): Promise<ExitCode> {
  const project = open(options);
  const view = options.json ? null : openRunView(options);
  const { manifest, stages } = await interruptible(project.root, view?.emit ?? (() => {}), (watched) =>
    project.audit({ ...options, ...watched, stages: asked }).finally(() => view?.close()),
  );
  const { run } = manifest;
  if (options.json) printJson({ run, stages: stages.map(({ id, audit }) => ({ id, audit: audit ?? null })) });
  else {
    const shown = shownPath(project.root, manifestPath(run.id));
    for (const line of [...auditLines(stages), `manifest  ${shown}`]) print(line);
  }
  if (run.outcome !== 'complete') return exitCode[run.outcome];
  const isUnstable = stages.some(({ audit }) => audit && auditClass(audit) === 'unstable');
  return isUnstable ? exitCode.mismatch : exitCode.ok;
}
