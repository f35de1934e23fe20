// The manifest of a git revision: the one committed there, or that of a run made at that commit.
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { readManifest } from '../manifest/manifest.ts';
import { isWhole, profileName } from '../manifest/standing.ts';
import type { Manifest } from '../schema/types.ts';
import { digestBytes } from '../store/digest.ts';
import { listRevision, resolveRevision, showRevision } from '../runner/git/git.ts';
import { keptRuns } from './kept-names.ts';
import { isWholeOf } from './kept-runs.ts';
import { manifestPath, shownPath } from './places.ts';
import { readBounded } from './read-bounded.ts';

const reference = 'artifacts/reference';

interface FoundManifest {
  readonly bytes: Uint8Array;
  readonly shown: string;
  readonly commit: string;
  readonly origin: 'run' | 'named' | 'in-place-of-run';
}

/**
 * The manifest that a revision means; null when the name is no revision. `REV:path` names a file. Without a path it is the
 * last whole run of the profile that was made at that commit without uncommitted changes; where none is kept, what is
 * committed there: artifacts/manifest.json, artifacts/reference/<profile>.json, or the only file there.
 * @throws {ReproError} `no-manifest` (usage) when the revision has none, with what it has
 */
export async function manifestAtRevision(
  root: string,
  name: string,
  profile: string | undefined,
): Promise<FoundManifest | null> {
  const [revision = '', ...file] = name.replace(/^git:/, '').split(':');
  const commit = await resolveRevision(root, revision);
  if (commit === null) return null;
  const run = file.length > 0 ? null : await wholeRunAt(root, commit, profile);
  if (run !== null) return { ...run, commit, origin: 'run' };
  const there = (await listRevision(root, commit, reference)).filter((each) => each.endsWith('.json'));
  const wanted = `${reference}/${profile ?? 'default'}.json`;
  const candidates =
    file.length > 0
      ? [file.join(':')]
      : ['artifacts/manifest.json', ...(there.includes(wanted) || there.length !== 1 ? [wanted] : there)];
  for (const candidate of candidates) {
    const bytes = await showRevision(root, commit, candidate);
    const origin = file.length > 0 ? 'named' : 'in-place-of-run';
    if (bytes !== null) return { bytes, shown: `${revision}:${candidate}`, commit, origin };
  }
  const names = there.map((each) => `${revision}:${each}`);
  const message =
    file.length > 0
      ? `Revision "${revision}" has no manifest ${candidates.at(-1)!}`
      : `No whole run of profile "${profileName(profile)}" is kept that was made at "${revision}" without --set and uncommitted changes, and none is committed there`;
  throw new ReproError('no-manifest', message, {
    exit: exitCode.usage,
    hint:
      names.length > 0
        ? `name one of ${names.join(', ')}`
        : 'check it out and run the pipeline there; or name a run that repro runs lists, or a profile',
  });
}

/** A manifest is committed after its run, maybe after its pipeline file was edited: then it is not of the commit it is found at. */
export async function mismatchOf(
  root: string,
  { commit, origin }: Pick<FoundManifest, 'commit' | 'origin'>,
  name: string,
  { pipeline }: Manifest,
): Promise<string[]> {
  const stand =
    origin === 'in-place-of-run' ? ['it is committed there, and no whole run made at that commit is kept'] : [];
  const directory = path.posix.dirname(pipeline.file);
  const included = (pipeline.included ?? []).map(({ file, digest }) => ({
    file: path.posix.join(directory, file),
    digest,
  }));
  for (const { file, digest } of [pipeline, ...included]) {
    const bytes = await showRevision(root, commit, file);
    if (bytes !== null && digestBytes(bytes) === digest) continue;
    const state = bytes === null ? 'is not there' : 'is another';
    return [...stand, `it is not of the pipeline at ${name}: ${file} ${state}`];
  }
  return stand;
}

/** Of the default profile, where none is named; where that was not run there, of the one that was run last. */
async function wholeRunAt(
  root: string,
  commit: string,
  profile: string | undefined,
): Promise<{ bytes: Uint8Array; shown: string } | null> {
  let other: { bytes: Uint8Array; shown: string } | null = null;
  for (const run of await keptRuns(root)) {
    const shown = shownPath(root, manifestPath(run));
    const bytes = await readBounded(path.join(root, manifestPath(run)), shown, 'unasked');
    // Long files, of which most are of other commits.
    if (!bytes?.includes(commit)) continue;
    const manifest = readManifest(bytes, shown);
    const { git } = manifest;
    if (git?.commit !== commit || git.dirty !== null) continue;
    if (isWholeOf(manifest, profile)) return { bytes, shown };
    if (profile === undefined && isWhole(manifest)) other ??= { bytes, shown };
  }
  return other;
}
