// `repro run`: the answer of the last run while nothing that it rests on has changed; otherwise a run.
import { readFile, stat } from 'node:fs/promises';
import type { ExitCode } from '../error.ts';
import type { RunEvent } from '../runner/event.ts';
import { count } from '../manifest/text/number-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { eventJson } from './view/event-json.ts';
import { print } from './view/print.ts';
import { manifestPath, projectRoot } from '../project/places.ts';
import type { RunOptions } from './run-execute.ts';
import type { Answer } from '../project/run-answer.ts';
import { readAnswer } from '../project/run-index.ts';

export async function runVerb(options: RunOptions, patterns: readonly string[]): Promise<ExitCode> {
  const start = performance.now();
  // A file that cannot be read is for the run to complain about.
  const isFile = (await stat(options.file).catch(() => null))?.isFile();
  const text = isFile ? await readFile(options.file, 'utf8').catch(() => null) : null;
  const answer = text === null || options.force ? null : await readAnswer({ ...options, patterns, text });
  if (text === null || answer === null) return (await import('./run-execute.ts')).executeRun(options, patterns);
  if (answer.diagnostics.length > 0) await printDiagnostics(options, text, answer);
  const seconds = (performance.now() - start) / 1000;
  const emit = options.json ? eventJson(print) : null;
  if (emit) for (const event of events(answer, seconds)) emit(event);
  const report = options.report ? await writeLatestReport(options) : null;
  if (!options.json) for (const line of await answerLines(options, answer, seconds, report)) print(line);
  return answer.verdict;
}

/** What a run that restores everything emits. */
function* events(answer: Answer, seconds: number): Generator<RunEvent> {
  const { runId: run, profile, stages } = answer;
  yield { kind: 'run-started', run, profile, stages: stages.map(([id]) => id) };
  for (const { stage, message } of answer.warnings) yield { kind: 'warning', stage, message };
  for (const [stage, computedBy, finishedAt, took] of stages) {
    yield { kind: 'stage-restored', stage, run: computedBy, finishedAt, seconds: took };
  }
  const done = { computed: 0, restored: stages.length, failed: 0 };
  yield { kind: 'run-finished', outcome: 'complete', manifest: manifestPath(run), ...done, seconds };
}

async function answerLines(
  { file }: RunOptions,
  answer: Answer,
  seconds: number,
  report: string | null,
): Promise<string[]> {
  const { resultLines } = await import('./view/run-result.ts');
  const { runId, profile, overrides, numbers, gates, audited } = answer;
  const stages = answer.stages.map(([id]) => ({ cell: { id }, status: 'restored' as const }));
  return [
    `run ${runId}: ${count(stages.length, 'stage')}, nothing has changed since`,
    ...answer.warnings.map(({ stage, message }) => `warning: ${stage}: ${visibleText(message)}`),
    ...resultLines(
      { file, profile, overrides },
      { runId, outcome: 'complete', seconds, cells: stages },
      { numbers, gates, stages: audited },
      report,
    ),
  ];
}

async function writeLatestReport(options: RunOptions): Promise<string> {
  const [{ writeReport }, { loadManifest }, { openStore }] = await Promise.all([
    import('./report.ts'),
    import('../project/named-manifest.ts'),
    import('../store/store.ts'),
  ]);
  const { manifest } = await loadManifest(options, 'latest');
  return writeReport(manifest, openStore(projectRoot(options)));
}

async function printDiagnostics({ file }: RunOptions, text: string, { diagnostics }: Answer): Promise<void> {
  const [{ printWarnings }, { SourceFile }] = await Promise.all([
    import('./view/error-text.ts'),
    import('../pipeline/source.ts'),
  ]);
  const source = new SourceFile(file, text);
  printWarnings(diagnostics.map(({ span, ...rest }) => ({ ...rest, at: { file: source, span } })));
}
