// `repro numbers [MANIFEST…]`: what a run measured, with standard errors; what several measured, side by side or as one table.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { numberTable, type NumberTable, pivot, type Rows } from '../manifest/number-table.ts';
import { settingsOf, standingText } from '../manifest/standing.ts';
import { csvText } from '../manifest/text/csv-text.ts';
import { numberAudits } from '../manifest/verification/audit-text.ts';
import { suggestion } from '../pipeline/suggest.ts';
import type { Manifest, ManifestNumber } from '../schema/types.ts';
import { open } from './open.ts';
import type { NumbersOptions } from './options.ts';
import { numberLines } from './view/number-lines.ts';
import { markdownNumbers, pivotLines, pivotMarkdown, sideBySideLines } from './view/number-tables.ts';
import { paint, print, printDocument, printJson } from './view/print.ts';
import { writeNamed } from './write-to.ts';

export async function numbersVerb(options: NumbersOptions, names: readonly string[]): Promise<ExitCode> {
  const project = open(options);
  const asked = names.length === 0 ? ['latest'] : names;
  const found = await Promise.all(asked.map((name) => project.manifest(name, options)));
  const manifests = found.map(({ manifest }) => manifest);
  const format = options.format ?? (options.json && options.by !== undefined ? 'json' : undefined);
  if (format !== undefined) await writeTable(options, manifests, format);
  else if (options.by !== undefined) printLines(pivotLines(grouped(numberTable(manifests), options.by)));
  else if (manifests.length > 1) printSeveral(options, manifests);
  else printOne(options, manifests[0]!);
  return exitCode.ok;
}

type Format = NonNullable<NumbersOptions['format']>;

async function writeTable(
  { by, output }: NumbersOptions,
  manifests: readonly Manifest[],
  format: Format,
): Promise<void> {
  const table = numberTable(manifests);
  if (format !== 'parquet') {
    const text = format === 'markdown' ? markdownText(table, by) : rowsText(rowsOf(table, by), format);
    if (output === undefined) printDocument(text);
    else print(writeNamed(output, text));
    return;
  }
  if (output === undefined) {
    throw new ReproError('bad-usage', 'A Parquet file is no text to print', {
      exit: exitCode.usage,
      hint: 'name it: --format parquet -o numbers.parquet',
    });
  }
  const { parquetFile } = await import('./parquet.ts');
  print(writeNamed(output, parquetFile(rowsOf(table, by))));
}

function markdownText(table: NumberTable, by: string | undefined): string {
  return by === undefined ? markdownNumbers(table) : pivotMarkdown(grouped(table, by));
}

function rowsText({ columns, rows }: Rows, format: 'csv' | 'json'): string {
  return format === 'csv' ? csvText(columns, rows) : `${JSON.stringify(rows, null, 2)}\n`;
}

/** Of a pivot a row for each mean. */
function rowsOf(table: NumberTable, columns: string | undefined): Rows {
  if (columns === undefined) return table;
  const { by, rows } = grouped(table, columns);
  return {
    columns: ['stage', 'name', ...by, 'mean', 'sd', 'n', 'unit'],
    rows: rows.map(({ stage, name, unit, by: values, spread }) => ({ stage, name, ...values, ...spread, unit })),
  };
}

/** @throws {ReproError} `bad-usage` for a column that the table does not have */
function grouped(table: NumberTable, columns: string) {
  const by = columns.split(',').map((column) => column.trim());
  const known = ['run', 'profile', 'kind', ...table.factors];
  const odd = by.find((column) => !known.includes(column));
  if (odd !== undefined) {
    throw new ReproError('bad-usage', `No number has the axis "${odd}"`, {
      exit: exitCode.usage,
      hint: suggestion(odd, known) ?? `there are ${known.join(', ')}`,
    });
  }
  return { by, rows: pivot(table, by) };
}

function printSeveral({ json }: NumbersOptions, manifests: readonly Manifest[]): void {
  if (json) {
    printJson(manifests.map((manifest) => ({ run: manifest.run, ...settingsOf(manifest), numbers: manifest.numbers })));
    return;
  }
  printLines(sideBySideLines(manifests));
}

/** One by one: they may be more than a call has room for. */
function printLines(lines: readonly string[]): void {
  for (const line of lines) print(line);
}

function printOne({ json }: NumbersOptions, manifest: Manifest): void {
  const audits = numberAudits(manifest);
  if (json) {
    const numbers = manifest.numbers.map((entry) => document(audits, entry));
    printJson({ run: manifest.run, ...settingsOf(manifest), numbers });
    return;
  }
  const { id, outcome } = manifest.run;
  const standing = standingText(manifest);
  if (standing !== null) print(paint('dim', `Run ${id}: ${standing}`));
  if (outcome !== 'complete') print(`Run ${id} ${incomplete[outcome]}: what it did not reach has no numbers.`);
  else if (manifest.numbers.length === 0) print('This run reported no numbers.');
  if (manifest.numbers.length > 0) for (const line of numberLines(manifest)) print(line);
}

type Audits = ReturnType<typeof numberAudits>;

const incomplete = { failed: 'failed', interrupted: 'was interrupted' };

/** A number as in the manifest, with how it came out in repeated executions where there were any. */
function document(audits: Audits, entry: ManifestNumber): unknown {
  const repeated = audits(entry);
  return repeated === undefined ? entry : { ...entry, repeated };
}
