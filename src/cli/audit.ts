// `repro audit [STAGE…]`: the same fingerprints executed again, and which results come out the same.
import { type ExitCode, exitCode } from '../error.ts';
import { auditClass, auditClassText, auditRangeText } from '../manifest/verification/audit-text.ts';
import { count } from '../manifest/text/number-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { named, select } from '../pipeline/dependencies.ts';
import type { ManifestStage } from '../schema/types.ts';
import { loadPlan } from './plan.ts';
import { paint, print, printJson, terminalWidth } from './view/print.ts';
import { manifestPath, shownPath } from './project.ts';
import { execute, type RunOptions } from './run-execute.ts';
import { tableLines } from './view/table.ts';

export async function auditVerb(
  options: RunOptions & { readonly runs: number },
  patterns: readonly string[],
): Promise<ExitCode> {
  const { plan: whole, source } = await loadPlan(options);
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

const style = { bitwise: 'green', 'within-error': 'green', unstable: 'red' } as const;

/** One line for each stage, and below those that are not bitwise equal, one for each result that is not. */
function auditLines(stages: readonly ManifestStage[]): string[] {
  const rows = stages.flatMap(({ id, audit }) => {
    if (!audit) return [[visibleText(id), '', 'no result', '']];
    const verdict = auditClass(audit);
    const of = [
      ...(audit.failures > 0 ? [`${audit.failures} failed`] : []),
      ...(Object.keys(audit.outputs).length > 0 ? [count(Object.keys(audit.outputs).length, 'output')] : []),
      ...(Object.keys(audit.numbers).length > 0 ? [count(Object.keys(audit.numbers).length, 'number')] : []),
    ];
    return [
      [
        visibleText(id),
        String(audit.executions + audit.failures),
        paint(style[verdict], auditClassText[verdict]),
        of.join(', '),
      ],
      ...Object.entries(audit.outputs)
        .filter(([, found]) => found !== 'bitwise')
        .map(([name]) => [`  output ${visibleText(name)}`, '', auditClassText.unstable, '']),
      ...Object.entries(audit.numbers)
        .filter(([, number]) => number.class !== 'bitwise')
        .map(([name, number]) => [`  ${visibleText(name)}`, '', auditClassText[number.class], auditRangeText(number)]),
    ];
  });
  const [titles = '', ...lines] = tableLines(
    [{ title: 'stage' }, { title: 'executions', align: 'right' }, { title: 'verdict' }, { title: '', shrink: true }],
    rows,
    terminalWidth(),
  );
  return ['', paint('dim', titles), ...lines, ''];
}
