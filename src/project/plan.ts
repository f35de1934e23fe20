// The plan a verb works on: the pipeline file with the profile and the settings of the command line.
import { readFile, stat } from 'node:fs/promises';
import { parse } from 'yaml';
import { exitCode, ReproError } from '../error.ts';
import { diagnose, type Diagnostic } from '../pipeline/diagnostic.ts';
import { keepsDigits } from '../pipeline/integer.ts';
import { planPipeline } from '../pipeline/pipeline.ts';
import type { Json, Plan } from '../pipeline/plan.ts';
import { decodeText, SourceFile } from '../pipeline/source.ts';
import { canonicalJson } from '../store/canonical-json.ts';
import { freeHeap } from './free-heap.ts';
import { InvalidFile } from './invalid-file.ts';
import type { ProjectOptions } from './places.ts';

export interface PlanOptions extends ProjectOptions {
  readonly profile?: string;
  /** `path=value`, values in YAML. */
  readonly set?: readonly string[];
}

export interface LoadedPlan {
  readonly plan: Plan;
  readonly source: SourceFile;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Reads and plans the pipeline file.
 * @throws {InvalidFile} with everything that is wrong in it
 * @throws {ReproError} `no-pipeline` or `bad-setting` (usage)
 */
export async function loadPlan(options: PlanOptions): Promise<LoadedPlan> {
  const overrides = parseSettings(options.set ?? []);
  // Reading a pipe would wait for whoever writes into it.
  const status = await stat(options.file).catch(() => null);
  if (status && !status.isFile() && !status.isDirectory()) {
    throw new ReproError('no-pipeline', `The pipeline file "${options.file}" is no regular file`, {
      exit: exitCode.usage,
      hint: 'put a file in its place, or name another with --file',
    });
  }
  const bytes = await readFile(options.file).catch((cause: NodeJS.ErrnoException) => {
    const missing = cause.code === 'ENOENT';
    throw new ReproError('no-pipeline', `Cannot read the pipeline file "${options.file}"`, {
      exit: exitCode.usage,
      hint: missing ? 'it does not exist: change the directory, or name the file with --file' : cause.message,
      cause,
    });
  });
  const { text, invalidAt } = decodeText(bytes);
  const source = new SourceFile(options.file, text);
  if (invalidAt !== null) throw new InvalidFile('pipeline', [notText(source, invalidAt)]);
  const result = planPipeline(source, { profile: options.profile ?? null, overrides });
  if ('diagnostics' in result) throw new InvalidFile('pipeline', result.diagnostics);
  freeHeap();
  return { ...result, source };
}

function notText(file: SourceFile, offset: number): Diagnostic {
  const at = { file, span: { start: offset, end: offset + 1 } };
  return diagnose('yaml-syntax', 'The file is not UTF-8 text', at, { hint: 'save it as UTF-8' });
}

/** `a.b=value` by dotted path; the value is YAML, so that `true`, `0.1`, `[1, 2]` and `null` mean what they do there. */
export function parseSettings(settings: readonly string[]): Record<string, Json> {
  const overrides: Record<string, Json> = {};
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    if (equals < 1) {
      throw new ReproError('bad-setting', `--set needs path=value, it is "${setting}"`, { exit: exitCode.usage });
    }
    try {
      const options = { version: '1.2', schema: 'core', maxAliasCount: 0, intAsBigInt: true } as const;
      const value: unknown = parse(setting.slice(equals + 1), (_key, item) => exactNumber(item, setting), options);
      overrides[setting.slice(0, equals)] = JSON.parse(canonicalJson(value)) as Json;
    } catch (cause) {
      if (cause instanceof ReproError) throw cause;
      throw new ReproError('bad-setting', `The value of --set "${setting}" is not a YAML value`, {
        exit: exitCode.usage,
        hint: 'put text with special characters in quotes',
        cause,
      });
    }
  }
  return overrides;
}

function exactNumber(value: unknown, setting: string): unknown {
  if (typeof value !== 'bigint') return value;
  if (keepsDigits(value)) return Number(value);
  const message = `--set "${setting}" has an integer beyond 2^53, which is not exact as a number`;
  throw new ReproError('bad-setting', message, {
    exit: exitCode.usage,
    hint: 'put it in quotes, or write it with an exponent',
  });
}
