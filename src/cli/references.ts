// The manifests that gates lie around, read from the project.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { ReferenceManifest } from '../manifest/gates.ts';
import { readManifest } from '../manifest/manifest.ts';
import type { Plan } from '../pipeline/plan.ts';
import { digestBytes } from '../store/digest.ts';
import { projectRoot, type ProjectOptions, shownPath } from './project.ts';

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
    const text = await readFile(path.join(projectRoot(options), limit.reference), 'utf8').catch(() => null);
    if (text === null) continue;
    const { run, numbers } = readManifest(text, shownPath(options, limit.reference));
    references.set(limit.reference, { digest: digestBytes(text), run: run.id, numbers });
  }
  return references;
}
