// `repro lint-paper FILE [MANIFEST…]`: numbers in a paper that no manifest gives, or gives differently.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { lintPaper } from '../manifest/papers/lint-paper.ts';
import { count } from '../manifest/text/number-text.ts';
import type { PaperFormat } from '../manifest/papers/paper-text.ts';
import { open } from './open.ts';
import type { LintPaperOptions } from './options.ts';
import { diagnosticLines } from './view/diagnostic-text.ts';
import { diagnosticDocument } from './view/error-text.ts';
import { print, printJson, wantsColor } from './view/print.ts';
import { readText } from './read-text.ts';

const formats = new Map<string, PaperFormat>([
  ['.md', 'markdown'],
  ['.markdown', 'markdown'],
  ['.tex', 'latex'],
]);

/** Bytes of a paper, at most. */
const mostBytes = 10_000_000;
/** Findings that are printed: more tell nothing new. */
const mostShown = 200;

export async function lintPaperVerb(
  options: LintPaperOptions,
  paper: string,
  names: readonly string[],
): Promise<ExitCode> {
  const format = formats.get(path.extname(paper));
  if (format === undefined) {
    throw new ReproError('bad-usage', `A paper is a .tex or a .md file, not "${paper}"`, { exit: exitCode.usage });
  }
  await checkFile(paper);
  const source = await readText(paper, { code: 'no-paper', message: `Cannot read "${paper}"` });
  const project = open(options);
  const wanted = names.length > 0 ? names : ['latest'];
  const manifests = await Promise.all(wanted.map((name) => project.manifest(name)));
  const { checked, diagnostics } = lintPaper(
    source,
    manifests.map(({ manifest }) => manifest),
    { format, integers: options.integers ?? false },
  );
  if (options.json) printJson({ paper, checked, diagnostics: diagnostics.map(diagnosticDocument) });
  else {
    const color = wantsColor(process.stdout);
    for (const each of diagnostics.slice(0, mostShown)) print(...diagnosticLines(each, { color }));
    if (diagnostics.length > mostShown) print(`… and ${diagnostics.length - mostShown} more, which --json lists`);
    const stale = diagnostics.filter(({ code }) => code === 'stale-number').length;
    const sources = manifests.map(({ manifest }) => manifest.run.id).join(', ');
    print(
      `${paper}: ${count(checked, 'number')} against ${sources}: ${checked - diagnostics.length} backed, ${stale} stale, ${diagnostics.length - stale} unbacked`,
    );
  }
  return diagnostics.length === 0 ? exitCode.ok : exitCode.mismatch;
}

async function checkFile(paper: string): Promise<void> {
  // Where it cannot be looked at, reading it says why.
  const found = await stat(paper).catch(() => null);
  if (found === null || (found.isFile() && found.size <= mostBytes)) return;
  throw new ReproError('bad-paper', `"${paper}" is ${found.isFile() ? 'larger than 10 MB' : 'no file'}`, {
    exit: exitCode.usage,
    hint: 'a paper is a file of text: name its parts one by one',
  });
}
