// The project's memory, `.repro`: objects, records, what is known of files, and the lock.
import { join, resolve } from 'node:path';
import { openEnvironmentKey, type EnvironmentKey } from './environment-key.ts';
import { nodeFileSystem } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { KeptFiles } from './kept-files.ts';
import { lockHolder, takeLock } from './lock.ts';
import type { Lock, LockOptions, LockOwner } from './lock.ts';
import { Objects } from './objects.ts';
import { pathBelow } from './path-below.ts';
import { damaged, orDamaged } from './quarantine.ts';
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
  /** Small files of it. */
  readonly files: KeptFiles;
  readonly objects: Objects;
  readonly records: Records;
  readonly repeats: Repeats;
  readonly statCache: StatCache;
  /** Keys the digests of environment variables. Throws a `ReproError` `bad-key`. */
  readonly environmentKey: EnvironmentKey;
  /** Takes the project's lock; disposing releases it. */
  lock(options: LockOptions): Promise<Lock>;
  /** Who works in the project now; null where nobody does. */
  holder(): LockOwner | null;
  /** What was found damaged and set aside since the last call, as sentences. */
  takeDamage(): string[];
  /** Writes the caches that make the next run fast. */
  save(): void;
}

/** Of `.repro`. What is none of them is set aside when a run begins. */
const folders = [
  'cache',
  'downloads',
  'manifests',
  'objects',
  'records',
  'repeats',
  'replaced',
  'shell',
  'tags',
  'trash',
  'work',
];

/**
 * Opens the store of a project; nothing is written until something is stored.
 * @throws {ReproError} `unsafe-path` where a folder of `.repro` is a link to another
 */
export function openStore(root: string, fileSystem: FileSystem = nodeFileSystem): Store {
  const project = resolve(root);
  const directory = join(project, '.repro');
  for (const folder of [...folders, 'quarantine', 'tmp']) {
    // What is kept, replaced and deleted in here would be so elsewhere. A link to nothing is no more than damage.
    const place = orDamaged(() => fileSystem.statSync(join(directory, folder), { throwIfNoEntry: false }));
    if (place !== damaged && place?.isDirectory()) pathBelow(fileSystem, directory, folder);
  }
  const temporary = join(directory, 'tmp');
  let damage: string[] = [];
  const onDamage = (message: string): void => void damage.push(message);
  const options = { fileSystem, directory, onDamage };
  const files = new KeptFiles(options);
  let key: EnvironmentKey | undefined;
  const statCache = new StatCache(options);
  const records = new Records(options);
  return {
    root: project,
    directory,
    temporary,
    fileSystem,
    files,
    statCache,
    get environmentKey() {
      if (key !== undefined) return key;
      key = openEnvironmentKey(fileSystem, directory, process.env['REPRO_ENV_KEY']);
      try {
        ignoreItself(files, fileSystem, directory);
      } catch {
        // In a store that may only be read no key was made.
      }
      return key;
    },
    objects: new Objects({ ...options, statCache }),
    records,
    repeats: new Repeats(options),
    lock: async (lockOptions) => {
      const lock = await takeLock(fileSystem, join(directory, 'lock'), { onDamage, ...lockOptions });
      removeQuietly(fileSystem, temporary);
      try {
        files.expectDirectories(folders);
        ignoreItself(files, fileSystem, directory);
      } catch (error) {
        lock[Symbol.dispose]();
        throw error;
      }
      return lock;
    },
    holder: () => lockHolder(fileSystem, join(directory, 'lock')),
    takeDamage: () => {
      const found = damage;
      damage = [];
      return found;
    },
    save: () => {
      statCache.save();
      records.save();
      ignoreItself(files, fileSystem, directory);
    },
  };
}

/** Keeps a store that is there out of git, from the first verb on that writes into it: it may hold a key. */
function ignoreItself(files: KeptFiles, fs: FileSystem, directory: string): void {
  const ignore = join(directory, '.gitignore');
  if (!fs.existsSync(directory) || fs.existsSync(ignore)) return;
  closeToOthers(fs, directory);
  files.write(ignore, '*\n');
}

/** Logs hold what stages print. Once, when a store is made: whoever opens it again to others means to. */
function closeToOthers(fs: FileSystem, directory: string): void {
  try {
    fs.chmodSync(directory, fs.statSync(directory).mode & 0o770);
  } catch {
    // Another user's directory, or a file system without permissions.
  }
}
