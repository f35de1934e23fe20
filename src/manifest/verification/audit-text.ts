// What repeated executions of one fingerprint gave, for people.
import type { Audit, Manifest, ManifestNumber } from '../../schema/types.ts';
import { count, rangeText } from '../text/number-text.ts';

export type AuditClass = Audit['numbers'][string]['class'];

export const auditClassText: Record<AuditClass, string> = {
  bitwise: 'bitwise equal',
  'within-error': 'within error',
  unstable: 'UNSTABLE',
};

/** The worst of all outputs and numbers; an execution that failed is as unstable as can be. */
export function auditClass({ failures, outputs, numbers }: Audit): AuditClass {
  const found = new Set([...Object.values(outputs), ...Object.values(numbers).map((number) => number.class)]);
  if (failures > 0 || found.has('unstable')) return 'unstable';
  return found.has('within-error') ? 'within-error' : 'bitwise';
}

/** `bitwise equal in 3 executions`, or what is not: `3 executions: output model UNSTABLE, loss within error (0.2 to 0.3)`. */
export function auditText(audit: Audit): string {
  const { executions, failures, outputs, numbers } = audit;
  if (auditClass(audit) === 'bitwise') return `bitwise equal in ${count(executions, 'execution')}`;
  const parts = [
    ...(failures > 0 ? [`${failures} FAILED`] : []),
    ...Object.entries(outputs).flatMap(([name, found]) => (found === 'bitwise' ? [] : [`output ${name} UNSTABLE`])),
    ...Object.entries(numbers).flatMap(([name, number]) =>
      number.class === 'bitwise' ? [] : [`${name} ${auditClassText[number.class]} (${auditRangeText(number)})`],
    ),
  ];
  return `${count(executions + failures, 'execution')}: ${parts.join(', ')}`;
}

/** `0.2 to 0.3`. */
export function auditRangeText({ min, max }: Audit['numbers'][string]): string {
  return rangeText([min, max]);
}

/** How numbers came out in repeated executions of their own stages; undefined for those of one that was executed once. */
export function numberAudits({ stages }: Pick<Manifest, 'stages'>): (entry: ManifestNumber) => AuditClass | undefined {
  const audits = new Map(stages.map(({ id, audit }) => [id, audit]));
  return ({ stage, name }) => audits.get(stage)?.numbers[name]?.class;
}
