// A run: the last one, while nothing that it rests on has changed; otherwise stages are executed.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Place } from './places.ts';
import type { Answer } from './run-answer.ts';
import { answerOf, digestConfiguration, readIndex } from './run-index.ts';
import type { RunOptions } from './run-options.ts';
import { answeredSummary, type RunSummary } from './run-summary.ts';

/**
 * Failures of stages are in the summary; thrown is what concerns the whole run, such as `locked`.
 * @throws {InvalidFile} with everything that is wrong in the pipeline file
 */
export async function run(place: Place, options: RunOptions): Promise<RunSummary> {
  const start = performance.now();
  // A file that cannot be read is for the run to complain about.
  const isFile = (await stat(place.file).catch(() => null))?.isFile();
  const text = isFile ? await readFile(place.file, 'utf8').catch(() => null) : null;
  const { file, root } = place;
  const index = text === null || options.force ? null : readIndex(root);
  const answer =
    text === null || index === null
      ? null
      : await answerOf(index, { ...options, file, root, text, configured: digestConfiguration(root) });
  if (text === null || answer === null) {
    const known = index === null ? undefined : (await import('./known-records.ts')).knownRecords(root, index);
    return (await import('./execute.ts')).executeRun(place, options, known);
  }
  if (options.push) await pushKnown(root, answer.runId, options);
  if (answer.diagnostics.length > 0) await repeatWarnings(place, text, answer);
  return answeredSummary(answer, (performance.now() - start) / 1000);
}

async function pushKnown(root: string, run: string, options: RunOptions): Promise<void> {
  const { onEvent: emit = () => {}, signal = new AbortController().signal } = options;
  await (await import('./remote-results.ts')).pushUnlessThere(root, run, options, { emit, signal });
}

async function repeatWarnings({ file: main, onWarning }: Place, text: string, { diagnostics }: Answer): Promise<void> {
  const { SourceFile } = await import('../pipeline/source.ts');
  const sources = new Map([[main, new SourceFile(main, text)]]);
  for (const { file, span, ...rest } of diagnostics) {
    const name = file === null ? main : path.join(path.dirname(main), file);
    const source = sources.get(name) ?? new SourceFile(name, await readFile(name, 'utf8'));
    sources.set(name, source);
    onWarning({ ...rest, at: { file: source, span } });
  }
}
