// One run at a time: `.repro/lock` names its owner, and is taken over only from an owner that is provably dead.
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ReproError } from '../error.ts';
import { removeQuietly, temporaryPath, writeNewFile } from './atomic-write.ts';
import { errnoOf } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { sealJson, unsealJson } from './sealed-json.ts';

/** A process, told apart from every other that ever had its number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** Start in kernel ticks since boot; null where the system does not tell. */
  readonly startTime: string | null;
  readonly bootId: string | null;
  /** Process numbers mean nothing outside their namespace (containers that share a volume). */
  readonly namespace: string | null;
}

export interface LockOwner extends ProcessIdentity {
  /** ISO 8601. */
  readonly since: string;
}

export interface LockOptions {
  readonly since: string;
  /** Wait for a living owner instead of failing. */
  readonly wait: boolean;
  /** Called once for each owner that is waited for. */
  readonly onWait?: (owner: LockOwner) => void;
  readonly signal?: AbortSignal;
}

export interface Lock extends Disposable {
  readonly owner: LockOwner;
}

const pollMilliseconds = 200;

/**
 * Takes the lock. Throws `ReproError` `locked` (naming the owner) when another run holds it and `wait` is false, and
 * `lock-unreadable` when the file says nothing that can be trusted.
 */
export async function takeLock(fs: FileSystem, path: string, options: LockOptions): Promise<Lock> {
  const owner: LockOwner = { ...identifyProcess(process.pid), since: options.since };
  const nonce = randomUUID();
  const text = sealJson({ format: 'repro.lock/1', nonce, owner });
  fs.mkdirSync(dirname(path), { recursive: true });
  let announced: string | null = null;
  for (;;) {
    options.signal?.throwIfAborted();
    if (createWith(fs, path, text)) break;
    const held = readLock(fs, path);
    if (held === null) continue; // Released between the two calls.
    if (isProvablyDead(held.owner)) {
      if (succeed(fs, path, held.nonce, text)) break;
    } else if (!options.wait) {
      const { pid, host, since } = held.owner;
      throw new ReproError('locked', `Another run holds "${path}": process ${pid} on ${host}, since ${since}`, {
        hint: 'Add --wait to start when it has finished',
      });
    } else if (announced !== held.nonce) {
      announced = held.nonce;
      options.onWait?.(held.owner);
    }
    await delay(pollMilliseconds, undefined, options.signal ? { signal: options.signal } : {});
  }
  return {
    owner,
    [Symbol.dispose]: () => {
      if (isStillOurs(fs, path, nonce)) removeQuietly(fs, path);
    },
  };
}

/** Not so when somebody deleted the file by hand and another run began. A file that cannot be read is ours: we live. */
function isStillOurs(fs: FileSystem, path: string, nonce: string): boolean {
  try {
    return readLock(fs, path)?.nonce === nonce;
  } catch {
    return true;
  }
}

/**
 * Creates the file with its whole content at once, or says that it exists. The draft lies beside it: the directory of
 * temporary files is emptied by whoever holds the lock.
 */
function createWith(fs: FileSystem, path: string, text: string): boolean {
  const draft = temporaryPath(fs, dirname(path));
  try {
    writeNewFile(fs, draft, text, { durable: true });
    fs.linkSync(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    removeQuietly(fs, draft);
  }
}

/**
 * Replaces a dead owner. Of several processes that saw the same dead owner, the one that creates the claim may act;
 * it looks again, because the claim of an earlier winner is gone once that winner holds the lock.
 */
function succeed(fs: FileSystem, path: string, deadNonce: string, text: string): boolean {
  const claim = `${path}.${deadNonce}`;
  if (!createWith(fs, claim, text)) return false;
  try {
    if (readLock(fs, path)?.nonce !== deadNonce) return false;
    const draft = temporaryPath(fs, dirname(path));
    writeNewFile(fs, draft, text, { durable: true });
    fs.renameSync(draft, path);
    return true;
  } finally {
    removeQuietly(fs, claim);
  }
}

function readLock(fs: FileSystem, path: string): { nonce: string; owner: LockOwner } | null {
  let text: string;
  try {
    text = fs.readFileSync(path, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
  const content = unsealJson(text) as { format?: unknown; nonce: string; owner: LockOwner } | undefined;
  if (content?.format === 'repro.lock/1') return content;
  throw new ReproError('lock-unreadable', `Cannot tell who holds "${path}": the file is damaged`, {
    hint: `Make sure that no run is active in this project, then delete "${path}"`,
  });
}

/** Who a process is, as far as this system tells. */
export function identifyProcess(pid: number): ProcessIdentity {
  return {
    host: hostname(),
    pid,
    startTime: readStatus(pid)?.startTime ?? null,
    bootId: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    namespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/** Whether that very process has certainly ended. When in doubt, it lives. */
export function isProvablyDead(process_: ProcessIdentity): boolean {
  const here = identifyProcess(process.pid);
  if (process_.host !== here.host) return false;
  if (process_.bootId !== here.bootId) return process_.bootId !== null && here.bootId !== null;
  if (process_.namespace !== here.namespace) return false;
  try {
    process.kill(process_.pid, 0);
  } catch (error) {
    return errnoOf(error) === 'ESRCH';
  }
  const status = readStatus(process_.pid);
  if (status === null || process_.startTime === null) return false;
  return status.isZombie || status.startTime !== process_.startTime;
}

/** Fields 3 and 22 of proc(5)'s stat; the second field is a name that may hold spaces and parentheses. */
function readStatus(pid: number): { isZombie: boolean; startTime: string } | null {
  return orNull(() => {
    const stat = readFileSync(join('/proc', String(pid), 'stat'), 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const startTime = fields[19];
    return startTime === undefined ? null : { isZombie: fields[0] === 'Z' || fields[0] === 'X', startTime };
  });
}

function orNull<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
