// A directory that may only be read, for the commands a test starts there.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, chmodSync } from 'node:fs';
import { join } from 'node:path';

export interface ReadOnly extends Disposable {
  /** What a command is to be started with. */
  readonly within: readonly string[];
}

/** In a mount namespace of its own the directory is mounted over itself, to be read only. */
const mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" "$0" && cd "$0" && exec "$@"';

/**
 * By a mount, which holds root too, or else by permissions. Null where neither does: root in a container that may not
 * mount.
 */
export function readOnly(directory: string): ReadOnly | null {
  for (const unshare of [
    ['unshare', '-m'],
    ['unshare', '-rm'],
  ]) {
    const within = [...unshare, 'sh', '-c', mount, directory];
    if (isHeld(within)) return { within, [Symbol.dispose]() {} };
  }
  const modes = [directory, ...below(directory)].map((path) => [path, statSync(path).mode] as const);
  for (const [path, mode] of modes) chmodSync(path, mode & ~0o222);
  const made: ReadOnly = {
    within: [],
    [Symbol.dispose]() {
      for (const [path, mode] of modes) chmodSync(path, mode);
    },
  };
  if (isHeld(['sh', '-c', 'cd "$0" && exec "$@"', directory])) return made;
  made[Symbol.dispose]();
  return null;
}

/** Whether a command that is started so can do something, but not write. */
function isHeld(within: readonly string[]): boolean {
  const succeeds = (...words: string[]): boolean => {
    const [program = '', ...rest] = [...within, ...words];
    return spawnSync(program, rest, { stdio: 'ignore' }).status === 0;
  };
  return succeeds('true') && !succeeds('touch', 'written');
}

function below(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isSymbolicLink()) return [];
    return entry.isDirectory() ? [path, ...below(path)] : [path];
  });
}
