// Where the time of a run goes: the seconds of each stage, and the chain of stages that no parallel run can shorten.
import type { Manifest } from '../schema/types.ts';

export interface StageTimes {
  /** Seconds of all cells of a stage together. */
  readonly seconds: ReadonlyMap<string, number>;
  /** All of them together. */
  readonly total: number;
  /** Cells of the longest chain, and its seconds. */
  readonly path: readonly string[];
  readonly pathSeconds: number;
}

export function stageTimes({ stages }: Pick<Manifest, 'stages'>): StageTimes {
  const seconds = new Map<string, number>();
  const ends = new Map<string, { readonly at: number; readonly before: string | null }>();
  let last: string | null = null;
  for (const { id, stage, dependsOn, record } of stages) {
    const own = record?.seconds ?? 0;
    seconds.set(stage, (seconds.get(stage) ?? 0) + own);
    // Topological order: what it depends on has an end.
    const before = dependsOn.reduce<string | null>(
      (latest, each) => ((ends.get(each)?.at ?? -1) > (latest === null ? -1 : ends.get(latest)!.at) ? each : latest),
      null,
    );
    const at = own + (before === null ? 0 : ends.get(before)!.at);
    ends.set(id, { at, before });
    if (last === null || at > ends.get(last)!.at) last = id;
  }
  const path: string[] = [];
  for (let at = last; at !== null; at = ends.get(at)!.before) path.unshift(at);
  const total = [...seconds.values()].reduce((sum, each) => sum + each, 0);
  return { seconds, total, path, pathSeconds: last === null ? 0 : ends.get(last)!.at };
}
