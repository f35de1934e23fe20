// `artifacts/manifest.json`: the latest whole run. Another run leaves it alone, and says what of its artifacts it replaced.
import path from 'node:path';
import { isWhole, standingText } from '../manifest/standing.ts';
import type { Json } from '../pipeline/plan.ts';
import type { Manifest } from '../schema/types.ts';
import { writeInProject } from '../store/atomic-write.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { digestBytes, hashFile } from '../store/digest.ts';
import { sealJson } from '../store/sealed-json.ts';
import {
  isAnything,
  isListOf,
  isNullOr,
  isObjectWith,
  isOneOf,
  isSha256,
  isTableOf,
  isText,
  optional,
  type Shape,
} from '../store/shape.ts';
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
export async function updateLatest(manifest: Manifest, text: Buffer, store: Store): Promise<LatestRun> {
  const { fileSystem, root } = store;
  const before = await askedBefore(store);
  const run = manifest.run.id;
  if (before !== null && isWhole(before) && !isWhole(manifest)) {
    return { run: before.run.id, replaced: replacedBy(manifest, await publishedBefore(root)) };
  }
  // A link may lead to the manifest that is kept of another run.
  writeInProject(fileSystem, root, latestManifest, text);
  rememberAsked(manifest, text, store);
  const standing = before && standingText(before);
  if (before === null || standing === standingText(manifest)) return { run, replaced: [] };
  return { run, before: `run ${before.run.id}${standing === null ? '' : `, ${standing}`}`, replaced: [] };
}

/** What a manifest says of what its run was asked. */
interface Asked {
  readonly run: Pick<Manifest['run'], 'id' | 'selected' | 'purpose'>;
  readonly pipeline: Pick<Manifest['pipeline'], 'profile' | 'overrides'>;
}

/**
 * `.repro/cache/latest.json`: that of the manifest that was published last, by the digest of its bytes. A manifest of 10,000
 * stages has 20 MB: to read it takes longer than to run one of them.
 */
interface LatestCache extends Asked {
  readonly digest: string;
}

const format = 'repro.latest/1';
const isLatestCache = isObjectWith<LatestCache>({
  digest: isSha256,
  run: isObjectWith<Asked['run']>({
    id: isText,
    selected: optional(isListOf(isText)) as Shape<Asked['run']['selected']>,
    purpose: optional(isOneOf('audit', 'sweep')),
  }),
  pipeline: isObjectWith<Asked['pipeline']>({
    profile: isNullOr(isText),
    overrides: isTableOf(isAnything as Shape<Json>),
  }),
});

/** What the run was asked whose manifest is published; null where there is none. */
async function askedBefore(store: Store): Promise<Asked | null> {
  const known = store.files.readSealed(cachePath(store), 'What is known of the latest run', format, isLatestCache);
  return known !== null && (await publishedDigest(store)) === known.digest ? known : publishedBefore(store.root);
}

function rememberAsked({ run, pipeline: { profile, overrides } }: Manifest, text: Buffer, store: Store): void {
  const { id, selected, purpose } = run;
  const known: LatestCache & { readonly format: string } = {
    format,
    digest: digestBytes(text),
    run: { id, ...(selected && { selected }), ...(purpose && { purpose }) },
    pipeline: { profile, overrides },
  };
  try {
    store.files.write(cachePath(store), sealJson(known));
  } catch {
    // On a full disk the next run reads the manifest.
  }
}

/** Null where nothing can be read. */
async function publishedDigest({ fileSystem, root }: Store): Promise<string | null> {
  const file = path.join(root, latestManifest);
  try {
    // Reading a pipe would wait for ever.
    return fileSystem.statSync(file).isFile() ? (await hashFile(fileSystem, file)).digest : null;
  } catch {
    return null;
  }
}

/** What is no manifest makes way for one. */
async function publishedBefore(root: string): Promise<Manifest | null> {
  return (await readPublished(root).catch(() => null))?.manifest ?? null;
}

function cachePath({ directory }: Store): string {
  return path.join(directory, 'cache', 'latest.json');
}

function replacedBy({ stages }: Manifest, before: Manifest | null): string[] {
  const earlier = new Map(before?.stages.map((stage) => [stage.id, stage]));
  return stages.flatMap(({ id, published, record }) => {
    const there = earlier.get(id);
    if (published === undefined || there?.published === undefined) return [];
    return canonicalJson(record?.outputs ?? {}) === canonicalJson(there.record?.outputs ?? {}) ? [] : [published];
  });
}
