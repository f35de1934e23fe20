// `repro run`: the answer of the last run while nothing that it rests on has changed; otherwise a run.
import { type ExitCode, exitCode } from '../error.ts';
import type { Project } from '../project/project.ts';
import { interruptible } from './interrupt.ts';
import { open } from './open.ts';
import type { RunOptions } from './options.ts';
import { eventJson, restoredEvents } from './view/event-json.ts';
import { print } from './view/print.ts';
import { openRunView } from './view/run-view.ts';

export async function runVerb(options: RunOptions, stages: readonly string[]): Promise<ExitCode> {
  const project = open(options);
  if (!options.watch) return runOnce(project, options, stages);
  const { watchRuns } = await import('./watch.ts');
  return watchRuns(project, options, (isAgain) => runOnce(project, options, stages, isAgain));
}

async function runOnce(
  project: Project,
  options: RunOptions,
  stages: readonly string[],
  isAgain = false,
): Promise<ExitCode> {
  const view = openRunView(options);
  const run = await interruptible(
    project.root,
    view.emit,
    (watched) =>
      // What was to be executed in any case has been.
      project
        .run({ ...options, ...watched, stages, force: (options.force ?? false) && !isAgain })
        .finally(() => view.close()),
    { outlives: options.watch !== true },
  );
  if (isAgain && run.isUpToDate) {
    if (!options.json && !options.quiet) print('nothing to do');
    return exitCode[run.verdict];
  }
  if (options.json && run.isUpToDate) for (const event of restoredEvents(run)) eventJson(print)(event);
  const report = options.report ? await reportOf(project, run.id) : null;
  if (!options.json && !(options.quiet && run.verdict === 'ok')) {
    const { resultLines } = await import('./view/run-result.ts');
    // Numbers are nothing that is wrong.
    for (const line of resultLines(project, options.quiet ? { ...run, numbers: [] } : run, report)) print(line);
  }
  return exitCode[run.verdict];
}

async function reportOf(project: Project, runId: string): Promise<string> {
  const { writeReport } = await import('./report.ts');
  return writeReport(project, (await project.manifest(runId)).manifest);
}
