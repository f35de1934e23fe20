// `repro sweep --set a=2,4,8 --set b=x,y`: a run for each combination of values, and their numbers side by side.
import { type ExitCode, exitCode, ReproError } from '../error.ts';
import { settingsText } from '../manifest/standing.ts';
import { count } from '../manifest/text/number-text.ts';
import { pipelineFile } from '../project/places.ts';
import { parseSweep, type SweepPoint, type SweptRun } from '../project/sweep.ts';
import type { Emit } from '../runner/event.ts';
import { interruptible } from './interrupt.ts';
import { open } from './open.ts';
import type { SweepOptions } from './options.ts';
import { commandText } from './view/command-text.ts';
import { sideBySideLines } from './view/number-tables.ts';
import { paint, print, printJson } from './view/print.ts';
import { openRunView } from './view/run-view.ts';
import type { LiveView } from './view/progress-live.ts';

export async function sweepVerb({ set = [], ...options }: SweepOptions, stages: readonly string[]): Promise<ExitCode> {
  if (set.length === 0) {
    throw new ReproError('bad-usage', 'A sweep needs values to go through', {
      exit: exitCode.usage,
      hint: 'repro sweep --set model.width=16,32,64 --set seed.data=1,2',
    });
  }
  const values = parseSweep(set);
  const swept = await sweepWatched(options, stages, values);
  if (options.json) printJson(swept.map(documentOf));
  else printSwept(swept);
  return verdictOf(swept);
}

/** With a view of its own for each run. */
async function sweepWatched(
  options: Omit<SweepOptions, 'set'>,
  stages: readonly string[],
  values: ReturnType<typeof parseSweep>,
): Promise<SweptRun[]> {
  const project = open(options);
  const silent: LiveView = { emit: () => {}, close: () => Promise.resolve() };
  let view = silent;
  const onPoint = async (point: SweepPoint, index: number, points: number): Promise<void> => {
    await view.close();
    if (options.json) return;
    print('', paint('bold', `${index + 1} of ${points}: with ${settingsText(point)!}`));
    view = openRunView({});
  };
  const emit: Emit = (event) => view.emit(event);
  return interruptible(project.root, emit, (watched) =>
    project.sweep({ ...options, ...watched, stages, values, onPoint }).finally(() => view.close()),
  );
}

function documentOf({ point, manifest: { run, gates, numbers }, isKnown }: SweptRun): unknown {
  return { set: point, run, isKnown, gates, numbers };
}

function printSwept(swept: readonly SweptRun[]): void {
  if (swept.length === 0) return;
  const manifests = swept.map(({ manifest }) => manifest);
  print('');
  for (const line of sideBySideLines(manifests)) print(line);
  for (const { manifest } of swept) {
    for (const { id, error } of manifest.stages) {
      if (error)
        print(`${paint('red', 'FAILED')} ${id}, with ${settingsText(manifest.pipeline.overrides)!}: ${error.message}`);
    }
  }
  const known = swept.filter(({ isKnown }) => isKnown).length;
  const ids = manifests.map(({ run }) => run.id);
  print('', `${count(swept.length, 'run')}${known === 0 ? '' : `, ${known} of them known`}`);
  print(
    `as a table: ${commandText('numbers', { file: pipelineFile, profile: null, overrides: {} }, [...ids, '--format', 'csv'])}`,
  );
}

/** Gates are no matter of a sweep: it looks for where they hold. */
function verdictOf(swept: readonly SweptRun[]): ExitCode {
  const outcomes = swept.map(({ manifest }) => manifest.run.outcome);
  if (outcomes.includes('interrupted')) return exitCode.interrupted;
  return outcomes.includes('failed') ? exitCode.failed : exitCode.ok;
}
