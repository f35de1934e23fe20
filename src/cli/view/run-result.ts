// What a run came to, as text: numbers, gates, failures, where things are, and what to do next.
import { count, durationText } from '../../manifest/text/number-text.ts';
import { latestManifest, manifestPath, type Place, shownPath } from '../../project/places.ts';
import type { RunSummary, StageSummary } from '../../project/run-summary.ts';
import { commandText } from './command-text.ts';
import { few, groupsOf, listedText, stageOf } from './fold-cells.ts';
import { gateLines, gateSummary, leftOutLines } from './gate-lines.ts';
import { numberLines } from './number-lines.ts';
import { paint } from './print.ts';

type Asked = Pick<RunSummary, 'profile' | 'overrides'> & Pick<Place, 'file'>;

/** @param report Path of the page, where one was written. */
export function resultLines(place: Pick<Place, 'file' | 'root'>, run: RunSummary, report: string | null): string[] {
  const { id, numbers, gates, audited, stages, isUpToDate } = run;
  const lines: string[] = [
    ...(isUpToDate ? [`run ${id}: ${count(stages.length, 'stage')}, nothing has changed since`] : []),
    ...(isUpToDate ? run.warnings : []).map(({ stage, message }) => `warning: ${stage}: ${message}`),
    ...(numbers.length > 0 ? ['', ...numberLines({ numbers, stages: audited }, true)] : []),
    ...(gates.length > 0 ? ['', ...gateLines(gates), '', gateSummary(gates)] : []),
    ...leftOutLines(
      gates,
      stages.map((stage) => stage.id),
    ),
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
  lines.push('', outcomeText(run), `manifest  ${shown(manifestPath(id))} (also ${shown(latestManifest)})`);
  if (report !== null) lines.push(`report    ${report}`);
  for (const { id: stage, kept } of stages) if (kept !== undefined) lines.push(`kept      ${shown(kept)}  (${stage})`);
  for (const [index, next] of nextCommands(plan, run, report).entries()) {
    lines.push(`${index === 0 ? 'next      ' : '          '}${next}`);
  }
  return lines;
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

function nextCommands(plan: Asked, { outcome, numbers }: RunSummary, report: string | null): string[] {
  if (outcome === 'interrupted') return [`${commandText('run', plan)}  (goes on where this run stopped)`];
  if (outcome === 'failed') return [`${commandText('run', plan)}  (runs again only what has not succeeded)`];
  const first = numbers.at(-1)?.address;
  const stored = { file: plan.file, profile: null, overrides: {} };
  return [
    ...(first === undefined ? [] : [`${commandText('why', stored, [first])}  (what a number was made of)`]),
    `${commandText('diff', stored)}  (what moved since the run before)`,
    ...(report === null ? [`${commandText('report', stored)}  (figures, and the lineage of every number)`] : []),
  ];
}
