import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { identifyProcess, isProvablyDead, takeLock } from '../../src/store/lock.ts';
import type { LockOptions, LockOwner } from '../../src/store/lock.ts';
import { sealJson, unsealJson } from '../../src/store/sealed-json.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const since = '2026-11-23T22:15:00.000Z';
const take = (path: string, options: Partial<LockOptions> = {}) =>
  takeLock(nodeFileSystem, path, { since, wait: false, ...options });

/** A lock file as its owner would have left it. */
function writeLock(path: string, owner: Partial<LockOwner>): void {
  const whole = { ...identifyProcess(process.pid), since, ...owner };
  fs.writeFileSync(path, sealJson({ format: 'repro.lock/1', nonce: 'of-the-dead', owner: whole }));
}

const ownerOf = (path: string): LockOwner => (unsealJson(fs.readFileSync(path, 'utf8')) as { owner: LockOwner }).owner;

/** A process that sleeps until it is killed. */
async function sleeper(): Promise<{ pid: number; kill: () => Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', 'console.log(1); setInterval(() => {}, 1e6)']);
  await once(child.stdout, 'data');
  return {
    pid: child.pid!,
    kill: () => {
      child.kill('SIGKILL');
      return once(child, 'exit');
    },
  };
}

describe('takeLock', () => {
  it('names this process as the owner and is free again when disposed', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, '.repro/lock');
    {
      using lock = await take(path);
      expect(lock.owner).toMatchObject({ pid: process.pid, since });
      expect(ownerOf(path)).toEqual(lock.owner);
    }
    expect(fs.readdirSync(join(directory.path, '.repro'))).toEqual([]);
    using _again = await take(path);
  });

  it('refuses while another process lives, naming it, and says how to wait', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    const other = await sleeper();
    writeLock(path, identifyProcess(other.pid));
    await expect(take(path)).rejects.toMatchObject({
      code: 'locked',
      message: expect.stringMatching(new RegExp(`process ${other.pid} on .*, since ${since}`)) as string,
      hint: expect.stringContaining('--wait') as string,
    });
    await other.kill();
    using lock = await take(path);
    expect(lock.owner.pid).toBe(process.pid);
  });

  it('waits for a living owner, says so once, and starts when that owner is dead', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    const other = await sleeper();
    writeLock(path, identifyProcess(other.pid));
    const waitedFor: number[] = [];
    const onWait = ({ pid }: LockOwner): void => {
      waitedFor.push(pid);
      void other.kill();
    };
    using lock = await take(path, { wait: true, onWait });
    expect(lock.owner.pid).toBe(process.pid);
    expect(waitedFor).toEqual([other.pid]);
  });

  it('stops waiting when it is told to', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, {});
    const stop = new AbortController();
    await expect(take(path, { wait: true, signal: stop.signal, onWait: () => stop.abort() })).rejects.toThrow();
  });

  it.each([
    ['whose number another process has now', { startTime: '1' }],
    ['of before the machine started again', { bootId: '00000000-0000-0000-0000-000000000000' }],
    ['that is no more', { pid: 2 ** 22 + 1 }],
  ])('takes over from an owner %s', async (_name, owner) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, owner);
    using lock = await take(path);
    expect(ownerOf(path)).toEqual(lock.owner);
    expect(fs.readdirSync(directory.path)).toEqual(['lock']);
  });

  it.each([
    ['on another host', { host: 'elsewhere', pid: 2 ** 22 + 1 }],
    ['in another container', { namespace: 'pid:[1]', pid: 2 ** 22 + 1 }],
    ['of which only the number is known', { startTime: null, bootId: null }],
  ])('never takes over from an owner %s', async (_name, owner) => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, owner);
    await expect(take(path)).rejects.toMatchObject({ code: 'locked' });
  });

  it('gives a dead owner one successor, however many ask at once', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, { startTime: '1' });
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => take(path)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes over from a dead owner whose successor was killed while it took over, and leaves nothing of either', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, { startTime: '1' });
    writeLock(`${path}.of-the-dead`, { startTime: '1' });
    fs.writeFileSync(`${path}.half-a-draft`, '{');
    using lock = await take(path);
    expect(ownerOf(path)).toEqual(lock.owner);
    expect(fs.readdirSync(directory.path)).toEqual(['lock']);
  });

  it('says that a lock of another host can be deleted by hand, not that waiting helps alone', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, { host: 'elsewhere' });
    await expect(take(path)).rejects.toMatchObject({
      message: expect.stringContaining('on elsewhere') as string,
      hint: expect.stringContaining('delete that file if it has ended') as string,
    });
    expect(ownerOf(path).host).toBe('elsewhere');
  });

  it('does not remove a lock that has become that of another', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    const lock = await take(path);
    writeLock(path, { pid: 1 });
    lock[Symbol.dispose]();
    expect(ownerOf(path).pid).toBe(1);
  });

  it('refuses a cut or damaged file by name: nobody can tell whether its owner lives', async () => {
    using directory = temporaryDirectory();
    const path = join(directory.path, 'lock');
    writeLock(path, { startTime: '1' });
    const bytes = fs.readFileSync(path);
    for (const damaged of [...everyTruncation(bytes, 5), ...everyFlip(bytes, 5)]) {
      fs.writeFileSync(path, damaged);
      await expect(take(path)).rejects.toMatchObject({ code: 'lock-unreadable' });
    }
  });
});

describe('isProvablyDead', () => {
  it('holds for a killed process and not for a living one', async () => {
    const other = await sleeper();
    const identity = identifyProcess(other.pid);
    expect(isProvablyDead(identity)).toBe(false);
    await other.kill();
    expect(isProvablyDead(identity)).toBe(true);
  });
});
