// The shape of the document against schemas/pipeline.schema.json: each schema error becomes one sentence at the exact key or value.
import type { ErrorObject } from 'ajv';
import type {
  CellsInput,
  DirectoryInput,
  FileInput,
  GateDeclaration,
  PipelineDocument,
  Profile,
  Resources,
  StageDeclaration,
  Tolerance,
  UrlInput,
  Variables,
} from '../schema/types.ts';
import { validate_pipeline } from '../schema/validators.js';
import { diagnose, type Diagnostic } from './diagnostic.ts';
import { locate, toJson, type ParsedFile, type YamlPath } from './parse.ts';
import { closeNames, suggestion } from './suggest.ts';

type Keys<T> = { readonly [K in keyof Required<T>]: true };
const pipelineKeys: Keys<PipelineDocument> = {
  name: true,
  include: true,
  defaults: true,
  seed: true,
  params: true,
  profiles: true,
  stages: true,
  gates: true,
};
const profileKeys: Keys<Profile> = { params: true, matrix: true, stages: true };
const stageKeys: Keys<StageDeclaration> = {
  run: true,
  was: true,
  code: true,
  packages: true,
  params: true,
  inputs: true,
  outputs: true,
  numbers: true,
  env: true,
  matrix: true,
  resources: true,
};
const resourceKeys: Keys<Resources> = { cpus: true, memory: true, gpus: true, time: true, retries: true };
const gateKeys: Keys<GateDeclaration> = {
  number: true,
  min: true,
  max: true,
  reference: true,
  tolerance: true,
  against: true,
  margin: true,
  level: true,
  better: true,
};
const toleranceKeys: Keys<Tolerance> = { absolute: true, relative: true, standardErrors: true };
const variableKeys: Keys<Variables> = { fingerprint: true, pass: true };
const inputKeys: Keys<FileInput> & Keys<DirectoryInput> & Keys<UrlInput> & Keys<CellsInput> = {
  file: true,
  dir: true,
  url: true,
  cells: true,
  sha256: true,
  external: true,
  optional: true,
};

const nameRule = 'lower-case letters, digits and dashes, beginning with a letter';
/** What each pattern of the schema asks for, in words. */
export const patternText: Readonly<Record<string, string>> = {
  '^[a-z][a-z0-9-]*$': nameRule,
  '^([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*(\\.([A-Za-z_]|\\$\\{[a-z][a-z0-9-]*\\})([A-Za-z0-9_-]|\\$\\{[a-z][a-z0-9-]*\\})*)*$':
    'a dotted path into "params", such as model.width',
  '^[A-Za-z_][A-Za-z0-9_]*$': 'the name of an environment variable',
  '^[A-Za-z0-9][A-Za-z0-9._+-]*$': 'letters, digits and . _ + -, beginning with a letter or digit',
  '^[A-Za-z0-9][A-Za-z0-9._-]*$': 'the name of a package, such as scikit-learn',
  '^(https?://|\\$\\{)': 'an address that begins with https:// or http://',
  '^([0-9a-f]{64}|\\$\\{([^{}]|\\{[^{}]*\\})*\\})$': '64 lower-case hexadecimal digits',
  '^[0-9]+(\\.[0-9]+)?(s|m|h)$': 'a time such as 90s, 30m or 2h',
  '^[0-9]+(\\.[0-9]+)?(MiB|GiB|TiB|MB|GB|TB)$': 'an amount of memory such as 512MiB or 4GiB',
};

/** The document, now known to have the schema's shape, or every way in which it has not. */
export function validateShape(file: ParsedFile): { document: PipelineDocument } | { diagnostics: Diagnostic[] } {
  const value = toJson(file.root);
  if (validate_pipeline(value)) return { document: value as unknown as PipelineDocument };
  const errors = (validate_pipeline.errors ?? []).map((error) => ({ error, path: pathOf(error, value) }));
  const alternatives = errors.filter(({ error }) => error.keyword === 'anyOf');
  const specific = errors.filter(
    ({ error }) =>
      // The inner error of a key that is no name: `propertyNames` says it with the key.
      error.propertyName === undefined &&
      error.keyword !== 'anyOf' &&
      !alternatives.some(
        (each) => error.instancePath.startsWith(each.error.instancePath) && !inChosenBranch(error, each.path, value),
      ),
  );
  const found = [...specific, ...alternatives]
    .map(({ error, path }) => describe(error, path, value, file))
    .filter((diagnostic) => diagnostic !== null);
  const distinct = found.filter((diagnostic) => !explainedByMisspelling(diagnostic, found));
  return { diagnostics: distinct.filter((each, index) => index === distinct.findIndex(sharesPlace(each))) };
}

/** What stands in `defaults` is wrong in every stage of its file: the first tells it. */
function sharesPlace({ code, at }: Diagnostic): (other: Diagnostic) => boolean {
  return (other) => other.code === code && other.at === at;
}

function pathOf(error: ErrorObject, value: unknown): YamlPath {
  let here: unknown = value;
  return error.instancePath
    .split('/')
    .slice(1)
    .map((step) => {
      const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
      const at = Array.isArray(here) ? Number(key) : key;
      here = (here as Record<string | number, unknown>)[at];
      return at;
    });
}

