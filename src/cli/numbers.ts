// `repro numbers [MANIFEST]`: what a run measured, with standard errors.
import { type ExitCode, exitCode } from '../error.ts';
import { foldNumbers, type NumberSeries } from '../manifest/fold.ts';
import { numberText, valueText } from '../manifest/number-text.ts';
import { visibleText } from '../manifest/visible-text.ts';
import type { ManifestNumber } from '../schema/types.ts';
import { paint, print, printJson, terminalWidth } from './print.ts';
import { loadManifest, type ProjectOptions } from './project.ts';
import { tableLines } from './table.ts';

export async function numbersVerb(
  options: ProjectOptions & { readonly json?: boolean },
  name: string | undefined,
): Promise<ExitCode> {
  const { manifest } = await loadManifest(options, name ?? 'latest');
  if (options.json) printJson({ run: manifest.run, numbers: manifest.numbers });
  else {
    const { id, outcome } = manifest.run;
    if (outcome !== 'complete') print(`Run ${id} ${incomplete[outcome]}: what it did not reach has no numbers.`);
    else if (manifest.numbers.length === 0) print('This run reported no numbers.');
    if (manifest.numbers.length > 0) for (const line of numberLines(manifest.numbers)) print(line);
  }
  return exitCode.ok;
}

const incomplete = { failed: 'failed', interrupted: 'was interrupted' };

/** The table of numbers, titles first; `folded` gives a long series one line. */
export function numberLines(numbers: readonly ManifestNumber[], folded = false): string[] {
  const [titles = '', ...lines] = tableLines(
    [
      { title: 'number' },
      { title: 'value', align: 'decimal' },
      { title: '± error', align: 'decimal' },
      { title: 'unit' },
      { title: 'n', align: 'right' },
      { title: 'kind' },
      { title: 'note', shrink: true },
    ],
    (folded ? foldNumbers(numbers) : numbers).map((entry) => ('members' in entry ? seriesRow(entry) : row(entry))),
    terminalWidth(),
  );
  return [paint('dim', titles), ...lines];
}

function row({ address, number }: ManifestNumber): string[] {
  const { value, error } = numberText(number);
  return [
    visibleText(address),
    value,
    error ?? '',
    number.unit === '1' ? '' : visibleText(number.unit),
    number.n === undefined ? '' : String(number.n),
    number.kind,
    visibleText(number.note ?? ''),
  ];
}

function seriesRow({ prefix, members }: NumberSeries): string[] {
  const values = members.map((member) => member.number.value);
  const range = `${valueText(Math.min(...values))} to ${valueText(Math.max(...values))}`;
  return [`${visibleText(prefix)}.*`, '', '', '', '', '', `${members.length} numbers, ${range}`];
}
