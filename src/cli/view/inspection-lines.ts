// The state of cells as text and as JSON: what a run would do with each, and why.
import { count, durationText } from '../../manifest/text/number-text.ts';
import { sourceText } from '../../pipeline/input-source.ts';
import type { CellInspection, CellState } from '../../runner/result.ts';
import { paint, terminalWidth } from './print.ts';
import { tableLines } from './table.ts';

const stateStyle = { current: 'green', remote: 'green', stale: 'yellow', waiting: 'yellow', broken: 'red' } as const;

/**
 * One line for each cell, and what a run would do.
 * @param remote Name of the remote that was asked
 */
export function statusLines(cells: readonly CellInspection[], remote: string | null = null): string[] {
  const [titles = '', ...lines] = tableLines(
    [{ title: 'stage' }, { title: 'state' }, { title: 'because', shrink: true }],
    cells.map(({ cell, state }) => [
      cell.id,
      paint(stateStyle[state.kind], state.kind === 'remote' ? `in ${remote ?? 'a remote'}` : state.kind),
      reasonsOf(state).join('; '),
    ]),
    terminalWidth(),
  );
  const number = (kind: CellState['kind']): number => cells.filter(({ state }) => state.kind === kind).length;
  const there = number('remote');
  const rest = cells.length - number('current') - there;
  const what = rest === 0 ? 'execute nothing' : `execute up to ${count(rest, 'stage')}`;
  const having = there === 0 ? '' : `, and have ${there} from ${remote ?? 'a remote'}`;
  const summary = `A run ${remote === null ? '' : `with --remote ${remote} `}would ${what}${having}.`;
  return [paint('dim', titles), ...lines, '', summary];
}

/** Why a cell is in its state, as sentences. */
function reasonsOf(state: CellState): string[] {
  switch (state.kind) {
    case 'current':
    case 'remote':
      return [];
    case 'stale':
      return [...state.reasons];
    case 'waiting':
      return [`what ${listed(state.on)} will write is not known yet`, ...state.reasons];
    case 'broken':
      return [state.failure.message, ...(state.failure.hint === undefined ? [] : [state.failure.hint])];
  }
}

/** A stage may gather thousands of cells. */
function listed(cells: readonly string[]): string {
  const shown = 5;
  const rest = cells.length - shown;
  return rest > 1 ? `${cells.slice(0, shown).join(', ')} and ${rest} more cells` : cells.join(', ');
}

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

/** One cell: since when it is up to date, or every reason why not. */
export function stageLines({ cell, state }: CellInspection): string[] {
  const id = paint('bold', cell.id);
  if (state.kind === 'current') {
    const { run, finishedAt, seconds, fingerprint } = state.record;
    return [
      `${id} is up to date: nothing it is made of has changed since run ${run}`,
      `    computed ${finishedAt} in ${durationText(seconds)}, fingerprint ${fingerprint}`,
    ];
  }
  if (state.kind === 'remote') return [`${id} would come from a remote`];
  const heading = { stale: 'would run', waiting: 'may run', broken: 'cannot run' }[state.kind];
  const since = state.kind === 'broken' ? null : state.since;
  const compared = since === null ? '' : `: compared with run ${since.run}, ${since.finishedAt},`;
  return [`${id} ${heading}${compared || ','} because`, ...reasonsOf(state).map((reason) => `    ${reason}`)];
}
