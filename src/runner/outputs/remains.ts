// What is published of stages that are no more: files that a run wrote below `artifacts` and nobody changed since.
import { join } from 'node:path';
import type { Store } from '../../store/store.ts';
import { Publisher } from './publish.ts';

export interface Remains {
  /** Project paths of files that are as they were published. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** Removes them, and directories that hold nothing then. Only for the holder of the lock. */
  readonly remove: () => Promise<void>;
}

/** @param stages Names of the stages of the pipeline, whatever the profile. */
export async function findRemains(store: Store, stages: ReadonlySet<string>): Promise<Remains> {
  const publisher = new Publisher(store, '');
  const cells = publisher.cells().filter(({ stage }) => !stages.has(stage));
  const files = (await Promise.all(cells.map((cell) => publisher.unchanged(cell)))).flat().sort();
  const sizeOf = (path: string): number => store.fileSystem.statSync(join(store.root, path)).size;
  return {
    files,
    bytes: files.reduce((sum, path) => sum + sizeOf(path), 0),
    remove: async () => {
      for (const cell of cells) await publisher.retract(cell);
      publisher.save();
    },
  };
}
