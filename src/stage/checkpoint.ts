// Files that survive a kill at any moment: written beside, then renamed into place.
import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Each write waits for the disk. Node's permissions, under which strict mode runs stages, forbid asking for that later. */
const { O_CREAT, O_EXCL, O_WRONLY } = constants;
const flags = O_WRONLY | O_CREAT | O_EXCL | ((constants as { O_DSYNC?: number }).O_DSYNC ?? 0);

/** Replaces `path` by `bytes` in one step: a reader, or the next attempt, finds the old bytes or the new ones. */
export function writeCheckpoint(path: string, bytes: Uint8Array): void {
  const next = temporaryOf(path);
  rmSync(next, { force: true }); // What a killed attempt left.
  const file = openSync(next, flags);
  try {
    for (let written = 0; written < bytes.length;) written += writeSync(file, bytes, written);
  } finally {
    closeSync(file);
  }
  renameSync(next, path);
}

/** One name for each file, so that kills leave one at most; of one length, and no name that a stage gives to its own. */
function temporaryOf(path: string): string {
  const name = createHash('sha256').update(basename(path)).digest('hex').slice(0, 32);
  return join(dirname(path), `.repro-tmp-${name}`);
}
