// What to know of a run that is compared with others.
import { standingParts } from '../../manifest/standing.ts';
import type { NamedManifest } from '../../project/named-manifest.ts';

/** Which run a name came to, where it may be another than one thinks: that of a revision, of a part, or with other settings. */
export function comparedNotes({ manifest, path, mismatch }: NamedManifest): string[] {
  const { run, pipeline, git } = manifest;
  const remarks = [
    ...(mismatch ?? []),
    ...standingParts(manifest),
    ...(run.outcome === 'complete' ? [] : [`the run is ${run.outcome}`]),
  ];
  if (mismatch === undefined && remarks.length === 0) return [];
  const commit =
    git === null ? 'no known commit' : `commit ${git.commit.slice(0, 12)}${git.dirty ? ' with changes' : ''}`;
  const origin = `${path} is run ${run.id}, profile ${pipeline.profile ?? 'default'}, made at ${commit}`;
  return [[origin, ...remarks].join('; ')];
}
