// What a node leaves about a stage that ended there, and whether all that it speaks of has arrived here.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';
import type { JobEnd, StageJob } from '../runner/process/executor.ts';
import type { Environment } from '../schema/types.ts';
import { isListOf, isNumber, isObjectWith, isText, isTuple } from '../store/shape.ts';
import { controlFiles } from './script.ts';

const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';

export interface Started {
  readonly nonce: string;
  readonly job: string;
  readonly host: string;
}
const started = { nonce: isText, job: isText, host: isText };
const isStarted = isObjectWith<Started>(started);

export interface Exit extends Started {
  /** As sh tells it: above 128 for a signal. */
  readonly code: number;
  readonly timedOut: boolean;
  /** The scheduler asked it to end. */
  readonly stopped: boolean;
  readonly outOfMemory: boolean;
  /** Seconds since 1970, by the clock of the node. */
  readonly began: number;
  readonly ended: number;
  readonly logBytes: number;
  readonly machine: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryKilobytes: number;
  /** Digest in hex and bytes of each, in the order of the job; -1 bytes for one that is not there. */
  readonly outputs: readonly (readonly [string, number])[];
}
const isExit = isObjectWith<Exit>({
  ...started,
  code: isNumber,
  timedOut: isBoolean,
  stopped: isBoolean,
  outOfMemory: isBoolean,
  began: isNumber,
  ended: isNumber,
  logBytes: isNumber,
  machine: isText,
  cpu: isText,
  cores: isNumber,
  memoryKilobytes: isNumber,
  outputs: isListOf(isTuple<readonly [string, number]>(isText, isNumber)),
});

/** Names in a directory as they are now: reading it afresh makes a network's file system ask its server. */
export function namesNow(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

export function readStarted(control: string, nonce: string): Started | null {
  return read(join(control, controlFiles.started), nonce, isStarted);
}

export function readExit(control: string, nonce: string): Exit | null {
  return read(join(control, controlFiles.exit), nonce, isExit);
}

function read<T extends Started>(path: string, nonce: string, isRight: (value: unknown) => value is T): T | null {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isRight(value) && value.nonce === nonce ? value : null;
  } catch {
    return null; // Not there yet, or not whole.
  }
}

/** The first output that is not yet here as it was written there; null when all are. */
export function missingOutput({ outputs }: StageJob, exit: Exit): string | null {
  const missing = outputs.find((path, index) => sizeOf(path) !== (exit.outputs[index]?.[1] ?? -1));
  return missing ?? null;
}

/** Bytes of a file, or of all files below a directory; -1 where there is neither. */
function sizeOf(path: string): number {
  const plain = path.replace(/\/$/, '');
  namesNow(dirname(plain));
  const status = statSync(plain, { throwIfNoEntry: false });
  if (status?.isFile()) {
    // Opening it makes the client of a network's file system compare what it knows with the server.
    try {
      closeSync(openSync(plain, 'r'));
    } catch {
      return status.size;
    }
    return statSync(plain, { throwIfNoEntry: false })?.size ?? -1;
  }
  if (!status?.isDirectory()) return -1;
  let bytes = 0;
  for (const entry of readdirSync(plain, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}

/** Digests that the node saw, by path as the job has it. */
export function writtenOutputs({ outputs }: StageJob, exit: Exit): ReadonlyMap<string, string> {
  return new Map(
    outputs.flatMap((path, index) => {
      const hex = exit.outputs[index]?.[0] ?? '';
      return hex === '' ? [] : [[path.replace(/\/$/, ''), hex] as const];
    }),
  );
}

/** Digest of a directory as a node makes it: of the digests of its files, in order, whatever their names are. */
export function digestOfFiles(digests: readonly string[]): string {
  const lines = [...digests].sort().map((hex) => `${hex}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

const architectures: Readonly<Record<string, string>> = {
  x86_64: 'x64',
  amd64: 'x64',
  aarch64: 'arm64',
  i686: 'ia32',
  armv7l: 'arm',
};

export function environmentOf({ machine, cpu, cores, memoryKilobytes, host }: Exit): Environment {
  return {
    platform: 'linux',
    arch: architectures[machine] ?? machine,
    cpu: cpu || 'unknown',
    cores,
    memoryBytes: memoryKilobytes * 1024,
    node: process.version,
    host,
  };
}

/** What it took. A clock that is put back meanwhile must not make it negative. */
export function secondsOf({ began, ended }: Exit): number {
  return Math.max(0, ended - began);
}

/** How a stage ended that ended by itself, or by its own limit. */
export function endOf({ code, timedOut, outOfMemory }: Exit): JobEnd {
  if (timedOut) return { kind: 'timed-out' };
  if (outOfMemory && code !== 0) return { kind: 'out-of-memory' };
  if (code <= 128 || code > 192) return { kind: 'exited', code };
  const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
  return signal === undefined ? { kind: 'exited', code } : { kind: 'killed', signal };
}

/** Whether what a scheduler said in a task tells that memory was the reason of its end. */
export function tellsOfMemory(directory: string, file: string): boolean {
  try {
    const text = readFileSync(join(directory, basename(file)), 'utf8');
    return /oom[-_ ]?kill|exceeded (job |step )?memory limit|out of memory/i.test(text);
  } catch {
    return false;
  }
}
