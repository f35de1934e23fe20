// A file system whose n-th call fails: the disk fills up, or a sector dies, at every moment in turn.
import { nodeFileSystem } from '../../src/store/file-system.ts';
import type { FileSystem } from '../../src/store/file-system.ts';

export interface FaultyFileSystem {
  readonly fileSystem: FileSystem;
  /** Calls so far. */
  readonly calls: () => number;
  /** What the failed call was, or null when fewer calls were made. */
  readonly failed: () => string | null;
}

type Fault = 'ENOSPC' | 'EIO';
const removals = new Set(['close', 'closeSync', 'rmSync', 'rm', 'rmdirSync', 'unlinkSync']);
type Call = (...args: unknown[]) => unknown;

/**
 * Real files, but for call number `failing` (from 1), which throws; calls on open file handles count as well. Removing
 * files goes on working, as it does on a full disk.
 */
export function faultyFileSystem(failing: number | null, fault: Fault): FaultyFileSystem {
  let calls = 0;
  let failed: string | null = null;
  const check = (name: string): void => {
    if (++calls !== failing) return;
    failed = name;
    throw Object.assign(new Error(`${fault}: injected, ${name}`), { code: fault });
  };
  const wrap = (target: object, prefix: string): object =>
    new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name);
        if (name === 'promises') return wrap(value as object, 'promises.');
        if (typeof value !== 'function') return value;
        const call = value.bind(object) as Call;
        if (removals.has(String(name))) return call;
        return (...args: unknown[]) => {
          // The one call that cannot throw: Node says that there is no such file.
          if (name === 'existsSync') return (++calls === failing ? (failed = name) : '') === '' && call(...args);
          check(`${prefix}${String(name)}`);
          if (name === 'fsyncSync') return undefined; // Hundreds of runs: no test pulls the plug.
          const result = call(...args);
          return name === 'open' ? (result as Promise<object>).then((handle) => wrap(handle, 'handle.')) : result;
        };
      },
    });
  return { fileSystem: wrap(nodeFileSystem, '') as FileSystem, calls: () => calls, failed: () => failed };
}
