// Parameters that a run changes: by path, or as `path=value` texts.
import { parse } from 'yaml';
import { exitCode, ReproError } from '../error.ts';
import { keepsDigits } from '../pipeline/integer.ts';
import type { Json } from '../pipeline/plan.ts';
import { canonicalJson } from '../store/canonical-json.ts';

/** `{ 'training.steps': 5 }`, or `['training.steps=5']` with values in YAML. */
export type Settings = Readonly<Record<string, Json>> | readonly string[];

/** Values by dotted path. @throws {ReproError} `bad-setting` (usage) */
export function overridesOf(settings: Settings): Readonly<Record<string, Json>> {
  return isTexts(settings) ? parseSettings(settings) : settings;
}

function isTexts(settings: Settings): settings is readonly string[] {
  return Array.isArray(settings);
}

/**
 * `a.b=value` by dotted path; the value is YAML, so that `true`, `0.1`, `[1, 2]` and `null` mean what they do there.
 * @throws {ReproError} `bad-setting` (usage)
 */
export function parseSettings(settings: readonly string[]): Record<string, Json> {
  const overrides = settings.map((setting): readonly [string, Json] => {
    const equals = setting.indexOf('=');
    if (equals < 1) {
      throw new ReproError('bad-setting', `--set needs path=value, it is "${setting}"`, { exit: exitCode.usage });
    }
    return [setting.slice(0, equals), parseValue(setting.slice(equals + 1), setting)];
  });
  // What is assigned to "__proto__" is set aside without a word.
  return Object.fromEntries(overrides);
}

function parseValue(text: string, setting: string): Json {
  const options = { version: '1.2', schema: 'core', maxAliasCount: 0, intAsBigInt: true } as const;
  try {
    const value: unknown = parse(text, (_key, item) => exactNumber(item, setting), options);
    return JSON.parse(canonicalJson(value)) as Json;
  } catch (cause) {
    if (cause instanceof ReproError) throw cause;
    throw new ReproError('bad-setting', `The value of --set "${setting}" is not a YAML value`, {
      exit: exitCode.usage,
      hint: 'put text with special characters in quotes',
      cause,
    });
  }
}

function exactNumber(value: unknown, setting: string): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ReproError('bad-setting', `--set "${setting}" has a number that is not finite`, {
      exit: exitCode.usage,
      hint: 'a number is at most about 1.8e308; put text in quotes',
    });
  }
  if (typeof value !== 'bigint') return value;
  if (keepsDigits(value)) return Number(value);
  const message = `--set "${setting}" has an integer beyond 2^53, which is not exact as a number`;
  throw new ReproError('bad-setting', message, {
    exit: exitCode.usage,
    hint: 'put it in quotes, or write it with an exponent',
  });
}
