// What a run came to, as text: numbers, gates, failures, where things are, and what to do next.
import { count, durationText } from '../../manifest/text/number-text.ts';
import { visibleText } from '../../manifest/text/visible-text.ts';
import type { Plan, CellPlan } from '../../pipeline/plan.ts';
import type { RunResult, CellOutcome } from '../../runner/result.ts';
import type { Manifest } from '../../schema/types.ts';
import { gateLines, gateSummary, leftOutLines } from './gate-lines.ts';
import { numberLines } from './number-lines.ts';
import { commandText } from './command-text.ts';
import { paint } from './print.ts';
import { latestManifest, manifestPath, shownPath } from '../../project/places.ts';

type Asked = Pick<Plan, 'file' | 'profile' | 'overrides'>;

export interface ShownResult extends Pick<RunResult, 'runId' | 'outcome' | 'seconds'> {
  readonly cells: readonly ShownStage[];
}

interface ShownStage extends Pick<CellOutcome, 'status' | 'failure'> {
  readonly cell: Pick<CellPlan, 'id'>;
}

type Shown = Pick<Manifest, 'numbers' | 'gates' | 'stages'>;

/** @param report Path of the page, where one was written. */
export function resultLines(plan: Asked, result: ShownResult, manifest: Shown, report: string | null): string[] {
  const lines: string[] = [
    ...(manifest.numbers.length > 0 ? ['', ...numberLines(manifest, true)] : []),
    ...(manifest.gates.length > 0 ? ['', ...gateLines(manifest.gates), '', gateSummary(manifest.gates)] : []),
    ...leftOutLines(
      manifest.gates,
      result.cells.map(({ cell: { id } }) => id),
    ),
  ];
  for (const stage of result.cells) if (stage.failure) lines.push('', ...failureLines(plan, stage));
  lines.push(
    '',
    outcomeText(result),
    `manifest  ${shownPath(plan, manifestPath(result.runId))} (also ${shownPath(plan, latestManifest)})`,
  );
  if (report !== null) lines.push(`report    ${report}`);
  for (const [index, next] of nextCommands(plan, result, manifest, report).entries()) {
    lines.push(`${index === 0 ? 'next      ' : '          '}${next}`);
  }
  return lines;
}

function outcomeText({ outcome, cells: stages, seconds }: ShownResult): string {
  const style = { complete: 'green', failed: 'red', interrupted: 'yellow' } as const;
  const statuses = (['computed', 'restored', 'failed', 'blocked', 'cancelled'] as const)
    .map((status) => [status, stages.filter((stage) => stage.status === status).length] as const)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}`);
  return `${paint(style[outcome], outcome)}: ${count(stages.length, 'stage')} (${statuses.join(', ')}) in ${durationText(seconds)}`;
}

/** Name, reason, the last lines of the log, where the rest is, and how to repeat it alone. */
function failureLines(plan: Asked, { cell: stage, failure }: ShownStage): string[] {
  if (!failure) return [];
  return [
    `${paint('red', 'FAILED')} ${stage.id}: ${failure.code}: ${visibleText(failure.message)}`,
    ...(failure.hint === undefined ? [] : [`  hint: ${visibleText(failure.hint)}`]),
    ...failure.tail.slice(-20).map((line) => `  ${paint('dim', '|')} ${visibleText(line)}`),
    ...(failure.log === null ? [] : [`  log: ${shownPath(plan, failure.log)}`]),
    `  repeat it alone: ${commandText('run', plan, [stage.id])}`,
  ];
}

function nextCommands(plan: Asked, { outcome }: ShownResult, manifest: Shown, report: string | null): string[] {
  if (outcome === 'interrupted') return [`${commandText('run', plan)}  (goes on where this run stopped)`];
  if (outcome === 'failed') return [`${commandText('run', plan)}  (runs again only what has not succeeded)`];
  const first = manifest.numbers.at(-1)?.address;
  const stored = { file: plan.file, profile: null, overrides: {} };
  return [
    ...(first === undefined ? [] : [`${commandText('why', stored, [first])}  (what a number was made of)`]),
    `${commandText('diff', stored)}  (what moved since the run before)`,
    ...(report === null ? [`${commandText('report', stored)}  (figures, and the lineage of every number)`] : []),
  ];
}
