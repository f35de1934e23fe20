// A run to a remote: objects first, then the records that name them, then the manifest that names those. Killed at any
// moment, it leaves nothing that promises what is not there.
import type { KeyObject } from 'node:crypto';
import { canonicalJson } from '../store/canonical-json.ts';
import { type Digest, parseDigest } from '../store/digest.ts';
import type { Store } from '../store/store.ts';
import { isRecorded } from '../manifest/lineage.ts';
import type { Manifest, StageRecord } from '../schema/types.ts';
import { objectsOf } from './contents.ts';
import { seal } from './envelope.ts';
import { manifestKey, objectKey, recordKey, tagKey, thisPlatform } from './keys.ts';
import { inParallel } from './parallel.ts';
import type { Remote } from './remote.ts';

export interface PushOptions {
  readonly store: Store;
  /** Who vouches for what is pushed; null where nobody does. */
  readonly key: KeyObject | null;
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress {
  readonly done: number;
  readonly total: number;
  readonly bytes: number;
}

export interface Pushed {
  /** Objects that went over the line, and their bytes. */
  readonly objects: number;
  readonly bytes: number;
  readonly records: number;
  /** Cells whose results stay here, each with why. */
  readonly leftOut: readonly { readonly cell: string; readonly why: string }[];
}

/** Pushes a run: its manifest, byte for byte, and every result that it names and that is whole here. */
export async function pushRun(
  remote: Remote,
  run: { readonly manifest: Manifest; readonly text: string; readonly tags: readonly string[] },
  options: PushOptions,
): Promise<Pushed> {
  const { store, key, signal } = options;
  const { manifest, text, tags } = run;
  const records: StageRecord[] = [];
  const digests = new Set<Digest>();
  const leftOut: { cell: string; why: string }[] = [];
  for (const { id, record } of manifest.stages.filter(isRecorded)) {
    // Records of format 1 hold the values of environment variables.
    const found = record.format === 'repro.record/1' ? null : await objectsOf(record, store.objects);
    const why = record.format === 'repro.record/1' ? 'its record is of format 1' : 'its outputs are not whole here';
    if (found === null) leftOut.push({ cell: id, why });
    else {
      records.push(record);
      for (const digest of found) digests.add(digest);
    }
  }
  const sent = await pushObjects(remote, digests, options);
  const platform = thisPlatform();
  const envelopes = new Map(
    records.map((record) => [recordKey(platform, parseDigest(record.fingerprint)), record] as const),
  );
  const known = await remote.has([...envelopes.keys()], signal);
  const fresh = [...envelopes].filter(([place]) => !known.has(place));
  await inParallel(fresh, ([place, record]) =>
    remote.put(place, seal('record', canonicalJson(record), key), { signal }),
  );
  await remote.put(manifestKey(manifest.run.id), seal('manifest', text, key), { signal });
  for (const tag of tags) {
    await remote.put(tagKey(tag), seal('tag', canonicalJson({ tag, run: manifest.run.id }), key), { signal });
  }
  return { ...sent, records: fresh.length, leftOut };
}

async function pushObjects(
  remote: Remote,
  digests: ReadonlySet<Digest>,
  { store, signal, onProgress }: PushOptions,
): Promise<{ objects: number; bytes: number }> {
  const known = await remote.has([...digests].map(objectKey), signal);
  const missing = [...digests].filter((digest) => !known.has(objectKey(digest)));
  let done = 0;
  let bytes = 0;
  await inParallel(missing, async (digest) => {
    await remote.put(objectKey(digest), store.objects.path(digest), {
      signal,
      onBytes: (count) => {
        bytes += count;
        onProgress?.({ done, total: missing.length, bytes });
      },
    });
    done += 1;
    onProgress?.({ done, total: missing.length, bytes });
  });
  return { objects: missing.length, bytes };
}
