// A stage that was executed again, as text.
import { durationText } from '../../manifest/text/number-text.ts';
import { visibleText } from '../../manifest/text/visible-text.ts';
import { auditClassText } from '../../manifest/verification/audit-text.ts';
import type { Recomputation } from '../../manifest/verification/recomputation.ts';
import { paint } from './print.ts';

const style = { bitwise: 'green', 'within-error': 'green', unstable: 'red', 'not-recomputed': 'yellow' } as const;

export function recomputationLines({
  stage,
  verdict,
  failure,
  reportedSeconds,
  seconds,
  numbers,
}: Recomputation): string[] {
  const text = verdict === 'not-recomputed' ? 'not executed again' : auditClassText[verdict];
  const time = seconds === null ? '' : `, ${durationText(seconds)} (reported: ${durationText(reportedSeconds)})`;
  return [
    `${visibleText(stage)}: ${paint(style[verdict], text)}${failure === null ? time : `: ${visibleText(failure)}`}`,
    ...numbers
      .filter((number) => number.class !== 'bitwise')
      .map(({ name, reported, recomputed, class: found }) => {
        const value = (number: typeof reported) => (number === null ? 'nothing' : String(number.value));
        return `    ${visibleText(name)}: ${value(reported)} reported, ${value(recomputed)} here, ${auditClassText[found]}`;
      }),
  ];
}
