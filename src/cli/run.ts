// `repro run`: the answer of the last run while nothing that it rests on has changed; otherwise a run.
import { type ExitCode, exitCode } from '../error.ts';
import type { LiveServer } from '../live/server.ts';
import type { Project } from '../project/project.ts';
import type { RunSummary } from '../project/run-summary.ts';
import { interruptible } from './interrupt.ts';
import { open } from './open.ts';
import type { RunOptions } from './options.ts';
import { eventJson, restoredEvents } from './view/event-json.ts';
import { print } from './view/print.ts';
import { openRunView } from './view/run-view.ts';

// Apart from `await using`, in whose function the compiler leaves the extensions of imports as they are.
const loadServe = () => import('./serve.ts');

export async function runVerb(options: RunOptions, stages: readonly string[]): Promise<ExitCode> {
  const project = open(options);
  if (!options.serve) return runOrWatch(project, { ...options, stages }, null);
  const { handOver, serveRuns } = await loadServe();
  await using server = await serveRuns(project, options);
  const code = await runOrWatch(project, { ...options, stages }, server);
  await handOver(server);
  return code;
}

/** What is asked for. */
type Asked = RunOptions & { readonly stages: readonly string[] };

async function runOrWatch(project: Project, asked: Asked, server: LiveServer | null): Promise<ExitCode> {
  if (!asked.watch) return runOnce(project, asked, server);
  const { watchRuns } = await import('./watch.ts');
  return watchRuns(project, asked, (isAgain) => runOnce(project, asked, server, isAgain));
}

async function runOnce(project: Project, asked: Asked, server: LiveServer | null, isAgain = false): Promise<ExitCode> {
  const run = await shownRun(project, asked, server, isAgain);
  if (isAgain && run.isUpToDate) {
    if (!asked.json && !asked.quiet) print('nothing to do');
    return exitCode[run.verdict];
  }
  if (asked.json && run.isUpToDate) for (const event of restoredEvents(run)) eventJson(print)(event);
  const report = asked.report ? await reportOf(project, run.id) : null;
  if (!asked.json && !(asked.quiet && run.verdict === 'ok')) {
    const { resultLines } = await import('./view/run-result.ts');
    // Numbers are nothing that is wrong.
    for (const line of resultLines(project, asked.quiet ? { ...run, numbers: [] } : run, report)) print(line);
  }
  return exitCode[run.verdict];
}

/** Runs, and shows what happens where it is to be seen. */
async function shownRun(
  project: Project,
  asked: Asked,
  server: LiveServer | null,
  isAgain: boolean,
): Promise<RunSummary> {
  const view = openRunView(asked);
  // What was to be executed in any case has been.
  const force = (asked.force ?? false) && !isAgain;
  const run = interruptible(
    project.root,
    view.emit,
    ({ onEvent, signal }) => {
      const emit = server === null ? onEvent : server.besides(onEvent);
      return project.run({ ...asked, onEvent: emit, signal, force }).finally(() => view.close());
    },
    { outlives: asked.watch !== true },
  );
  if (server === null) return run;
  const { showEnd } = await loadServe();
  return showEnd(server, project, run);
}

async function reportOf(project: Project, runId: string): Promise<string> {
  const { writeReport } = await import('./report.ts');
  return writeReport(project, (await project.manifest(runId)).manifest);
}
