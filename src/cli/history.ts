// `repro history NUMBER`: a number over all runs that reported it, and what of its making changed.
import { type ExitCode, exitCode } from '../error.ts';
import { profileName, settingsText, standingParts } from '../manifest/standing.ts';
import { csvText } from '../manifest/text/csv-text.ts';
import { numberText, rangeText } from '../manifest/text/number-text.ts';
import { sparkline } from '../manifest/text/sparkline.ts';
import type { HistoryEntry } from '../project/history.ts';
import { open } from './open.ts';
import type { HistoryOptions } from './options.ts';
import { changeText } from '../manifest/comparison/change-text.ts';
import { paint, print, printDocument, printJson, terminalWidth } from './view/print.ts';
import { commitText, timeText } from './view/run-text.ts';
import { layOut } from './view/table.ts';

export async function historyVerb(options: HistoryOptions, address: string): Promise<ExitCode> {
  const entries = await open(options).history(address, options);
  if (options.json) printJson({ address, entries });
  else if (options.csv) printDocument(csvText(columns, entries.map(csvRow)));
  else for (const line of historyLines(address, entries)) print(line);
  return exitCode.ok;
}

/** Runs one after the other that were made of the same and gave the same. */
interface Stretch {
  readonly first: HistoryEntry;
  readonly runs: number;
}

function historyLines(address: string, entries: readonly HistoryEntry[]): string[] {
  const stretches: Stretch[] = [];
  for (const entry of entries) {
    const last = stretches.at(-1);
    const isSame = last !== undefined && entry.changes?.length === 0 && isEqual(entry, last.first);
    if (isSame) stretches[stretches.length - 1] = { ...last, runs: last.runs + 1 };
    else stretches.push({ first: entry, runs: 1 });
  }
  const { titles, rows } = layOut(
    [
      { title: 'since run' },
      { title: 'when (UTC)' },
      { title: 'commit' },
      { title: 'runs', align: 'right' },
      { title: 'value', align: 'decimal' },
      { title: '± error', align: 'decimal' },
      { title: 'unit' },
      { title: 'what', shrink: true },
    ],
    stretches.map(row),
    terminalWidth(),
  );
  const values = entries.map(({ value }) => value);
  return [
    ...titles.map((title) => paint('dim', title)),
    ...stretches.flatMap(({ first }, index) => [
      ...(rows[index] ?? []),
      ...(first.changes ?? []).map((change) => paint('dim', `    because ${changeText(change)}`)),
    ]),
    '',
    `${sparkline(values.slice(-shown))}  ${address}, ${rangeText(values)}`,
  ];
}

/** Values that the line at the end shows. */
const shown = 60;

function row({ first: { run, git, pipeline, value, standardError, unit }, runs }: Stretch): string[] {
  const text = numberText({ value, ...(standardError !== null && { standardError }) });
  const profile = profileName(pipeline.profile);
  return [
    run.id,
    timeText(run.startedAt),
    commitText(git),
    String(runs),
    text.value,
    text.error ?? '',
    unit === '1' ? '' : unit,
    [...(profile === 'default' ? [] : [`profile ${profile}`]), ...standingParts({ run, pipeline })].join(', '),
  ];
}

function isEqual(a: HistoryEntry, b: HistoryEntry): boolean {
  return a.value === b.value && a.standardError === b.standardError;
}

const columns = [
  ...['run', 'startedAt', 'commit', 'uncommitted', 'profile', 'set', 'value', 'standardError', 'unit'],
  ...['cells', 'changes'],
];

function csvRow({ run, git, pipeline, value, standardError, unit, cells, changes }: HistoryEntry) {
  return {
    run: run.id,
    startedAt: run.startedAt,
    commit: git?.commit ?? null,
    uncommitted: git === null ? null : git.dirty !== null,
    profile: pipeline.profile,
    set: settingsText(pipeline.overrides),
    value,
    standardError,
    unit,
    cells,
    changes: changes?.map(changeText).join('; ') ?? null,
  };
}
