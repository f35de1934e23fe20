// The plan of a project: its pipeline file with a profile and settings.
import { readFileSync, statSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { exitCode, ReproError } from '../error.ts';
import { diagnose, type Diagnostic } from '../pipeline/diagnostic.ts';
import type { Included, ReadIncluded } from '../pipeline/include.ts';
import { planPipeline } from '../pipeline/pipeline.ts';
import type { Plan } from '../pipeline/plan.ts';
import { decodeText, SourceFile } from '../pipeline/source.ts';
import type { Store } from '../store/store.ts';
import { freeHeap } from './free-heap.ts';
import { InvalidFile } from './invalid-file.ts';
import { type Placement, placeCells } from './placement.ts';
import type { Place } from './places.ts';
import { readPlan, writePlan } from './plan-cache.ts';
import { overridesOf, type Settings } from './settings.ts';

export interface PlanOptions {
  /** Without it the profile `default`, where the file has one. */
  readonly profile?: string;
  readonly set?: Settings;
  /** Name of the executor for stages of which the configuration says none; `local` for this machine, whatever it says. */
  readonly executor?: string;
}

export interface LoadedPlan {
  readonly plan: Plan;
  readonly source: SourceFile;
  /** The files that it includes, in its order. */
  readonly included: readonly Included[];
  readonly placement: Placement;
  /** What is odd in a file that is valid all the same; `onWarning` has been told of it. */
  readonly warnings: readonly Diagnostic[];
}

export interface PlanOfRun extends LoadedPlan {
  /** Keeps it for the next time, where it was planned now. Only for the holder of the lock. */
  readonly keep: (store: Store) => void;
}

/**
 * Reads and plans the pipeline file.
 * @throws {InvalidFile} with everything that is wrong in it, or in the configuration
 * @throws {ReproError} `no-pipeline`, `bad-setting` or `no-executor` (usage)
 */
export async function loadPlan(place: Place, options: PlanOptions): Promise<LoadedPlan> {
  const { keep: _, ...loaded } = await loadPlanOfRun(place, options);
  return loaded;
}

/** The same for a run, which may keep it. */
export async function loadPlanOfRun(place: Place, { profile, set = {}, executor }: PlanOptions): Promise<PlanOfRun> {
  const overrides = overridesOf(set);
  const source = await readSource(place.file);
  const read = readBeside(place.file);
  const question = { root: place.root, source, profile: profile ?? null, overrides };
  const known = readPlan(question, read);
  const result = known ?? planPipeline(source, { profile: question.profile, overrides, read });
  if ('diagnostics' in result) throw new InvalidFile('pipeline', result.diagnostics);
  for (const warning of result.warnings) place.onWarning(warning);
  freeHeap();
  const keep = (store: Store): void => (known === null ? writePlan(question, result, store) : undefined);
  return { ...result, ...(await placeCells(place.root, result.plan, executor)), source, keep };
}

async function readSource(file: string): Promise<SourceFile> {
  // Reading a pipe would wait for whoever writes into it.
  const status = await stat(file).catch(() => null);
  if (status && !status.isFile() && !status.isDirectory()) {
    throw new ReproError('no-pipeline', `The pipeline file "${file}" is no regular file`, {
      exit: exitCode.usage,
      hint: 'put a file in its place, or name another with --file',
    });
  }
  const bytes = await readFile(file).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw new ReproError('no-pipeline', `Cannot read the pipeline file "${file}"`, {
      exit: exitCode.usage,
      hint: missing
        ? 'it does not exist: change the directory, name the file with --file, or begin one with repro init'
        : cause.message,
      cause,
    });
  });
  const { text, invalidAt } = decodeText(bytes);
  const source = new SourceFile(file, text);
  if (invalidAt !== null) throw new InvalidFile('pipeline', [notText(source, invalidAt)]);
  return source;
}

/** Reads files by their paths relative to the main one. */
function readBeside(main: string): ReadIncluded {
  return (relative) => {
    const file = path.join(path.dirname(main), relative);
    try {
      if (!statSync(file).isFile()) return { fault: 'it is no regular file' };
      const { text, invalidAt } = decodeText(readFileSync(file));
      return invalidAt === null ? new SourceFile(file, text) : { fault: 'it is not UTF-8 text' };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return { fault: code === 'ENOENT' ? 'it does not exist' : message };
    }
  };
}

function notText(file: SourceFile, offset: number): Diagnostic {
  const at = { file, span: { start: offset, end: offset + 1 } };
  return diagnose('yaml-syntax', 'The file is not UTF-8 text', at, { hint: 'save it as UTF-8' });
}