function valueAt(path: YamlPath, value: unknown): unknown {
  return path.reduce<unknown>((here, step) => (here as Record<string | number, unknown>)[step], value);
}

/** The kind of input that a mapping means to be, by the one key that tells. */
function inputKind(value: unknown): 'FileInput' | 'DirectoryInput' | 'UrlInput' | 'CellsInput' | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  const kinds = [
    ['file', 'FileInput'],
    ['dir', 'DirectoryInput'],
    ['url', 'UrlInput'],
    ['cells', 'CellsInput'],
  ] as const;
  const present = kinds.filter(([key]) => key in value);
  return present.length === 1 ? present[0]![1] : null;
}

function isInput(path: YamlPath): boolean {
  return path[0] === 'stages' && path[2] === 'inputs' && path.length === 4;
}

const pathLength = ({ instancePath }: ErrorObject): number => instancePath.split('/').length - 1;

function isVariables(path: YamlPath): boolean {
  return path[0] === 'stages' && path[2] === 'env' && path.length === 3;
}

function variablesKind(value: unknown): 'VariableNames' | 'Variables' | null {
  if (Array.isArray(value)) return 'VariableNames';
  return value !== null && typeof value === 'object' ? 'Variables' : null;
}

/** Of an `anyOf` only the errors of the alternative that was meant are worth reading. */
function inChosenBranch(error: ErrorObject, alternatives: YamlPath, value: unknown): boolean {
  const meant = valueAt(alternatives, value);
  if (isVariables(alternatives)) {
    const isOwn = pathLength(error) === alternatives.length;
    return variablesKind(meant) === 'Variables' ? !isOwn || error.keyword !== 'type' : !isOwn;
  }
  const kind = isInput(alternatives) ? inputKind(meant) : null;
  return kind !== null && error.schemaPath.startsWith(`#/definitions/${kind}/`);
}

function describe(error: ErrorObject, path: YamlPath, value: unknown, file: ParsedFile): Diagnostic | null {
  const at = locate(file, path);
  const actual = valueAt(path, value);
  const bad = (rule: string, hint?: string): Diagnostic =>
    diagnose('bad-value', `${subject(path)} must be ${rule}, it is ${shown(actual)}`, at, { hint });
  switch (error.keyword) {
    case 'required': {
      const key = String(error.params['missingProperty']);
      return diagnose('missing-key', `${subject(path)} needs the key "${key}"`, locate(file, path, 'key'));
    }
    case 'additionalProperties': {
      const key = String(error.params['additionalProperty']);
      const known = Object.keys(knownKeys(path, actual));
      const hint = suggestion(key, known);
      const message = `Unknown key "${key}"${path.length === 0 ? '' : ` in ${lowerFirst(subject(path))}`}`;
      return diagnose('unknown-key', message, locate(file, [...path, key], 'key'), { hint });
    }
    case 'propertyNames': {
      const key = String(error.params['propertyName']);
      const message = `A name must be ${nameRule}, it is "${key}"`;
      return diagnose('bad-value', message, locate(file, [...path, key], 'key'));
    }
    case 'type': {
      const wanted = typeText[String(error.params['type'])] ?? String(error.params['type']);
      const hint = typeHint(path, wanted, actual);
      return diagnose('wrong-type', `${subject(path)} must be ${wanted}, it is ${shown(actual)}`, at, { hint });
    }
    case 'anyOf':
      return describeAlternatives(path, actual, file);
    case 'pattern': {
      const pattern = String(error.params['pattern']);
      return bad(patternText[pattern] ?? `text that matches ${pattern}`);
    }
    case 'minimum':
      return bad(`at least ${String(error.params['limit'])}`);
    case 'maximum':
      return bad(`at most ${String(error.params['limit'])}`);
    case 'enum':
      return bad(`one of ${(error.params['allowedValues'] as unknown[]).map(shown).join(', ')}`);
    case 'maxProperties':
      return diagnose('bad-value', `${subject(path)} must have one key: ${listed(knownKeys(path, actual))}`, at);
    case 'uniqueItems': {
      const index = Number(error.params['i']);
      const message = `${subject(path)} has ${shown((actual as unknown[])[index])} twice`;
      return diagnose('bad-value', message, locate(file, [...path, index]));
    }
    case 'minLength':
    case 'minItems':
    case 'minProperties':
      return diagnose('bad-value', `${subject(path)} must not be empty`, at);
    default:
      return diagnose('bad-value', `${subject(path)} ${error.message ?? 'is not valid'}`, at);
  }
}

/** How a scalar of another type is written so that it says what was most likely meant. */
function typeHint(path: YamlPath, wanted: string, actual: unknown): string | undefined {
  if (path.at(-2) === 'matrix' && typeof actual === 'number') return 'repetitions are written "replicate: n"';
  if (path.at(-2) === 'resources' && typeof actual === 'number') {
    if (path.at(-1) === 'time') return `with its unit: ${actual}s, ${actual}m or ${actual}h`;
    if (path.at(-1) === 'memory') return `with its unit: ${actual}MiB or ${actual}GiB`;
  }
  if (/number/.test(wanted) && typeof actual === 'string' && /^[+-]?\d+(\.\d+)?$/.test(actual))
    return `without quotes: ${actual}`;
  return wanted === 'text' && (typeof actual === 'number' || typeof actual === 'boolean')
    ? `with quotes: "${actual}"`
    : undefined;
}

