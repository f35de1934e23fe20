// The state of cells as text and as JSON: what a run would do with each, and why.
import { count, durationText } from '../../manifest/text/number-text.ts';
import { sourceText } from '../../pipeline/input-source.ts';
import type { CellInspection, CellState } from '../../runner/result.ts';
import { cellsText, type Folded, foldCells, withoutCell } from './fold-cells.ts';
import type { LockOwner } from '../../store/lock.ts';
import { paint, terminalWidth } from './print.ts';
import { paintedLines } from './table.ts';

const stateStyle = {
  current: 'green',
  remote: 'green',
  running: 'cyan',
  stale: 'yellow',
  waiting: 'yellow',
  broken: 'red',
} as const;

/**
 * One line for each cell, or for all of a stage of which the same is said, and what a run would do.
 * @param remote Name of the remote that was asked
 * @param atWork Who runs stages meanwhile
 */
export function statusLines(
  cells: readonly CellInspection[],
  { remote = null, atWork = null }: { readonly remote?: string | null; readonly atWork?: LockOwner | null } = {},
): string[] {
  const lines = paintedLines(
    [{ title: 'stage' }, { title: 'state' }, { title: 'because', shrink: true }],
    folded(cells).map(({ entries: [{ cell, state }], name }) => [
      name ?? cell.id,
      paint(stateStyle[state.kind], state.kind === 'remote' ? `in ${remote ?? 'a remote'}` : state.kind),
      reasonsOf(state)
        .map((reason) => (name === null ? reason : withoutCell(reason)))
        .join('; '),
    ]),
    terminalWidth(),
  );
  const number = (kind: CellState['kind']): number => cells.filter(({ state }) => state.kind === kind).length;
  const there = number('remote');
  const rest = cells.length - number('current') - number('running') - there;
  const what = rest === 0 ? 'execute nothing' : `execute up to ${count(rest, 'stage')}`;
  const having = there === 0 ? '' : `, and have ${there} from ${remote ?? 'a remote'}`;
  const summary = `A run ${remote === null ? '' : `with --remote ${remote} `}would ${what}${having}.`;
  return [...lines, '', atWork === null ? summary : atWorkText(atWork, number('running'), rest)];
}

function atWorkText({ pid, host, since }: LockOwner, running: number, rest: number): string {
  const now = running === 1 ? '1 stage runs' : `${running} stages run`;
  return `Process ${pid} on ${host} is at work since ${since}: ${now}, up to ${rest} to come. repro attach shows it.`;
}

/** Why a cell is in its state, as sentences. */
function reasonsOf(state: CellState): string[] {
  switch (state.kind) {
    case 'current':
    case 'remote':
      return [];
    case 'running':
      return [runningText(state)];
    case 'stale':
      return [...state.reasons, ...(state.hasFailed ? ['its last attempt came to no result, and left a log'] : [])];
    case 'waiting':
      return [`what ${cellsText(state.on)} will write is not known yet`, ...state.reasons];
    case 'broken':
      return [state.failure.message, ...(state.failure.hint === undefined ? [] : [state.failure.hint])];
  }
}

function runningText({ beganAt, isWatched }: CellState & { readonly kind: 'running' }): string {
  const left = ', as a job that no run watches: the next run takes it over, or begins anew where it was ended';
  return `since ${beganAt}${isWatched ? '' : left}`;
}

const folded = (cells: readonly CellInspection[]): Folded<CellInspection>[] =>
  foldCells(
    cells,
    ({ cell }) => cell.stage,
    ({ state }) => [state.kind, ...reasonsOf(state)],
  );

/** An inspection as JSON, without the plan's source positions. */
export function cellDocument({ cell, state, sources }: CellInspection): unknown {
  return {
    stage: cell.id,
    state: state.kind,
    reasons: reasonsOf(state),
    since: 'since' in state && state.since ? { run: state.since.run, finishedAt: state.since.finishedAt } : null,
    fingerprint: ('record' in state && state.record?.fingerprint) || null,
    dependsOn: cell.dependsOn,
    sources: Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, sourceText(source)])),
  };
}

/** Cells: since when they are up to date, or every reason why not. */
export function stageLines(cells: readonly CellInspection[]): string[] {
  return folded(cells).flatMap(({ entries, name }) =>
    name === null ? cellLines(entries[0]) : foldLines(entries, name),
  );
}

function cellLines({ cell, state }: CellInspection): string[] {
  const id = paint('bold', cell.id);
  if (state.kind === 'current') {
    const { run, finishedAt, seconds, fingerprint } = state.record;
    return [
      `${id} is up to date: nothing it is made of has changed since run ${run}`,
      `    computed ${finishedAt} in ${durationText(seconds)}, fingerprint ${fingerprint}`,
    ];
  }
  if (state.kind === 'remote') return [`${id} would come from a remote`];
  if (state.kind === 'running') return [`${id} is running ${runningText(state)}`];
  const since = state.kind === 'broken' ? null : state.since;
  const compared = since === null ? '' : `: compared with run ${since.run}, ${since.finishedAt},`;
  return [`${id} ${headings[state.kind]}${compared || ','} because`, ...reasonLines(state, (reason) => reason)];
}

/** Cells of a stage of which the same is said: each may have been computed by another run. */
function foldLines([{ state }]: Folded<CellInspection>['entries'], name: string): string[] {
  const cells = paint('bold', name);
  if (state.kind === 'current') return [`${cells} are up to date: nothing they are made of has changed`];
  if (state.kind === 'remote') return [`${cells} would come from a remote`];
  if (state.kind === 'running') return [`${cells} are running ${runningText(state)}`];
  return [`${cells} ${headings[state.kind]}, because`, ...reasonLines(state, withoutCell)];
}

const headings = { stale: 'would run', waiting: 'may run', broken: 'cannot run' } as const;

const reasonLines = (state: CellState, told: (reason: string) => string): string[] =>
  reasonsOf(state).map((reason) => `    ${told(reason)}`);
