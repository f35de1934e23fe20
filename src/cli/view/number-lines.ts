// Numbers with their standard errors as a table.
import { foldNumbers, type NumberSeries } from '../../manifest/fold.ts';
import { numberText, rangeText } from '../../manifest/text/number-text.ts';
import { auditClassText, numberAudits } from '../../manifest/verification/audit-text.ts';
import type { Manifest, ManifestNumber } from '../../schema/types.ts';
import { terminalWidth } from './print.ts';
import { paintedLines } from './table.ts';

/** The table of numbers, titles first; `folded` gives a long series one line. */
export function numberLines(manifest: Pick<Manifest, 'numbers' | 'stages'>, folded = false): string[] {
  const { numbers } = manifest;
  const audits = numberAudits(manifest);
  const lines = paintedLines(
    [
      { title: 'number' },
      { title: 'value', align: 'decimal' },
      { title: '± error', align: 'decimal' },
      { title: 'unit' },
      { title: 'n', align: 'right' },
      { title: 'kind' },
      { title: 'repeated' },
      { title: 'note', shrink: true },
    ],
    (folded ? foldNumbers(numbers) : numbers).map((entry) =>
      'members' in entry ? seriesRow(entry) : row(audits, entry),
    ),
    terminalWidth(),
  );
  return lines;
}

function row(audits: ReturnType<typeof numberAudits>, entry: ManifestNumber): string[] {
  const { address, number } = entry;
  const repeated = audits(entry);
  const { value, error } = numberText(number);
  return [
    address,
    value,
    error ?? '',
    number.unit === '1' ? '' : number.unit,
    number.n === undefined ? '' : String(number.n),
    number.kind,
    repeated === undefined ? '' : auditClassText[repeated],
    number.note ?? '',
  ];
}

function seriesRow({ prefix, members }: NumberSeries): string[] {
  const range = rangeText(members.map((member) => member.number.value));
  return [`${prefix}.*`, '', '', '', '', '', '', `${members.length} numbers, ${range}`];
}
