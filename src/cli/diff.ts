// `repro diff [A] [B]`: which numbers moved between two runs, by how much, and because of which of their own inputs.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import type { ManifestDifference } from '../manifest/comparison/diff.ts';
import type { Comparison } from '../project/compare.ts';
import { attributeAll } from './attribute.ts';
import { open } from './open.ts';
import type { DiffOptions } from './options.ts';
import { attributionLines } from './view/attribution-text.ts';
import { comparedNotes } from './view/compared-notes.ts';
import { differenceLines } from './view/difference-lines.ts';
import { print, printDocument, printJson } from './view/print.ts';

export async function diffVerb(
  options: DiffOptions,
  from: string | undefined,
  to: string | undefined,
): Promise<ExitCode> {
  const project = open(options);
  const comparison = await project.diff(from, to, options);
  const { difference } = comparison;
  const notes = comparisonNotes(comparison);
  if (options.format === 'markdown' && !options.json) return printMarkdown(difference, notes, options);
  if (!options.json) for (const line of [...notes, ...differenceLines(difference)]) print(line);
  const [attribution] = options.attribute ? await attributeAll(project, [comparison], options) : [];
  if (options.json)
    printJson({ ...(notes.length > 0 && { notes }), ...difference, ...(attribution && { attribution }) });
  else if (attribution) for (const line of attributionLines(attribution)) print(line);
  return verdictOf(difference);
}

async function printMarkdown(
  difference: ManifestDifference,
  notes: readonly string[],
  { attribute }: DiffOptions,
): Promise<ExitCode> {
  if (attribute) {
    throw new ReproError('bad-usage', '--attribute is told as text or JSON, not as Markdown', { exit: exitCode.usage });
  }
  const { differenceMarkdown } = await import('./view/difference-markdown.ts');
  printDocument(differenceMarkdown(difference, notes));
  return verdictOf(difference);
}

function verdictOf({ numbers }: ManifestDifference): ExitCode {
  return numbers.some((number) => number.class === 'unexplained') ? exitCode.mismatch : exitCode.ok;
}

function comparisonNotes({ from, to }: Comparison): string[] {
  const isSame = from.manifest.run.id === to.manifest.run.id;
  return [...comparedNotes(from), ...(isSame ? ['Both are the same run: nothing is compared.'] : comparedNotes(to))];
}
