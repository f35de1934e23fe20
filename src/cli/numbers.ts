// `repro numbers [MANIFEST]`: what a run measured, with standard errors.
import { type ExitCode, exitCode } from '../error.ts';
import { numberText } from '../manifest/number-text.ts';
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
  else if (manifest.numbers.length === 0) print('This run reported no numbers.');
  else for (const line of numberLines(manifest.numbers)) print(line);
  return exitCode.ok;
}

/** The table of numbers, titles first. */
export function numberLines(numbers: readonly ManifestNumber[]): string[] {
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
    numbers.map(({ address, number }) => {
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
    }),
    terminalWidth(),
  );
  return [paint('dim', titles), ...lines];
}
