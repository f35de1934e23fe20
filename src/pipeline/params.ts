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

/** `base` with every leaf of `change` in place: mappings are merged key by key, lists and scalars replace. */
export function mergeParams(base: Params, change: Params): Params {
  const merged: Record<string, Json> = { ...base };
  for (const [key, value] of Object.entries(change)) {
    const old = merged[key];
    merged[key] = isMapping(old) && isMapping(value) ? mergeParams(old, value) : value;
  }
  return merged;
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
      const old = Object.hasOwn(known, key) ? known[key] : undefined;
      if (old === undefined) {
        const dotted = [...path, key].slice(3).join('.');
        const message = `Profile "${profile}" sets parameter "${dotted}", which "params" has not`;
        const hint = suggestion(key, Object.keys(known));
        report(diagnose('unknown-parameter', message, locate(file, [...path, key], 'key'), { hint }));
      } else if (isMapping(old) && isMapping(value)) walk(old, value, [...path, key]);
    }
  };
  walk(base, change, ['profiles', profile, 'params']);
}

/** The parameter at a dotted path; undefined where there is none. */
export function parameterAt(params: Params, dotted: string): Json | undefined {
  return parameterBelow(params, dotted.split('.'));
}

function parameterBelow(params: Params, path: readonly string[]): Json | undefined {
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
    for (const [path, value] of leaves(params, option.split('.'), given)) {
      const dotted = path.map(quotedKey).join('.');
      const old = parameterBelow(params, path);
      if (old === undefined) reportUnknownParameter(params, dotted, locateWithin(whole, dotted), report);
      else if (old !== null && value !== null && kindOf(old) !== kindOf(value)) {
        const message = `Parameter "${dotted}" is ${kindOf(old)}, --set makes it ${kindOf(value)}: ${shown(value)}`;
        const at = { file: whole.file, span: { start: option.length + 1, end: text.length } };
        report(diagnose('wrong-type', message, at));
      } else result = mergeParams(result, nest(path, value));
    }
  }
  return result;
}

/** What an override sets: a mapping given for a mapping sets its keys one by one. */
function leaves(params: Params, path: readonly string[], value: Json): [readonly string[], Json][] {
  if (!isMapping(value) || !isMapping(parameterBelow(params, path))) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(params, [...path, key], inner));
}

function nest(path: readonly string[], value: Json): Params {
  return path.reduceRight<Json>((inner, key) => ({ [key]: inner }), value) as Params;
}

function kindOf(value: Json): string {
  if (Array.isArray(value)) return 'a list';
  if (isMapping(value)) return 'a mapping';
  return { number: 'a number', string: 'text', boolean: 'true or false' }[typeof value as string] ?? 'null';
}

/**
 * The declared parameters, nested and ordered as in the pipeline. A key that holds a dot is no path: it is seen only with
 * the mapping that holds it.
 */
export function pickParams(params: Params, declared: readonly string[]): Params {
  const pick = (from: Params, wanted: readonly (readonly string[])[]): Params => {
    const picked: [string, Json][] = [];
    for (const [key, value] of Object.entries(from)) {
      const below = wanted.filter(([first]) => first === key).map((path) => path.slice(1));
      if (below.some((path) => path.length === 0)) picked.push([key, value]);
      else if (isMapping(value) && below.length > 0) picked.push([key, pick(value, below)]);
    }
    return Object.fromEntries(picked);
  };
  return pick(
    params,
    declared.map((path) => path.split('.')),
  );
}

/**
 * A path with `${a.b}` replaced by parameters, `$${` standing for a literal `${`. `null` when an inserted parameter is
 * null, with its name; `undefined` when something is wrong and reported.
 */
export function interpolate(
  template: string,
  params: Params,
  at: Location,
  report: Report,
): { text: string } | { nullParameter: string } | undefined {
  let nullParameter: string | null = null;
  let failed = false;
  const text = template.replaceAll(/\$\$\{|\$\{([^{}]*)\}|\$\{/g, (whole, dotted: string | undefined) => {
    if (whole === '$${') return '${';
    const value = dotted === undefined ? undefined : parameterAt(params, dotted);
    if (dotted === undefined) {
      const hint = 'write ${a.b} to insert a parameter, $${ for the characters themselves';
      report(diagnose('bad-value', 'A "${" is never closed', locateWithin(at, '${'), { hint }));
    } else if (value === undefined) {
      reportUnknownParameter(params, dotted, locateWithin(at, dotted), report);
    } else if (value === null) {
      nullParameter ??= dotted;
      return '';
    } else if (typeof value === 'object') {
      const message = `Parameter "${dotted}" must be text or a number to be part of a path, it is ${shown(value)}`;
      report(diagnose('wrong-type', message, locateWithin(at, dotted)));
    } else return String(value);
    failed = true;
    return '';
  });
  if (failed) return undefined;
  return nullParameter === null ? { text } : { nullParameter };
}

/** Of the parameters that a path can name. */
function dottedPaths(params: Params, prefix = ''): string[] {
  const named = Object.entries(params).filter(([key]) => !key.includes('.'));
  return named.flatMap(([key, value]) => [
    prefix + key,
    ...(isMapping(value) ? dottedPaths(value, `${prefix}${key}.`) : []),
  ]);
}
