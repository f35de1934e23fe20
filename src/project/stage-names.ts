// Which stages a project has, whatever the profile.
import { InvalidFile } from './invalid-file.ts';
import { ReproError } from '../error.ts';
import type { Place } from './places.ts';
import { loadPlan } from './plan.ts';

/** Names of the stages of the pipeline file; null where there is none, or it is wrong. */
export async function stageNames(place: Place): Promise<ReadonlySet<string> | null> {
  try {
    const { plan } = await loadPlan({ ...place, onWarning: () => {} }, {});
    return new Set([...plan.cells.map(({ stage }) => stage), ...Object.keys(plan.leftOut)]);
  } catch (error) {
    if (error instanceof InvalidFile || error instanceof ReproError) return null;
    throw error;
  }
}
