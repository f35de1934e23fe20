// The manifests that gates lie around, read from the project.
import path from 'node:path';
import type { ReferenceManifest } from '../manifest/gates.ts';
import { readManifest } from '../manifest/manifest.ts';
import type { Plan } from '../pipeline/plan.ts';
import { digestBytes } from '../store/digest.ts';
import { projectRoot, type ProjectOptions, shownPath } from './project.ts';
import { readBounded } from './read-bounded.ts';

/**
 * The reference manifests of a plan's gates by path; those that do not exist are left out, and leave gates unmeasured.
 * @throws {ReproError} `bad-manifest` for one that is not a manifest.
 */
export async function readReferences(
  options: ProjectOptions,
  { gates }: Pick<Plan, 'gates'>,
): Promise<Map<string, ReferenceManifest>> {
  const references = new Map<string, ReferenceManifest>();
  for (const { limit } of gates) {
    if (limit.kind !== 'band' || references.has(limit.reference)) continue;
    const shown = shownPath(options, limit.reference);
    const bytes = await readBounded(path.join(projectRoot(options), limit.reference), shown);
    if (bytes === null) continue;
    const { run, numbers } = readManifest(bytes, shown);
    references.set(limit.reference, { digest: digestBytes(bytes), run: run.id, numbers });
  }
  return references;
}
