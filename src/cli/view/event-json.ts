// A run as JSON lines: every event as it comes, one object per line.
import { judgedGates } from '../../manifest/gates/left-out.ts';
import { manifestPath } from '../../project/places.ts';
import type { RunSummary } from '../../project/run-summary.ts';
import type { Emit, RunEvent } from '../../runner/event.ts';
import { groupsOf } from './fold-cells.ts';
import { jsonText } from './print.ts';

export function eventJson(write: (line: string) => void): Emit {
  return (event) => write(jsonText(event));
}

/** A run that needed none of its stages, as one that restores them all. */
export function* restoredEvents(run: RunSummary): Generator<RunEvent> {
  const { id, pipeline, profile, stages, numbers, gates, warnings, seconds } = run;
  const ids = stages.map((stage) => stage.id);
  yield { kind: 'run-started', run: id, pipeline, profile, stages: ids };
  for (const { stage, message } of warnings) yield { kind: 'warning', stage, message };
  const reported = new Map(groupsOf(numbers, ({ stage }) => stage).map((group) => [group[0].stage, group]));
  for (const { id: stage, computed } of stages) {
    const own = (reported.get(stage) ?? []).map(({ name, number }) => [name, number] as const);
    if (computed) yield { kind: 'stage-restored', stage, ...computed, numbers: Object.fromEntries(own) };
  }
  for (const gate of judgedGates(gates, ids)) yield { kind: 'gate-judged', gate };
  const done = { computed: 0, restored: stages.length, failed: 0 };
  yield { kind: 'run-finished', outcome: 'complete', manifest: manifestPath(id), ...done, seconds };
}
