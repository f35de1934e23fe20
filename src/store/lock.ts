// One run at a time: `.repro/lock` names its owner, and is taken over only from an owner that is provably dead.
import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ReproError } from '../error.ts';
import { writeNewFile } from './atomic-write.ts';
import { errnoOf, orAbsent } from './file-system.ts';
import type { FileSystem } from './file-system.ts';
import { damaged, orDamaged, setAside } from './quarantine.ts';
import { removeQuietly } from './remove.ts';
import { sealJson, unsealJson } from './sealed-json.ts';
import { isNullOr, isObjectWith, isText, isTextLike } from './shape.ts';
import type { Shape } from './shape.ts';

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
  /** Is told of what stood in the place of the lock, and was set aside. */
  readonly onDamage?: (message: string) => void;
  readonly signal?: AbortSignal;
}

export interface Lock extends Disposable {
  readonly owner: LockOwner;
}

/** What a lock's file says. */
interface Held {
  /** Tells every taking of the lock from every other. */
  readonly nonce: string;
  readonly owner: LockOwner;
}

const isProcessNumber: Shape<number> = (value): value is number => Number.isSafeInteger(value) && Number(value) > 0;
const processIdentity = {
  host: isText,
  pid: isProcessNumber,
  startTime: isNullOr(isText),
  bootId: isNullOr(isText),
  namespace: isNullOr(isText),
};
export const isProcessIdentity = isObjectWith<ProcessIdentity>(processIdentity);
const isHeld = isObjectWith<Held & { readonly format: string }>({
  format: isTextLike(/^repro\.lock\/1$/),
  // A part of a file's name.
  nonce: isTextLike(/^[0-9A-Za-z-]{1,64}$/),
  owner: isObjectWith<LockOwner>({ ...processIdentity, since: isText }),
});

const pollMilliseconds = 200;

/**
 * Takes the lock. Throws `ReproError` `locked` (naming the owner) when another run holds it and `wait` is false, and
 * `lock-unreadable` when the file says nothing that can be trusted.
 */
export async function takeLock(fs: FileSystem, path: string, options: LockOptions): Promise<Lock> {
  const owner: LockOwner = { ...identifyProcess(process.pid), since: options.since };
  const nonce = randomUUID();
  const text = sealJson({ format: 'repro.lock/1', nonce, owner });
  let announced: string | null = null;
  for (;;) {
    options.signal?.throwIfAborted();
    setAsideOther(fs, path, options.onDamage);
    const held = tryTake(fs, path, text);
    if (held === 'taken') break;
    if (held !== 'changing') {
      if (!options.wait) throw lockedBy(held.owner, path);
      if (announced !== held.nonce) options.onWait?.(held.owner);
      announced = held.nonce;
    }
    await delay(pollMilliseconds, undefined, options.signal ? { signal: options.signal } : {});
  }
  sweep(fs, path);
  return {
    owner,
    [Symbol.dispose]: () => {
      if (isStillOurs(fs, path, nonce)) removeQuietly(fs, path);
    },
  };
}

/** Who holds a lock, as far as can be told: null where it is free, or its owner is dead. */
export function lockHolder(fs: FileSystem, path: string): LockOwner | null {
  if (!fs.lstatSync(path, { throwIfNoEntry: false })?.isFile()) return null;
  const owner = readLock(fs, path)?.owner ?? null;
  return owner === null || isProvablyDead(owner) ? null : owner;
}

/** No process holds a lock by a directory, a link or a pipe: it is created as a file. */
function setAsideOther(fs: FileSystem, path: string, onDamage: LockOptions['onDamage']): void {
  const status = fs.lstatSync(path, { throwIfNoEntry: false });
  if (status === undefined || status.isFile()) return;
  const moved = setAside(fs, path, join(dirname(path), 'quarantine'));
  if (moved !== null) onDamage?.(`"${path}" is not a file: it ${moved} and counts as missing`);
}

