// Files that survive a kill at any moment: written beside, then renamed into place.
import { closeSync, constants, openSync, renameSync, writeSync } from 'node:fs';

/** Each write waits for the disk. Node's permissions, under which strict mode runs stages, forbid asking for that later. */
const { O_CREAT, O_TRUNC, O_WRONLY } = constants;
const flags = O_WRONLY | O_CREAT | O_TRUNC | ((constants as { O_DSYNC?: number }).O_DSYNC ?? 0);

/** Replaces `path` by `bytes` in one step: a reader, or the next attempt, finds the old bytes or the new ones. */
export function writeCheckpoint(path: string, bytes: Uint8Array): void {
  const next = `${path}.next`;
  const file = openSync(next, flags);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}
