// `repro runs`: all runs that are kept, the last one first.
import { type ExitCode, exitCode } from '../error.ts';
import { profileName, standingParts } from '../manifest/standing.ts';
import { durationText } from '../manifest/text/number-text.ts';
import type { ListedRun } from '../project/runs.ts';
import { open } from './open.ts';
import type { GlobalOptions } from './options.ts';
import { paint, print, printJson, terminalWidth } from './view/print.ts';
import { commitText, timeText } from './view/run-text.ts';
import { paintedLines } from './view/table.ts';

export async function runsVerb(options: GlobalOptions): Promise<ExitCode> {
  const list = await open(options).runs();
  if (options.json) printJson(list);
  else if (list.runs.length + list.unreadable.length === 0) print('There are no runs yet: repro run makes one.');
  else {
    if (list.runs.length > 0) for (const line of runLines(list.runs)) print(line);
    for (const { message } of list.unreadable) print(paint('yellow', message));
  }
  return exitCode.ok;
}

const styles = { ok: 'green', gate: 'yellow', failed: 'red', interrupted: 'yellow' } as const;

function runLines(runs: readonly ListedRun[]): string[] {
  return paintedLines(
    [
      { title: 'run' },
      { title: 'when (UTC)' },
      { title: 'took', align: 'right' },
      { title: 'commit' },
      { title: 'profile' },
      { title: 'verdict' },
      { title: 'gates' },
      { title: 'named' },
      { title: 'what', shrink: true },
    ],
    runs.map(({ run, pipeline, git, seconds, verdict, gates, isLatest, tags }) => [
      run.id,
      timeText(run.startedAt),
      durationText(seconds),
      commitText(git),
      profileName(pipeline.profile),
      paint(styles[verdict], verdict),
      Object.entries(gates)
        .map(([name, number]) => `${number} ${name}`)
        .join(', '),
      [...(isLatest ? ['latest'] : []), ...tags].join(', '),
      standingParts({ run, pipeline }).join(', '),
    ]),
    terminalWidth(),
  );
}
