// What was verified of a manifest, as text.
import { count, durationText } from '../../manifest/text/number-text.ts';
import { auditClassText } from '../../manifest/verification/audit-text.ts';
import type { Recomputation } from '../../manifest/verification/recomputation.ts';
import type { Recomputed, VerifiedRun } from '../../project/verify.ts';
import { paint } from './print.ts';

/** Stages that were executed again, problems, and how much was looked at. */
export function verificationLines(verified: VerifiedRun, again: Recomputed | null): string[] {
  const { path: shown, verification, published, unsigned, damage } = verified;
  const { checked, absent, problems } = verification;
  const lines = (again?.stages ?? []).flatMap(recomputationLines);
  for (const { kind, stage, message } of problems) {
    lines.push(`${paint('red', kind)} ${stage}: ${message}`);
  }
  lines.push(`${shown}: ${count(checked - absent, 'artifact')} hashed, ${count(problems.length, 'problem')}`);
  if (absent > 0) lines.push(`${count(absent, 'artifact')} not hashed: never in this checkout`);
  if (again) lines.push(`${count(again.stages.length, 'stage')} executed again; the same choice: --seed ${again.seed}`);
  lines.push(...damage.map((message) => `warning: ${message}`));
  if (published !== 'checked') lines.push(`Published artifacts were not checked: ${published}`);
  if (unsigned.length > 0) {
    lines.push(
      '  hint: sign only a manifest that you trust, again after every change: repro export in-toto --key key.pem',
    );
  }
  if (problems.some(({ kind }) => kind !== 'inconsistent')) {
    lines.push('  hint: repro run computes again what is damaged or missing, and publishes it');
  }
  return lines;
}

const style = { bitwise: 'green', 'within-error': 'green', unstable: 'red', 'not-recomputed': 'yellow' } as const;

function recomputationLines({ stage, verdict, failure, reportedSeconds, seconds, numbers }: Recomputation): string[] {
  const text = verdict === 'not-recomputed' ? 'not executed again' : auditClassText[verdict];
  const time = seconds === null ? '' : `, ${durationText(seconds)} (reported: ${durationText(reportedSeconds)})`;
  return [
    `${stage}: ${paint(style[verdict], text)}${failure === null ? time : `: ${failure}`}`,
    ...numbers
      .filter((number) => number.class !== 'bitwise')
      .map(({ name, reported, recomputed, class: found }) => {
        const value = (number: typeof reported) => (number === null ? 'nothing' : String(number.value));
        return `    ${name}: ${value(reported)} reported, ${value(recomputed)} here, ${auditClassText[found]}`;
      }),
  ];
}
