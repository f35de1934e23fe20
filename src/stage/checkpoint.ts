// Files that survive a kill at any moment: written beside, then renamed into place.
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Replaces `path` by `bytes` in one step: a reader, or the next attempt, finds the old bytes or the new ones. */
export function writeCheckpoint(path: string, bytes: Uint8Array): void {
  const next = `${path}.next`;
  const file = openSync(next, 'w');
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}
