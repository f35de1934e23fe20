// What a run came to, as text: numbers, gates, failures, where things are, and what to do next.
import { judgedGates } from '../../manifest/gates/left-out.ts';
import { count, durationText } from '../../manifest/text/number-text.ts';
import { latestManifest, manifestPath, type Place, shownPath } from '../../project/places.ts';
import type { RunSummary, StageSummary } from '../../project/run-summary.ts';
import { commandText } from './command-text.ts';
import { few, groupsOf, listedText, stageOf } from './fold-cells.ts';
import { gateLines, gateSummary, leftOutLines } from './gate-lines.ts';
import { numberLines } from './number-lines.ts';
import { paint } from './print.ts';

/** Directories that a line names at most. */
const namedAtMost = 5;

type Asked = Pick<RunSummary, 'profile' | 'overrides'> & Pick<Place, 'file'>;

/** @param report Path of the page, where one was written. */
export function resultLines(place: Pick<Place, 'file' | 'root'>, run: RunSummary, report: string | null): string[] {
  const { id, numbers, gates, audited, stages, isUpToDate } = run;
  const ids = stages.map((stage) => stage.id);
  const judged = judgedGates(gates, ids);
  const lines: string[] = [
    ...(isUpToDate ? [`run ${id}: ${count(stages.length, 'stage')}, nothing has changed since`] : []),
    ...(isUpToDate ? run.warnings : []).map(({ stage, message }) => `warning: ${stage}: ${message}`),
    ...(numbers.length > 0 ? ['', ...numberLines({ numbers, stages: audited }, true)] : []),
    ...(judged.length > 0 ? ['', ...gateLines({ gates: judged, numbers }), '', gateSummary(judged)] : []),
    ...leftOutLines(gates, ids),
  ];
  const plan = { file: place.file, profile: run.profile, overrides: run.overrides };
  for (const failures of groupsOf(
    stages.filter(({ failure }) => failure !== undefined),
    ({ id }) => stageOf(id),
  )) {
    const told = failures.length > few ? failures.slice(0, 1) : failures;
    for (const stage of told) lines.push('', ...failureLines(place, plan, stage));
    if (told.length < failures.length) lines.push(...otherFailures(plan.file, failures.slice(told.length)));
  }
  const shown = (inProject: string) => shownPath(place.root, inProject);
  const isLatest = run.latest.run === id;
  lines.push('', outcomeText(run));
  lines.push(`manifest  ${shown(manifestPath(id))}${isLatest ? ` (also ${shown(latestManifest)})` : ''}`);
  lines.push(...latestLines(run, shown));
  if (report !== null) lines.push(`report    ${report}`);
  for (const { id: stage, kept } of stages) if (kept !== undefined) lines.push(`kept      ${shown(kept)}  (${stage})`);
  for (const [index, next] of nextCommands(plan, run, report).entries()) {
    lines.push(`${index === 0 ? 'next      ' : '          '}${next}`);
  }
  return lines;
}

/** Whose place the run took as the latest, or that it did not, and what of the latest it replaced. */
function latestLines({ id, latest }: RunSummary, shown: (inProject: string) => string): string[] {
  const { run, before, replaced } = latest;
  if (run === id) return before === undefined ? [] : [`latest    in the place of ${before}`];
  const names = replaced.slice(0, namedAtMost).map(shown);
  const more = replaced.length > namedAtMost ? ` and ${replaced.length - namedAtMost} more` : '';
  return [
    `latest    is still run ${run}, a whole one: name this run "last", or by its id`,
    ...(names.length === 0 ? [] : [`artifacts ${names.join(', ')}${more}: now of this run, before of another`]),
  ];
}

function outcomeText({ outcome, stages, seconds }: RunSummary): string {
  const style = { complete: 'green', failed: 'red', interrupted: 'yellow' } as const;
  const statuses = (['computed', 'restored', 'failed', 'blocked', 'cancelled'] as const)
    .map((status) => [status, stages.filter((stage) => stage.status === status).length] as const)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}${status === 'restored' ? fromText(stages, number) : ''}`);
  return `${paint(style[outcome], outcome)}: ${count(stages.length, 'stage')} (${statuses.join(', ')}) in ${durationText(seconds)}`;
}

/** How many of those that are restored came from a remote. */
function fromText(stages: readonly StageSummary[], restored: number): string {
  const came = stages.flatMap(({ from }) => from ?? []);
  if (came.length === 0) return '';
  return `${came.length === restored ? '' : `, ${came.length} of them`} from ${came[0]!}`;
}

/** Name, reason, the last lines of the log, where the rest is, and how to repeat it alone. */
function failureLines({ root }: Pick<Place, 'root'>, plan: Asked, { id, failure }: StageSummary): string[] {
  if (!failure) return [];
  return [
    `${paint('red', 'FAILED')} ${id}: ${failure.code}: ${failure.message}`,
    ...(failure.hint === undefined ? [] : [`  hint: ${failure.hint}`]),
    ...failure.tail.slice(-20).map((line) => `  ${paint('dim', '|')} ${line}`),
    ...(failure.log === null ? [] : [`  log: ${shownPath(root, failure.log)}`]),
    `  look into it:    ${commandText('shell', plan, [id])}`,
    `  repeat it alone: ${commandText('run', plan, [id])}`,
  ];
}

/** Cells of a matrix mostly fail of the same cause. */
function otherFailures(file: string, stages: readonly StageSummary[]): string[] {
  const ids = stages.map(({ id }) => id);
  const log = commandText('log', { file, profile: null, overrides: {} }, ids.slice(0, 1));
  return ['', `${paint('red', 'FAILED')} also: ${listedText(ids, 'more cells')}`, `  what they printed: ${log}, …`];
}

function nextCommands(plan: Asked, { id, latest, outcome, numbers }: RunSummary, report: string | null): string[] {
  if (outcome === 'interrupted') return [`${commandText('run', plan)}  (goes on where this run stopped)`];
  if (outcome === 'failed') return [`${commandText('run', plan)}  (runs again only what has not succeeded)`];
  const first = numbers.at(-1)?.address;
  const stored = { file: plan.file, profile: null, overrides: {} };
  if (latest.run !== id) {
    return [`${commandText('diff', stored, ['latest', 'last'])}  (what is otherwise than in the latest run)`];
  }
  return [
    ...(first === undefined ? [] : [`${commandText('why', stored, [first])}  (what a number was made of)`]),
    ...(latest.before === undefined ? [`${commandText('diff', stored)}  (what moved since the run before)`] : []),
    ...(report === null ? [`${commandText('report', stored)}  (figures, and the lineage of every number)`] : []),
  ];
}
