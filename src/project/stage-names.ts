// Which stages a project has, whatever the profile.
import { InvalidFile } from './invalid-file.ts';
import { ReproError } from '../error.ts';
import type { Place } from './places.ts';
import { loadPlan } from './plan.ts';

export interface StageNames {
  /** What they are called. */
  readonly names: ReadonlySet<string>;
  /** What they are known under: a stage that was renamed keeps its results under its first name. */
  readonly identities: ReadonlySet<string>;
}

/** Of the pipeline file; null where there is none, or it is wrong. */
export async function stageNames(place: Place): Promise<StageNames | null> {
  try {
    const { plan } = await loadPlan({ ...place, onWarning: () => {} }, {});
    const others = Object.keys(plan.leftOut);
    return {
      names: new Set([...plan.cells.map(({ stage }) => stage), ...others]),
      identities: new Set([...plan.cells.map(({ identity }) => identity), ...others]),
    };
  } catch (error) {
    if (error instanceof InvalidFile || error instanceof ReproError) return null;
    throw error;
  }
}
