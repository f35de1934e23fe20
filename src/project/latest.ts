// `artifacts/manifest.json`: the latest whole run. Another run leaves it alone, and says what of its artifacts it replaced.
import { isWhole, standingText } from '../manifest/standing.ts';
import type { Manifest } from '../schema/types.ts';
import { writeInProject } from '../store/atomic-write.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import type { Store } from '../store/store.ts';
import { readPublished } from './kept-runs.ts';
import { latestManifest } from './places.ts';

export interface LatestRun {
  /** The run that `artifacts/manifest.json` is of now. */
  readonly run: string;
  /** What the run in whose place it came was, where that was something else: `run X, profile ci`. */
  readonly before?: string;
  /** Directories in `artifacts` that a run which is not the latest has written other results into. */
  readonly replaced: readonly string[];
}

/** Makes a run the latest, unless it is none of the whole pipeline and the latest is. @param text The manifest as it is written */
export async function updateLatest(manifest: Manifest, text: Buffer, { fileSystem, root }: Store): Promise<LatestRun> {
  // What is no manifest makes way for one.
  const before = (await readPublished(root).catch(() => null))?.manifest ?? null;
  const run = manifest.run.id;
  if (before !== null && isWhole(before) && !isWhole(manifest)) {
    return { run: before.run.id, replaced: replacedBy(manifest, before) };
  }
  // A link may lead to the manifest that is kept of another run.
  writeInProject(fileSystem, root, latestManifest, text);
  const standing = before && standingText(before);
  if (before === null || standing === standingText(manifest)) return { run, replaced: [] };
  return { run, before: `run ${before.run.id}${standing === null ? '' : `, ${standing}`}`, replaced: [] };
}

function replacedBy({ stages }: Manifest, before: Manifest): string[] {
  const earlier = new Map(before.stages.map((stage) => [stage.id, stage]));
  return stages.flatMap(({ id, published, record }) => {
    const there = earlier.get(id);
    if (published === undefined || there?.published === undefined) return [];
    return canonicalJson(record?.outputs ?? {}) === canonicalJson(there.record?.outputs ?? {}) ? [] : [published];
  });
}
