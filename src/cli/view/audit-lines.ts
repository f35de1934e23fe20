// Repeated executions as a table.
import { count } from '../../manifest/text/number-text.ts';
import { auditClass, auditClassText, auditRangeText } from '../../manifest/verification/audit-text.ts';
import type { ManifestStage } from '../../schema/types.ts';
import { paint, terminalWidth } from './print.ts';
import { paintedLines } from './table.ts';

const style = { bitwise: 'green', 'within-error': 'green', unstable: 'red' } as const;

/** One line for each stage, and below those that are not bitwise equal, one for each result that is not. */
export function auditLines(stages: readonly ManifestStage[]): string[] {
  const rows = stages.flatMap(({ id, audit }) => {
    if (!audit) return [[id, '', 'no result', '']];
    const verdict = auditClass(audit);
    const of = [
      ...(audit.failures > 0 ? [`${audit.failures} failed`] : []),
      ...(Object.keys(audit.outputs).length > 0 ? [count(Object.keys(audit.outputs).length, 'output')] : []),
      ...(Object.keys(audit.numbers).length > 0 ? [count(Object.keys(audit.numbers).length, 'number')] : []),
    ];
    return [
      [id, String(audit.executions + audit.failures), paint(style[verdict], auditClassText[verdict]), of.join(', ')],
      ...Object.entries(audit.outputs)
        .filter(([, found]) => found !== 'bitwise')
        .map(([name]) => [`  output ${name}`, '', auditClassText.unstable, '']),
      ...Object.entries(audit.numbers)
        .filter(([, number]) => number.class !== 'bitwise')
        .map(([name, number]) => [`  ${name}`, '', auditClassText[number.class], auditRangeText(number)]),
    ];
  });
  const lines = paintedLines(
    [{ title: 'stage' }, { title: 'executions', align: 'right' }, { title: 'verdict' }, { title: '', shrink: true }],
    rows,
    terminalWidth(),
  );
  return ['', ...lines, ''];
}