function describeAlternatives(path: YamlPath, actual: unknown, file: ParsedFile): Diagnostic | null {
  const at = locate(file, path);
  const wrong = (rule: string, hint?: string): Diagnostic =>
    diagnose('wrong-type', `${subject(path)} must be ${rule}, it is ${shown(actual)}`, at, { hint });
  if (actual === '' || (Array.isArray(actual) && actual.length === 0)) {
    return diagnose('bad-value', `${subject(path)} must not be empty`, at);
  }
  if (isVariables(path)) {
    return variablesKind(actual) === null ? wrong('a list of names, or { fingerprint: […], pass: […] }') : null;
  }
  if (isInput(path)) {
    if (inputKind(actual) !== null) return null;
    const key = Object.keys(actual !== null && typeof actual === 'object' && !Array.isArray(actual) ? actual : {}).find(
      (each) => !(each in inputKeys),
    );
    const close = key === undefined ? [] : closeNames(key, Object.keys(inputKeys));
    const rule = '"stage.output" or a mapping with one of "file", "dir", "url" and "cells"';
    return wrong(rule, close.length > 0 ? `did you mean "${close[0]!}"?` : undefined);
  }
  if (path.at(-1) === 'run') {
    const index = Array.isArray(actual) ? actual.findIndex((word) => typeof word !== 'string' || word === '') : -1;
    if (index === -1) return wrong('the path of a module, or the words of a command as a list');
    const word = (actual as readonly unknown[])[index];
    const message = `Words of a command must be text, this one of ${subject(path)} is ${shown(word)}`;
    return diagnose('wrong-type', message, locate(file, [...path, index]), { hint: typeHint(path, 'text', word) });
  }
  if (typeof actual === 'string') {
    const message = `${subject(path)} must be ${patternText['^[A-Za-z0-9][A-Za-z0-9._+-]*$']!}, it is ${shown(actual)}`;
    return diagnose('bad-value', message, at);
  }
  return wrong('text, a number, true or false');
}

const listed = (keys: object): string => Object.keys(keys).join(', ');

/** A missing key whose misspelling is already reported is not worth a second complaint. */
function explainedByMisspelling(missing: Diagnostic, all: readonly Diagnostic[]): boolean {
  if (missing.code !== 'missing-key') return false;
  const key = /needs the key (".*")$/.exec(missing.message)?.[1];
  return (
    key !== undefined &&
    all.some((other) => other.code === 'unknown-key' && other.hint?.startsWith(`did you mean ${key}`) === true)
  );
}

function knownKeys(path: YamlPath, actual: unknown): object {
  if (path.length === 0) return pipelineKeys;
  if (path[0] === 'gates') return path[2] === 'tolerance' ? toleranceKeys : gateKeys;
  if (path[0] === 'profiles') return profileKeys;
  if (path[2] === 'resources') return resourceKeys;
  if (path[2] === 'env') return variableKeys;
  if (path[2] !== 'inputs') return stageKeys;
  const kind = inputKind(actual);
  if (kind === 'CellsInput') return { cells: true };
  if (kind === 'UrlInput') return { url: true, sha256: true };
  return kind === 'FileInput'
    ? { file: true, external: true, optional: true }
    : { dir: true, external: true, optional: true };
}

/** What a path speaks of: `Stage "train"`, `"cpus" of stage "train"`. */
function subject(path: YamlPath): string {
  if (path.length === 0) return 'The pipeline';
  const owner = { stages: 'stage', gates: 'gate', profiles: 'profile' }[String(path[0])];
  if (owner === undefined || path.length === 1) return nameOf(path);
  const of = `${owner} "${String(path[1])}"`;
  if (path.length === 2) return of[0]!.toUpperCase() + of.slice(1);
  return `${nameOf(path.slice(2))} of ${of}`;
}

function nameOf(path: YamlPath): string {
  const last = path.at(-1)!;
  if (typeof last === 'number') return `Item ${last + 1} of "${String(path.at(-2))}"`;
  if (path[0] === 'inputs' && path.length === 2) return `Input "${last}"`;
  if (path[0] === 'outputs' && path.length === 2) return `Output "${last}"`;
  if (path.at(-2) === 'matrix' && path.length === 2 && last !== 'exclude') return `Axis "${last}"`;
  return `"${last}"`;
}

const lowerFirst = (text: string): string => text[0]!.toLowerCase() + text.slice(1);

const typeText: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  'number,string': 'a number or an address',
  'string,number,boolean': 'text, a number, true or false',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
};

/** A value as a sentence can hold it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value !== 'string') return String(value);
  return value.length > 60 ? `"${value.slice(0, 59)}…"` : `"${value}"`;
}
