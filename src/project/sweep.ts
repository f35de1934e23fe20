// A run for each combination of values of parameters, one after the other, in the same store: what they share is computed once.
import { exitCode, ReproError } from '../error.ts';
import { select } from '../pipeline/selection.ts';
import type { Json } from '../pipeline/plan.ts';
import { inspectPipeline } from '../runner/inspect.ts';
import type { Manifest } from '../schema/types.ts';
import { openStore } from '../store/store.ts';
import { executePlan } from './execute.ts';
import { findKept, isSetAs } from './kept-runs.ts';
import { loadPlan } from './plan.ts';
import type { Place } from './places.ts';
import type { RunOptions } from './run-options.ts';
import { parseSettings } from './settings.ts';

/** What is set in one run of a sweep. */
export type SweepPoint = Readonly<Record<string, Json>>;

export interface SweepOptions extends Omit<RunOptions, 'set' | 'force'> {
  /** Values by path: a run for each combination, the last path varying fastest. */
  readonly values: Readonly<Record<string, readonly Json[]>>;
  /** Is told of each point before it is run. */
  readonly onPoint?: (point: SweepPoint, index: number, points: number) => void | Promise<void>;
}

export interface SweptRun {
  readonly point: SweepPoint;
  readonly manifest: Manifest;
  /** An earlier sweep had made this very run, and nothing has changed since. */
  readonly isKnown: boolean;
}

/** `['a=2,4', 'b=x,y']` as values by path. @throws {ReproError} `bad-setting` (usage) */
export function parseSweep(settings: readonly string[]): Record<string, readonly Json[]> {
  const values: Record<string, readonly Json[]> = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const [path, list] = [setting.slice(0, equals), `[${setting.slice(equals + 1)}]`];
    const parsed = equals < 1 ? parseSettings([setting])[setting] : parseSettings([`${path}=${list}`])[path];
    if (!Array.isArray(parsed) || parsed.length === 0 || parsed.includes(null)) {
      throw new ReproError('bad-setting', `"${setting}" is no list of values`, {
        exit: exitCode.usage,
        hint: 'write them with commas between: --set model.width=16,32,64',
      });
    }
    if (Object.hasOwn(values, path)) {
      throw new ReproError('bad-setting', `"${path}" is set twice`, {
        exit: exitCode.usage,
        hint: `put its values into one list: --set ${path}=1,2`,
      });
    }
    values[path] = parsed;
  }
  return values;
}

/** Every combination, the last path varying fastest. */
export function sweepPoints(values: SweepOptions['values']): SweepPoint[] {
  return Object.entries(values).reduce<SweepPoint[]>(
    (points, [path, each]) => points.flatMap((point) => each.map((value) => ({ ...point, [path]: value }))),
    [{}],
  );
}

/**
 * Runs each point, those after one that failed too. `artifacts` and the latest run stay as they are. A point that an earlier
 * sweep ran is not run again while nothing that it rests on has changed: so one that was broken off goes on.
 */
export async function sweep(place: Place, { values, onPoint, ...options }: SweepOptions): Promise<SweptRun[]> {
  const points = sweepPoints(values);
  // Before the first one is run, all are known to be possible.
  for (const point of points) await loadPlan({ ...place, onWarning: () => {} }, { ...options, set: point });
  const swept: SweptRun[] = [];
  for (const [index, point] of points.entries()) {
    if (options.signal?.aborted) break;
    await onPoint?.(point, index, points.length);
    const known = await knownRun(place, point, options);
    if (known !== null) swept.push({ point, manifest: known, isKnown: true });
    else swept.push({ point, manifest: await runPoint(place, point, options), isKnown: false });
  }
  return swept;
}

async function runPoint(place: Place, point: SweepPoint, options: RunOptions): Promise<Manifest> {
  const { manifest } = await executePlan(place, { ...options, set: point }, { unpublished: true, purpose: 'sweep' });
  return manifest;
}

/** The complete run of a point whose every result is that which a run would give now. */
async function knownRun(place: Place, point: SweepPoint, options: RunOptions): Promise<Manifest | null> {
  const { plan: whole } = await loadPlan({ ...place, onWarning: () => {} }, { ...options, set: point });
  const asked = options.stages ?? [];
  const cells = select(whole, asked);
  const states = await inspectPipeline({ ...whole, cells }, openStore(place.root));
  const fingerprints = new Map<string, string>();
  for (const { cell, state } of states) {
    if (state.kind !== 'current') return null;
    fingerprints.set(cell.id, state.record.fingerprint);
  }
  const found = await findKept(place.root, (manifest) => {
    const { run, stages } = manifest;
    return (
      isSetAs(manifest, { profile: whole.profile, overrides: point }) &&
      run.purpose === 'sweep' &&
      run.outcome === 'complete' &&
      stages.length === fingerprints.size &&
      stages.every(({ id, record }) => record?.fingerprint === fingerprints.get(id))
    );
  });
  return found?.manifest ?? null;
}
