// `repro status`: what a run would do, found by the same fingerprints, running nothing.
import { type ExitCode, exitCode } from '../error.ts';
import { count } from '../manifest/text/number-text.ts';
import { visibleText } from '../manifest/text/visible-text.ts';
import { sourceText } from '../pipeline/input-source.ts';
import type { CellInspection, CellState } from '../runner/result.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import { openStore } from '../store/store.ts';
import { loadPlan, type PlanOptions } from './plan.ts';
import { paint, print, printJson, terminalWidth } from './view/print.ts';
import { projectRoot } from './project.ts';
import { tableLines } from './view/table.ts';

export async function statusVerb(options: PlanOptions & { readonly json?: boolean }): Promise<ExitCode> {
  const { plan } = await loadPlan(options);
  const cells = await inspectPipeline(plan, openStore(projectRoot(options)));
  if (options.json) printJson({ pipeline: plan.name, profile: plan.profile, stages: cells.map(cellDocument) });
  else for (const line of statusLines(cells)) print(line);
  return exitCode.ok;
}

const stateStyle = { current: 'green', stale: 'yellow', waiting: 'yellow', broken: 'red' } as const;

function statusLines(cells: readonly CellInspection[]): string[] {
  const [titles = '', ...lines] = tableLines(
    [{ title: 'stage' }, { title: 'state' }, { title: 'because', shrink: true }],
    cells.map(({ cell, state }) => [
      cell.id,
      paint(stateStyle[state.kind], state.kind),
      visibleText(reasonsOf(state).join('; ')),
    ]),
    terminalWidth(),
  );
  const current = cells.filter((cell) => cell.state.kind === 'current').length;
  const summary =
    current === cells.length
      ? 'A run would execute nothing.'
      : `A run would execute up to ${count(cells.length - current, 'stage')}.`;
  return [paint('dim', titles), ...lines, '', summary];
}

/** Why a cell is in its state, as sentences. */
export function reasonsOf(state: CellState): string[] {
  switch (state.kind) {
    case 'current':
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
    fingerprint: state.kind === 'current' ? state.record.fingerprint : null,
    dependsOn: cell.dependsOn,
    sources: Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, sourceText(source)])),
  };
}