/** Not so when somebody deleted the file by hand and another run began. A file that cannot be read is ours: we live. */
function isStillOurs(fs: FileSystem, path: string, nonce: string): boolean {
  try {
    return readLock(fs, path)?.nonce === nonce;
  } catch {
    return true;
  }
}

function lockedBy({ pid, host, namespace, since }: LockOwner, path: string): ReproError {
  const here = identifyProcess(process.pid);
  const isHere = host === here.host && namespace === here.namespace;
  return new ReproError('locked', `Another run holds "${path}": process ${pid} on ${host}, since ${since}`, {
    hint: isHere
      ? 'Add --wait to start when it has finished; repro attach shows it'
      : 'Whether it still runs cannot be told from here: add --wait, or delete that file if it has ended',
  });
}

/** Takes a lock that is free or whose owner is dead. Otherwise its living owner, or `changing` where another is at it. */
function tryTake(fs: FileSystem, path: string, text: string): 'taken' | 'changing' | Held {
  if (createWith(fs, path, text)) return 'taken';
  const held = readLock(fs, path);
  if (held === null) return 'changing'; // Released between the two calls.
  if (!isProvablyDead(held.owner)) return held;
  return succeed(fs, path, held.nonce, text) ? 'taken' : 'changing';
}

/** Deletes what processes left that were killed while they took the lock. Only for its holder: nobody's claim counts now. */
function sweep(fs: FileSystem, path: string): void {
  try {
    for (const name of fs.readdirSync(dirname(path))) {
      if (name.startsWith(`${basename(path)}.`)) removeQuietly(fs, join(dirname(path), name));
    }
  } catch {
    // Left for the next holder.
  }
}

/** Creates the file with its whole content at once, or says that it exists, or that a holder swept the draft away. */
function createWith(fs: FileSystem, path: string, text: string): boolean {
  fs.mkdirSync(dirname(path), { recursive: true });
  const draft = draftOf(path);
  try {
    writeNewFile(fs, draft, text, { durable: true });
    fs.linkSync(draft, path);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST' || errnoOf(error) === 'ENOENT') return false;
    throw error;
  } finally {
    removeQuietly(fs, draft);
  }
}

/** Beside the lock: the directory of temporary files is emptied by whoever holds it. */
function draftOf(path: string): string {
  return `${path}.${randomUUID()}`;
}

/**
 * Replaces a dead owner. Several processes may have seen the same dead owner: the one that has the claim may act. It
 * looks again first, since an earlier winner may hold the lock by now, and its claim is gone then. A claim is itself a
 * lock, because its owner may be killed as well.
 */
function succeed(fs: FileSystem, path: string, deadNonce: string, text: string): boolean {
  const claim = `${path}.${deadNonce}`;
  if (tryTake(fs, claim, text) !== 'taken') return false;
  try {
    if (readLock(fs, path)?.nonce !== deadNonce) return false;
    const draft = draftOf(path);
    writeNewFile(fs, draft, text, { durable: true });
    fs.renameSync(draft, path);
    return true;
  } finally {
    removeQuietly(fs, claim);
  }
}

function readLock(fs: FileSystem, path: string): Held | null {
  const text = orDamaged(() => orAbsent(() => fs.readFileSync(path, 'utf8')));
  if (text === null) return null;
  const content = text === damaged ? undefined : unsealJson(text);
  if (isHeld(content)) return content;
  throw new ReproError('lock-unreadable', `Cannot tell who holds "${path}": the file is damaged`, {
    hint: `Make sure that no run is active in this project, then delete "${path}"`,
  });
}

/** Who a process is, as far as this system tells. */
export function identifyProcess(pid: number): ProcessIdentity {
  const { host, bootId, namespace } = (system ??= thisSystem());
  return { host, pid, startTime: readStatus(pid)?.startTime ?? null, bootId, namespace };
}

type System = Pick<ProcessIdentity, 'host' | 'bootId' | 'namespace'>;
/** Stays what it is while this process lives, and is asked for with every stage. */
let system: System | undefined;

function thisSystem(): System {
  return {
    host: hostname(),
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
