// What a stage finds in its directory when it begins: its code, its inputs, and the assignment that names them.
import { join } from 'node:path';
import { ReproError } from '../error.ts';
import type { Preimage, StageAssignment } from '../schema/types.ts';
import { writeNewFile } from '../store/atomic-write.ts';
import type { Digest } from '../store/digest.ts';
import { joinBelow } from '../store/path-below.ts';
import { assignmentText } from './assignment-text.ts';
import type { FrozenCode } from './freeze.ts';
import { type InputContext, provideInputs } from './inputs.ts';
import { makeParent } from './process/work-directory.ts';

export interface Furnishing extends InputContext {
  readonly preimage: Preimage;
  readonly code: FrozenCode;
}

/** Fills a directory that was prepared. Throws what `provideInputs` throws, and a `ReproError` `code-damaged`. */
export async function furnish(furnishing: Furnishing): Promise<void> {
  writeCode(furnishing);
  await writeAssignment(furnishing);
}

/** The bytes that were fingerprinted, not the files they came from: those may have been edited since. */
function writeCode({ store, work, code, cell }: Furnishing): void {
  const { fileSystem: fs, objects } = store;
  const bytesOf = (digest: Digest): Buffer => {
    const bytes = objects.readBytes(digest);
    if (bytes) return bytes;
    throw new ReproError('code-damaged', `Code of stage "${cell.id}" is damaged in the store`, { hint: 'Run again' });
  };
  if (code.bundle !== null) {
    writeNewFile(fs, work.module, bytesOf(code.bundle));
    return;
  }
  for (const [path, digest] of Object.entries(code.code)) {
    const target = joinBelow(work.code, path);
    makeParent(fs, target);
    // Each may be executed: permissions are in no fingerprint, so a stage cannot see them.
    writeNewFile(fs, target, bytesOf(digest), { mode: 0o755 });
  }
}

async function writeAssignment(furnishing: Furnishing): Promise<void> {
  const { store, work, cell, preimage } = furnishing;
  const inputs = await provideInputs(furnishing);
  for (const path of Object.values(cell.outputs)) makeParent(store.fileSystem, joinBelow(work.run, path));
  const labels = Object.entries(cell.inputs).flatMap(([name, input]) =>
    input.kind === 'gathered' && input.labels ? [[name, input.labels.map((axes) => ({ ...axes }))] as const] : [],
  );
  const assignment: StageAssignment = {
    protocol: 1,
    stage: preimage.stage,
    cell: { ...cell.axes },
    seed: preimage.seed,
    threads: preimage.threads,
    params: { ...cell.params },
    inputs,
    ...(labels.length > 0 && { labels: Object.fromEntries(labels) }),
    outputs: Object.fromEntries(Object.entries(cell.outputs).map(([name, path]) => [name, join(work.run, path)])),
    ...(cell.numbers !== null && { numbers: joinBelow(work.run, cell.numbers) }),
  };
  writeNewFile(store.fileSystem, work.assignment, assignmentText(assignment));
}
