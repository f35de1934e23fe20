// One stage as a process, without the pipeline around it: the assignment that the runner would write, and its numbers.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { ReportedNumber } from '../../src/schema/types.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

export interface StageProcess {
  readonly stage: string;
  /** Its module; default stages/<stage>.ts. */
  readonly module?: string;
  readonly params: object;
  readonly cell?: Readonly<Record<string, string | number>>;
  /** Paths by name; of a gathered input, a list. */
  readonly inputs: Readonly<Record<string, string | readonly string[] | null>>;
  /** Written to the directory under their own names. */
  readonly outputs: readonly string[];
  readonly seed?: number;
}

/** Runs a stage with its outputs in `directory`, expects it to succeed, and returns what it reported. */
export function runStageProcess(directory: string, stage: StageProcess): Record<string, ReportedNumber> {
  const { status, text, numbers } = startStageProcess(directory, stage);
  expect(status, text).toBe(0);
  return JSON.parse(readFileSync(numbers, 'utf8')) as Record<string, ReportedNumber>;
}

/** Runs a stage that may fail: its exit status, what it printed, and where it is to report numbers. */
export function startStageProcess(
  directory: string,
  { stage, module = `stages/${stage}.ts`, params, cell = {}, inputs, outputs, seed = 7 }: StageProcess,
): { readonly status: number | null; readonly text: string; readonly numbers: string } {
  const path = (name: string): string => join(directory, name);
  const numbers = path(`${stage}.json`);
  const assignment = {
    protocol: 1,
    stage,
    cell,
    seed,
    threads: 1,
    params: { runtime: { backend: 'cpu' }, ...params },
    inputs,
    outputs: Object.fromEntries(outputs.map((name) => [name, path(name)])),
    numbers,
  };
  writeFileSync(path('stage.json'), JSON.stringify(assignment));
  const result = spawnSync(process.execPath, ['--import', 'tsx', join(root, module)], {
    cwd: root,
    env: { PATH: process.env['PATH'], REPRO_STAGE: path('stage.json') },
    encoding: 'utf8',
  });
  return { status: result.status, text: result.stdout + result.stderr, numbers };
}
