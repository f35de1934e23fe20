// Stages executed again in clean directories, to see which results come out the same.
import { named, select } from '../pipeline/selection.ts';
import type { Manifest, ManifestStage } from '../schema/types.ts';
import { execute } from './execute.ts';
import type { Place } from './places.ts';
import { loadPlan } from './plan.ts';
import { forgetAnswer } from './run-index.ts';
import type { StageOptions } from './run-options.ts';

export interface AuditOptions extends StageOptions {
  /** How often again; once by default. */
  readonly runs?: number;
}

export interface AuditResult {
  /** Of the run that executed them. */
  readonly manifest: Manifest;
  /** The stages that were asked for, each with its `audit`; those without one have no result. */
  readonly stages: readonly ManifestStage[];
}

export async function audit(place: Place, options: AuditOptions): Promise<AuditResult> {
  const loaded = await loadPlan(place, options);
  const { plan: whole, placement } = loaded;
  const asked = options.stages ?? [];
  const plan = { ...whole, cells: select(whole, asked) };
  const cells = named(whole, asked);
  const repeat = { cells, times: options.runs ?? 1 };
  const { manifest } = await execute(place, plan, loaded, options, {
    placement,
    repeat,
    purpose: 'audit',
    ...(plan.cells.length < whole.cells.length && { selected: [...asked] }),
  });
  // Its answer knows nothing of these executions.
  forgetAnswer(place.root);
  return { manifest, stages: manifest.stages.filter((stage) => cells.has(stage.id)) };
}
