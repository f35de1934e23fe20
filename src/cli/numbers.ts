// `repro numbers [MANIFEST]`: what a run measured, with standard errors.
import { type ExitCode, exitCode } from '../error.ts';
import { auditClassText, numberAudits } from '../manifest/verification/audit-text.ts';
import { foldNumbers, type NumberSeries } from '../manifest/fold.ts';
import { numberText, rangeText } from '../manifest/text/number-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import type { Manifest, ManifestNumber } from '../schema/types.ts';
import { paint, print, printJson, terminalWidth } from './view/print.ts';
import { loadManifest, type ProjectOptions } from './project.ts';
import { tableLines } from './view/table.ts';

export async function numbersVerb(
  options: ProjectOptions & { readonly json?: boolean },
  name: string | undefined,
): Promise<ExitCode> {
  const { manifest } = await loadManifest(options, name ?? 'latest');
  const audits = numberAudits(manifest);
  if (options.json) printJson({ run: manifest.run, numbers: manifest.numbers.map((entry) => document(audits, entry)) });
  else {
    const { id, outcome } = manifest.run;
    if (outcome !== 'complete') print(`Run ${id} ${incomplete[outcome]}: what it did not reach has no numbers.`);
    else if (manifest.numbers.length === 0) print('This run reported no numbers.');
    if (manifest.numbers.length > 0) for (const line of numberLines(manifest)) print(line);
  }
  return exitCode.ok;
}

type Audits = ReturnType<typeof numberAudits>;

const incomplete = { failed: 'failed', interrupted: 'was interrupted' };

/** A number as in the manifest, with how it came out in repeated executions where there were any. */
function document(audits: Audits, entry: ManifestNumber): unknown {
  const repeated = audits(entry);
  return repeated === undefined ? entry : { ...entry, repeated };
}

/** The table of numbers, titles first; `folded` gives a long series one line. */
export function numberLines(manifest: Pick<Manifest, 'numbers' | 'stages'>, folded = false): string[] {
  const { numbers } = manifest;
  const audits = numberAudits(manifest);
  const [titles = '', ...lines] = tableLines(
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
  return [paint('dim', titles), ...lines];
}

function row(audits: Audits, entry: ManifestNumber): string[] {
  const { address, number } = entry;
  const repeated = audits(entry);
  const { value, error } = numberText(number);
  return [
    visibleText(address),
    value,
    error ?? '',
    number.unit === '1' ? '' : visibleText(number.unit),
    number.n === undefined ? '' : String(number.n),
    number.kind,
    repeated === undefined ? '' : auditClassText[repeated],
    visibleText(number.note ?? ''),
  ];
}

function seriesRow({ prefix, members }: NumberSeries): string[] {
  const range = rangeText(members.map((member) => member.number.value));
  return [`${visibleText(prefix)}.*`, '', '', '', '', '', '', `${members.length} numbers, ${range}`];
}
