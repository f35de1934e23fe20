// The runs whose manifests are kept, and the one among them that a question means.
import path from 'node:path';
import { ReproError } from '../error.ts';
import { readManifest } from '../manifest/manifest.ts';
import { isWhole, profileName } from '../manifest/standing.ts';
import type { Manifest } from '../schema/types.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes } from '../store/digest.ts';
import { keptRuns } from './kept-names.ts';
import { latestManifest, manifestPath, shownPath } from './places.ts';
import { readBounded } from './read-bounded.ts';

export interface NamedManifest {
  readonly manifest: Manifest;
  /** As a person in the current directory would type it. */
  readonly path: string;
  /** Of the file's bytes. */
  readonly digest: string;
  /** Of one found by a git revision: the revision's commit. */
  readonly commit?: string;
  /** Of one found by a git revision: how it is not of that commit, as sentences. */
  readonly mismatch?: readonly string[];
}

/** The manifest of a kept run. @throws {ReproError} `bad-manifest` where it is none */
export async function readKept(root: string, run: string): Promise<NamedManifest | null> {
  return readInProject(root, manifestPath(run));
}

/** The manifest that is published; null where there is none. @throws {ReproError} `bad-manifest` where it is none */
export async function readPublished(root: string): Promise<NamedManifest | null> {
  return readInProject(root, latestManifest);
}

async function readInProject(root: string, inProject: string): Promise<NamedManifest | null> {
  const shown = shownPath(root, inProject);
  const bytes = await readBounded(path.join(root, inProject), shown, 'unasked');
  return bytes && { manifest: readManifest(bytes, shown), path: shown, digest: digestBytes(bytes) };
}

type Read =
  | { readonly manifest: Manifest; readonly run: string }
  | { readonly manifest: null; readonly run: string; readonly message: string };

/** Their manifests, or why one cannot be read; one after the other: together they may be long. */
export async function* readAllKept(root: string, runs: readonly string[]): AsyncGenerator<Read> {
  for (const run of runs) {
    try {
      const found = await readKept(root, run);
      if (found !== null) yield { run, manifest: found.manifest };
    } catch (error) {
      if (!(error instanceof ReproError)) throw error;
      yield { run, manifest: null, message: error.message };
    }
  }
}

/** The last kept run that is as wanted. One whose manifest is damaged is not. */
export async function findKept(root: string, isWanted: (manifest: Manifest) => boolean): Promise<NamedManifest | null> {
  for (const run of await keptRuns(root)) {
    const found = await readKept(root, run).catch((error: unknown) => {
      if (error instanceof ReproError) return null;
      throw error;
    });
    if (found !== null && isWanted(found.manifest)) return found;
  }
  return null;
}

/** Whether two runs were asked the same: the same profile, settings and stages. */
export function isAlike(a: Manifest, b: Manifest): boolean {
  return isSetAs(a, b.pipeline) && canonicalJson(a.run.selected ?? null) === canonicalJson(b.run.selected ?? null);
}

interface Asked {
  /** null or none: the default. */
  readonly profile?: string | null | undefined;
  readonly overrides: Readonly<Record<string, unknown>>;
}

/** Whether a run had a profile and just these settings. */
export function isSetAs({ pipeline }: Manifest, { profile, overrides }: Asked): boolean {
  return (
    profileName(pipeline.profile) === profileName(profile) &&
    canonicalJson(pipeline.overrides) === canonicalJson(overrides)
  );
}

/** Whether it is a whole run of a profile. */
export function isWholeOf(manifest: Manifest, profile: string | undefined): boolean {
  return isWhole(manifest) && profileName(manifest.pipeline.profile) === profileName(profile);
}
