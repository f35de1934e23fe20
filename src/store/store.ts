// The project's memory, `.repro`: objects, records, what is known of files, and the lock.
import { join, resolve } from 'node:path';
import { writeAtomically } from './atomic-write.ts';
import { nodeFileSystem } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { takeLock } from './lock.ts';
import type { Lock, LockOptions } from './lock.ts';
import { Objects } from './objects.ts';
import { Records } from './records.ts';
import { removeQuietly } from './remove.ts';
import { Repeats } from './repeats.ts';
import { StatCache } from './stat-cache.ts';

export interface Store {
  /** The project, absolute. */
  readonly root: string;
  /** `<root>/.repro` */
  readonly directory: string;
  /** For temporary files in the store's file system; emptied by whoever takes the lock. */
  readonly temporary: string;
  readonly fileSystem: FileSystem;
  readonly objects: Objects;
  readonly records: Records;
  readonly repeats: Repeats;
  readonly statCache: StatCache;
  /** Takes the project's lock; disposing releases it. */
  lock(options: LockOptions): Promise<Lock>;
  /** What was found damaged and set aside since the last call, as sentences. */
  takeDamage(): string[];
  /** Writes the caches that make the next run fast. */
  save(): void;
}

/** Opens the store of a project; nothing is written until something is stored. */
export function openStore(root: string, fileSystem: FileSystem = nodeFileSystem): Store {
  const project = resolve(root);
  const directory = join(project, '.repro');
  const temporary = join(directory, 'tmp');
  let damage: string[] = [];
  const onDamage = (message: string): void => void damage.push(message);
  const statCache = new StatCache({ fileSystem, path: join(directory, 'cache', 'stat.json'), temporary });
  return {
    root: project,
    directory,
    temporary,
    fileSystem,
    statCache,
    objects: new Objects({ fileSystem, statCache, directory, onDamage }),
    records: new Records({ fileSystem, directory, onDamage }),
    repeats: new Repeats({ fileSystem, directory, temporary }),
    lock: async (options) => {
      const lock = await takeLock(fileSystem, join(directory, 'lock'), options);
      removeQuietly(fileSystem, temporary);
      try {
        const ignore = join(directory, '.gitignore');
        if (!fileSystem.existsSync(ignore)) writeAtomically(fileSystem, ignore, '*\n', { temporary });
      } catch (error) {
        lock[Symbol.dispose]();
        throw error;
      }
      return lock;
    },
    takeDamage: () => {
      const found = damage;
      damage = [];
      return found;
    },
    save: () => statCache.save(),
  };
}
