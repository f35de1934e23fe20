// What a run may occupy, from the options of its verb and the machine.
import os from 'node:os';
import { exitCode, ReproError } from '../error.ts';
import type { Limits } from '../runner/capacity.ts';

export interface LimitOptions {
  readonly cpus?: number;
  readonly jobs?: number;
  /** Bytes. */
  readonly memory?: number;
  readonly gpus?: number;
}

/** @throws ReproError `bad-usage` when there are fewer devices than asked for */
export function limitsOf({ cpus, jobs, memory, gpus }: LimitOptions): Limits {
  return { cpus: cpus ?? os.availableParallelism(), jobs, memoryBytes: memory, gpus: devices(gpus) };
}

/** The first of those that `CUDA_VISIBLE_DEVICES` leaves to this process, all of them by default; without it, by index. */
function devices(count: number | undefined): readonly string[] {
  const visible = process.env['CUDA_VISIBLE_DEVICES'];
  if (visible === undefined) return Array.from({ length: count ?? 0 }, (_, index) => String(index));
  const named = visible.split(',').map((name) => name.trim());
  // CUDA, too, reads up to the first that is none.
  const end = named.findIndex((name) => name === '' || name === '-1');
  const usable = [...new Set(end < 0 ? named : named.slice(0, end))];
  if (count !== undefined && count > usable.length) {
    const message = `--gpus asks for ${count}, and CUDA_VISIBLE_DEVICES names ${usable.length}`;
    throw new ReproError('bad-usage', message, { hint: 'Change one of the two', exit: exitCode.usage });
  }
  return usable.slice(0, count);
}
