// The parameters of one plan: those of the file, changed by a profile, changed by --set; and what a stage or a path sees of them.
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { quotedKey } from './dotted-path.ts';
import { locate, locateWithin, type ParsedFile, type YamlPath } from './parse.ts';
import type { Json } from './plan.ts';
import { SourceFile } from './source.ts';
import { suggestion } from './suggest.ts';
import { shown } from './validate.ts';

export type Params = Readonly<Record<string, Json>>;

export function isMapping(value: Json | undefined): value is Params {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * `base` with every leaf of `change` in place: mappings are merged key by key; lists, scalars and mappings of another
 * `kind` replace.
 */
export function mergeParams(base: Params, change: Params): Params {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const pair = [Object.hasOwn(merged, key) ? merged[key] : undefined, value] as const;
    merged[key] = isMerged(pair) ? mergeParams(...pair) : value;
  }
  return merged;
}

/**
 * Whether a change of a value sets some of its keys. A mapping of another `kind` is another variant, whose keys are others:
 * it takes the place of the whole.
 */
function isMerged(pair: readonly [Json | undefined, Json]): pair is readonly [Params, Params] {
  const [old, value] = pair;
  if (!isMapping(old) || !isMapping(value)) return false;
  return !Object.hasOwn(old, 'kind') || !Object.hasOwn(value, 'kind') || old['kind'] === value['kind'];
}

/**
 * Reports what a profile's params name that the pipeline's have not: a profile changes parameters, it never adds one,
 * so that a misspelled key cannot silently change nothing.
 */
export function checkProfileParams(
  base: Params,
  change: Params,
  file: ParsedFile,
  profile: string,
  report: Report,
): void {
  const walk = (known: Params, change: Params, path: YamlPath): void => {
    for (const [key, value] of Object.entries(change)) {
      const pair = [Object.hasOwn(known, key) ? known[key] : undefined, value] as const;
      if (pair[0] === undefined) {
        const dotted = [...path, key].slice(3).join('.');
        const message = `Profile "${profile}" sets parameter "${dotted}", which "params" has not`;
        const hint = suggestion(key, Object.keys(known));
        report(diagnose('unknown-parameter', message, locate(file, [...path, key], 'key'), { hint }));
      } else if (isMerged(pair)) walk(...pair, [...path, key]);
    }
  };
  walk(base, change, ['profiles', profile, 'params']);
}

/** The parameter at a dotted path; undefined where there is none. */
export function parameterAt(params: Params, dotted: string): Json | undefined {
  return parameterBelow(params, dotted.split('.'));
}

/** The same, by its keys. */
export function parameterBelow(params: Params, path: readonly string[]): Json | undefined {
  let here: Json | undefined = params;
  for (const key of path) {
    if (!isMapping(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here;
}

/** Reports a parameter that does not exist, with those that are close. */
export function reportUnknownParameter(params: Params, dotted: string, at: Location, report: Report): void {
  const hint = suggestion(dotted, dottedPaths(params));
  report(diagnose('unknown-parameter', `Unknown parameter "${dotted}"`, at, { hint }));
}

/** Applies `--set`: each path must exist and keep its type, except that anything may become or replace null. */
export function applyOverrides(params: Params, overrides: Readonly<Record<string, Json>>, report: Report): Params {
  let result = params;
  for (const [option, given] of Object.entries(overrides)) {
    const text = `${option}=${typeof given === 'string' ? given : JSON.stringify(given)}`;
    const whole: Location = { file: new SourceFile('--set', text), span: { start: 0, end: text.length } };
    for (const [path, value] of leaves(result, option.split('.'), given)) {
      const dotted = path.map(quotedKey).join('.');
      const old = parameterBelow(result, path);
      if (old === undefined) reportUnknownParameter(result, dotted, locateWithin(whole, dotted), report);
      else if (old !== null && value !== null && kindOf(old) !== kindOf(value)) {
        const message = `Parameter "${dotted}" is ${kindOf(old)}, --set makes it ${kindOf(value)}: ${shown(value)}`;
        const at = { file: whole.file, span: { start: option.length + 1, end: text.length } };
        report(diagnose('wrong-type', message, at));
      } else result = replaceAt(result, path, value);
    }
  }
  return result;
}

/** What an override sets: a mapping given for a mapping sets its keys one by one, but for one of another `kind`. */
function leaves(params: Params, path: readonly string[], value: Json): [readonly string[], Json][] {
  const pair = [parameterBelow(params, path), value] as const;
  if (!isMerged(pair)) return [[path, value]];
  return Object.entries(pair[1]).flatMap(([key, inner]) => leaves(params, [...path, key], inner));
}

/** The value at a path that exists, and nothing else, replaced. */
function replaceAt(params: Params, [key, ...rest]: readonly string[], value: Json): Params {
  return { ...params, [key!]: rest.length === 0 ? value : replaceAt(params[key!] as Params, rest, value) };
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  return { number: 'a number', string: 'text', boolean: 'true or false' }[typeof value as string] ?? 'null';
}

/** The parameters at these paths, nested and ordered as in the pipeline. */
export function pickParams(params: Params, paths: readonly (readonly string[])[]): Params {
  const picked: [string, Json][] = [];
  for (const [key, value] of Object.entries(params)) {
    const below = paths.filter(([first]) => first === key).map((path) => path.slice(1));
    if (below.some((path) => path.length === 0)) picked.push([key, value]);
    else if (isMapping(value) && below.length > 0) picked.push([key, pickParams(value, below)]);
  }
  return Object.fromEntries(picked);
}

/** Of the parameters that a path can name. */
export function dottedPaths(params: Params, prefix = ''): string[] {
  const named = Object.entries(params).filter(([key]) => !key.includes('.'));
  return named.flatMap(([key, value]) => [
    prefix + key,
    ...(isMapping(value) ? dottedPaths(value, `${prefix}${key}.`) : []),
  ]);
}
