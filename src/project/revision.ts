// The manifest of a git revision: the one committed there, or that of a run made at that commit.
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { readManifest } from '../manifest/manifest.ts';
import type { Manifest } from '../schema/types.ts';
import { digestBytes } from '../store/digest.ts';
import { listRevision, resolveRevision, showRevision } from '../runner/git/git.ts';
import { readBounded } from './read-bounded.ts';

const reference = 'artifacts/reference';

/**
 * Bytes and name of the manifest at a revision, or null when the name is no revision. `REV:path` names the file; without,
 * it is artifacts/manifest.json, artifacts/reference/<profile>.json, or the only file there. Where none is committed it is
 * the latest run made at that commit without uncommitted changes.
 * @throws {ReproError} `no-manifest` (usage) when the revision has none, with what it has
 */
export async function manifestAtRevision(
  root: string,
  name: string,
  profile: string | undefined,
  manifests: string,
): Promise<{ bytes: Uint8Array; shown: string; commit: string } | null> {
  const [revision = '', ...file] = name.replace(/^git:/, '').split(':');
  const commit = await resolveRevision(root, revision);
  if (commit === null) return null;
  const there = (await listRevision(root, commit, reference)).filter((each) => each.endsWith('.json'));
  const wanted = `${reference}/${profile ?? 'default'}.json`;
  const candidates =
    file.length > 0
      ? [file.join(':')]
      : ['artifacts/manifest.json', ...(there.includes(wanted) || there.length !== 1 ? [wanted] : there)];
  for (const candidate of candidates) {
    const bytes = await showRevision(root, commit, candidate);
    if (bytes !== null) return { bytes, shown: `${revision}:${candidate}`, commit };
  }
  const run = file.length > 0 ? null : await latestRunAt(commit, manifests);
  if (run !== null) return { ...run, commit };
  const names = there.map((each) => `${revision}:${each}`);
  throw new ReproError('no-manifest', `Revision "${revision}" has no manifest ${candidates.at(-1)!}`, {
    exit: exitCode.usage,
    hint:
      names.length > 0
        ? `name one of ${names.join(', ')}`
        : `commit one as ${reference}/default.json, or run the pipeline at that commit: no run is known that was`,
  });
}

/** A manifest is committed after its run, maybe after its pipeline file was edited: then it is not of the commit it is found at. */
export async function mismatchOf(
  root: string,
  commit: string,
  name: string,
  { pipeline }: Manifest,
): Promise<string[]> {
  const directory = path.posix.dirname(pipeline.file);
  const included = (pipeline.included ?? []).map(({ file, digest }) => ({
    file: path.posix.join(directory, file),
    digest,
  }));
  for (const { file, digest } of [pipeline, ...included]) {
    const bytes = await showRevision(root, commit, file);
    if (bytes !== null && digestBytes(bytes) === digest) continue;
    return [`it is not of the pipeline at ${name}: ${file} ${bytes === null ? 'is not there' : 'is another'}`];
  }
  return [];
}

async function latestRunAt(commit: string, manifests: string): Promise<{ bytes: Uint8Array; shown: string } | null> {
  const files = (await readdir(manifests).catch(() => [])).filter((file) => file.endsWith('.json')).sort();
  for (const file of files.reverse()) {
    const shown = path.relative(process.cwd(), path.join(manifests, file));
    const bytes = await readBounded(path.join(manifests, file), shown, 'unasked');
    // Long files, of which most are of other commits.
    if (!bytes?.includes(commit)) continue;
    const { git } = readManifest(bytes, shown);
    if (git?.commit === commit && git.dirty === null) return { bytes, shown };
  }
  return null;
}
