import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { digestBytes } from '../../src/store/digest.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import type { FileSystem } from '../../src/store/file-system.ts';
import { StatCache, statKey } from '../../src/store/stat-cache.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

/** Counts reads of whole files, so that a test can tell a hash from a look-up. */
function counting(): { fileSystem: FileSystem; reads: () => number } {
  let reads = 0;
  const readFileSync = ((...args: Parameters<typeof fs.readFileSync>) => {
    reads++;
    return fs.readFileSync(...args);
  }) as typeof fs.readFileSync;
  return { fileSystem: { ...nodeFileSystem, readFileSync }, reads: () => reads };
}

/** A file system whose clock ticks once in a thousand years. */
function coarseClock(): FileSystem {
  const coarse = (stat: fs.BigIntStats): fs.BigIntStats =>
    Object.assign(stat, {
      mtimeNs: 0n,
      ctimeNs: 0n,
      atimeNs: 0n,
      mtime: 0,
      ctime: 0,
      atime: 0,
      mtimeMs: 0n,
      ctimeMs: 0n,
    });
  const statSync = (path: string, options?: { throwIfNoEntry?: boolean }) => {
    const stat = fs.statSync(path, { ...options, bigint: true });
    return stat && coarse(stat);
  };
  const fstatSync = (file: number) => coarse(fs.fstatSync(file, { bigint: true }));
  return { ...nodeFileSystem, statSync, fstatSync } as unknown as FileSystem;
}

/** Waits, by writing, until the file system's clock has moved past a file's last change. */
function settle(cache: StatCache, path: string): void {
  while (!cache.isSettled(fs.statSync(path, { bigint: true })));
}

function openCache(root: string, fileSystem: FileSystem = nodeFileSystem): StatCache {
  return new StatCache({ fileSystem, directory: root, onDamage: () => {} });
}

describe('StatCache', () => {
  it('waits for the status of a file just written to stand for its bytes', async () => {
    using directory = temporaryDirectory({ a: 'one' });
    const path = join(directory.path, 'a');
    const cache = openCache(directory.path);
    fs.writeFileSync(path, 'two');
    expect(await cache.settledKey(path, digestBytes('two'))).toBe(statKey(fs.statSync(path, { bigint: true })));
    expect(await cache.settledKey(path, digestBytes('one'))).toBeNull();
    expect(await cache.settledKey(join(directory.path, 'none'), digestBytes('one'))).toBeNull();
  });

  it('does not read a file again whose status is the same, in this process or the next', async () => {
    using directory = temporaryDirectory({ a: 'one' });
    const path = join(directory.path, 'a');
    const { fileSystem, reads } = counting();
    const cache = openCache(directory.path, fileSystem);
    settle(cache, path);
    const before = reads();
    expect(await cache.digest(path)).toBe(digestBytes('one'));
    expect(await cache.digest(path)).toBe(digestBytes('one'));
    expect(reads() - before).toBe(1);
    cache.save();
    const next = openCache(directory.path, fileSystem);
    const loaded = reads();
    expect(await next.digest(path)).toBe(digestBytes('one'));
    expect(reads()).toBe(loaded);
  });

  it('reads a file again that was rewritten in place, renamed over, or touched', async () => {
    using directory = temporaryDirectory({ a: 'one', b: 'two' });
    const path = join(directory.path, 'a');
    const cache = openCache(directory.path);
    settle(cache, path);
    expect(await cache.digest(path)).toBe(digestBytes('one'));
    fs.writeFileSync(path, 'new');
    expect(await cache.digest(path)).toBe(digestBytes('new'));
    settle(cache, path);
    await cache.digest(path);
    fs.renameSync(join(directory.path, 'b'), path);
    expect(await cache.digest(path)).toBe(digestBytes('two'));
  });

  it('sees a change that keeps size and restores mtime: ctime cannot be set', async () => {
    using directory = temporaryDirectory({ a: 'one' });
    const path = join(directory.path, 'a');
    const cache = openCache(directory.path);
    settle(cache, path);
    const { atime, mtime } = fs.statSync(path);
    await cache.digest(path);
    fs.writeFileSync(path, 'eno');
    fs.utimesSync(path, atime, mtime);
    expect(await cache.digest(path)).toBe(digestBytes('eno'));
  });

  it('does not trust a file changed in the present tick of the file system: a second change would not show', async () => {
    using directory = temporaryDirectory({ a: 'one' });
    const path = join(directory.path, 'a');
    const cache = openCache(directory.path, coarseClock());
    const before = statKey(cache.stat(path)!);
    expect(await cache.digest(path)).toBe(digestBytes('one'));
    fs.writeFileSync(path, 'two');
    expect(statKey(cache.stat(path)!)).toBe(before);
    expect(await cache.digest(path)).toBe(digestBytes('two'));
  });

  it('trusts no file that was changed now or later by the clock of the file system, however that was set', () => {
    using directory = temporaryDirectory({ a: 'one' });
    let [now, elapsed] = [100n, 0];
    const stopwatch = vi.spyOn(performance, 'now').mockImplementation(() => elapsed);
    onTestFinished(() => stopwatch.mockRestore());
    const fstatSync = (file: number) => Object.assign(fs.fstatSync(file, { bigint: true }), { mtimeNs: now });
    const cache = openCache(directory.path, { ...nodeFileSystem, fstatSync } as unknown as FileSystem);
    const changedAt = (mtimeNs: bigint, ctimeNs: bigint) =>
      cache.isSettled(Object.assign(fs.statSync(join(directory.path, 'a'), { bigint: true }), { mtimeNs, ctimeNs }));
    expect([changedAt(99n, 99n), changedAt(100n, 100n), changedAt(101n, 101n)]).toEqual([true, false, false]);
    // A time that somebody set.
    expect(changedAt(5000n, 50n)).toBe(false);
    // The clock is put back, and the file is changed in its present tick.
    now = 40n;
    elapsed += 1000;
    expect([changedAt(39n, 39n), changedAt(40n, 40n)]).toEqual([true, false]);
  });

  it('drops files that are gone when it is saved', async () => {
    using directory = temporaryDirectory({ a: 'one', b: 'two' });
    const cache = openCache(directory.path);
    for (const name of ['a', 'b']) {
      settle(cache, join(directory.path, name));
      await cache.digest(join(directory.path, name));
    }
    fs.rmSync(join(directory.path, 'a'));
    cache.save();
    const text = fs.readFileSync(join(directory.path, 'cache/stat.json'), 'utf8');
    expect(text).not.toContain('/a"');
    expect(text).toContain('/b"');
  });

  it('gives the true digest from a cut or damaged cache file', async () => {
    using directory = temporaryDirectory({ a: 'one' });
    const path = join(directory.path, 'a');
    const file = join(directory.path, 'cache/stat.json');
    const cache = openCache(directory.path);
    settle(cache, path);
    await cache.digest(path);
    cache.save();
    const bytes = fs.readFileSync(file);
    for (const damaged of [...everyTruncation(bytes, 3), ...everyFlip(bytes, 3)]) {
      fs.writeFileSync(file, damaged);
      expect(await openCache(directory.path).digest(path)).toBe(digestBytes('one'));
    }
  });
});
