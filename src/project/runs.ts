// All runs that are kept, each with what it was and what came out.
import { judgedGates } from '../manifest/gates/left-out.ts';
import { settingsOf } from '../manifest/standing.ts';
import type { Manifest, ManifestGate } from '../schema/types.ts';
import { keptRuns } from './kept-names.ts';
import { readAllKept } from './kept-runs.ts';
import { loadManifest } from './named-manifest.ts';
import { readTags } from './tags.ts';

export interface ListedRun {
  readonly run: Manifest['run'];
  readonly pipeline: Pick<Manifest['pipeline'], 'profile' | 'overrides'>;
  readonly git: Manifest['git'];
  readonly seconds: number;
  /** `gate`: complete, and a gate that it could be judged by did not pass. */
  readonly verdict: 'ok' | 'gate' | 'failed' | 'interrupted';
  /** How many gates came out how; those on stages that it left out are not counted. */
  readonly gates: Readonly<Partial<Record<ManifestGate['verdict'], number>>>;
  readonly numbers: number;
  readonly isLatest: boolean;
  readonly tags: readonly string[];
}

export interface RunList {
  /** The last one first. */
  readonly runs: readonly ListedRun[];
  /** Of those whose manifests cannot be read: why. */
  readonly unreadable: readonly { readonly run: string; readonly message: string }[];
}

export async function listRuns(root: string): Promise<RunList> {
  const latest = await loadManifest(root, 'latest').catch(() => null);
  const tags = await readTags(root);
  const runs: ListedRun[] = [];
  const unreadable: { run: string; message: string }[] = [];
  for await (const found of readAllKept(root, await keptRuns(root))) {
    if (found.manifest === null) unreadable.push(found);
    else runs.push(listed(found.manifest, latest?.manifest.run.id ?? null, tags));
  }
  return { runs, unreadable };
}

export function listed(
  manifest: Manifest,
  latest: string | null,
  tags: Awaited<ReturnType<typeof readTags>>,
): ListedRun {
  const { run, git, gates, numbers, stages } = manifest;
  const ids = stages.map(({ id }) => id);
  const judged = judgedGates(gates, ids);
  const counts: Partial<Record<ManifestGate['verdict'], number>> = {};
  for (const { verdict } of judged) counts[verdict] = (counts[verdict] ?? 0) + 1;
  const passes = judged.every(({ verdict }) => verdict === 'PASS');
  return {
    run,
    pipeline: settingsOf(manifest),
    git,
    seconds: (Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000,
    verdict: run.outcome === 'complete' ? (passes ? 'ok' : 'gate') : run.outcome,
    gates: counts,
    numbers: numbers.length,
    isLatest: run.id === latest,
    tags: tags.filter((each) => each.run === run.id).map(({ tag }) => tag),
  };
}
