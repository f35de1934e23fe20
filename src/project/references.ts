// The manifests that gates lie around, read from the project.
import { lstatSync } from 'node:fs';
import path from 'node:path';
import type { ReferenceManifest } from '../manifest/gates/gates.ts';
import { readManifest } from '../manifest/manifest.ts';
import type { Plan } from '../pipeline/plan.ts';
import type { Manifest } from '../schema/types.ts';
import { digestBytes } from '../store/digest.ts';
import { shownPath } from './places.ts';
import { readBounded } from './read-bounded.ts';

/**
 * The reference manifests of a plan's gates by path; those that do not exist are left out, and leave gates unmeasured.
 * @throws {ReproError} `bad-manifest` for one that is not a manifest.
 */
export async function readReferences(
  root: string,
  { gates }: Pick<Plan, 'gates'>,
): Promise<Map<string, ReferenceManifest>> {
  const references = new Map<string, ReferenceManifest>();
  for (const { limit } of gates) {
    if (limit.kind !== 'band' || references.has(limit.reference)) continue;
    const found = await readReference(root, limit.reference);
    if (found !== null) references.set(limit.reference, found);
  }
  return references;
}

/**
 * The manifests that the gates of a manifest say they lie around, by digest, as far as the project still has them. What is
 * there instead is of no concern.
 */
export async function readStatedReferences(
  root: string,
  { gates }: Pick<Manifest, 'gates'>,
): Promise<Map<string, ReferenceManifest>> {
  const references = new Map<string, ReferenceManifest>();
  for (const { path: file, digest } of gates.flatMap(({ reference }) => reference ?? [])) {
    if (digest === undefined || references.has(digest) || !isFileOf(root, file)) continue;
    const found = await readReference(root, file).catch(() => null);
    if (found?.digest === digest) references.set(digest, found);
  }
  return references;
}

/** A manifest of somebody else may name anything, a pipe that nobody writes to among it. */
function isFileOf(root: string, file: string): boolean {
  if (path.isAbsolute(file) || path.normalize(file).startsWith('..')) return false;
  return lstatSync(path.join(root, file), { throwIfNoEntry: false })?.isFile() ?? false;
}

async function readReference(root: string, file: string): Promise<ReferenceManifest | null> {
  const shown = shownPath(root, file);
  const bytes = await readBounded(path.join(root, file), shown, 'unasked');
  if (bytes === null) return null;
  const { run, numbers } = readManifest(bytes, shown);
  return { digest: digestBytes(bytes), run: run.id, numbers };
}
