// What a result is made of, as objects: its outputs with the files in them, its log and curves, and the code it was computed by.
import type { StageRecord } from '../schema/types.ts';
import { type Digest, parseDigest } from '../store/digest.ts';
import type { Objects } from '../store/objects.ts';

/** Every object of a record that the store has; null where one of its outputs is not whole there. */
export async function objectsOf(record: StageRecord, objects: Objects): Promise<ReadonlySet<Digest> | null> {
  const found = new Set<Digest>();
  for (const output of Object.values(record.outputs)) {
    const digest = parseDigest(output.digest);
    if (!(await objects.verify(digest, output.kind))) return null;
    found.add(digest);
    if (output.kind === 'directory') for (const file of objects.readTree(digest)?.files ?? []) found.add(file.digest);
  }
  const { log, curves } = record;
  for (const text of [log, ...(curves === undefined ? [] : [curves]), ...Object.values(record.preimage.code)]) {
    const digest = parseDigest(text);
    if (await objects.verify(digest, 'file')) found.add(digest);
  }
  return found;
}
