// What is wrong in a configuration file, where, and what was meant.
import type { ErrorObject } from 'ajv';
import { diagnose, type Diagnostic, sortDiagnostics } from '../pipeline/diagnostic.ts';
import { parseDuration } from '../pipeline/duration.ts';
import { locate, locateWithin, type ParsedFile, type YamlPath } from '../pipeline/parse.ts';
import { suggestion } from '../pipeline/suggest.ts';
import { placeholders } from '../cluster/template.ts';
import type { Config, GroupDeclaration, TemplateDeclaration } from '../schema/types.ts';

/** Keys by what they are keys of. */
const keys = {
  file: ['remotes', 'key', 'executors', 'use'],
  remotes: ['url', 'endpoint', 'region', 'trust', 'platforms'],
  template: ['kind', 'submit', 'status', 'cancel', 'id', 'states', 'setup', 'group', 'queued'],
  states: ['queued', 'running', 'ended', 'failed'],
  slurm: ['kind', 'partition', 'account', 'qos', 'setup', 'group', 'queued', 'options'],
  group: ['under', 'size'],
} as const;

const kinds = ['slurm', 'template'] as const;
type Kind = (typeof kinds)[number];

/** Options of `sbatch` that the executor gives itself. */
const ownOptions = ['array', 'chdir', 'error', 'export', 'job-name', 'output', 'parsable', 'wait', 'wrap'];
const ownLetters = ['a', 'D', 'e', 'J', 'o', 'W'];

/** What does not fit the schema. */
export function configFaults(errors: readonly ErrorObject[], value: unknown, file: ParsedFile): Diagnostic[] {
  const faults = sortDiagnostics(errors.flatMap((error) => fault(error, value, file) ?? []));
  // What kinds have in common is said of each.
  const isSame = (a: Diagnostic, b: Diagnostic): boolean =>
    a.message === b.message && a.at.span.start === b.at.span.start;
  return faults.filter((each, index) => faults.findIndex((other) => isSame(other, each)) === index);
}

/** What fits the schema and cannot be meant. */
export function executorFaults(executors: NonNullable<Config['executors']>, file: ParsedFile): Diagnostic[] {
  return Object.entries(executors).flatMap(([name, declaration]) => {
    const path = ['executors', name];
    return [
      ...groupFaults(declaration.group, [...path, 'group'], file),
      ...(declaration.kind === 'slurm'
        ? optionFaults(declaration.options, [...path, 'options'], file)
        : templateFaults(declaration, path, file)),
    ];
  });
}

function groupFaults(group: GroupDeclaration | undefined, path: YamlPath, file: ParsedFile): Diagnostic[] {
  if (group === undefined || parseDuration(group.under) !== null) return [];
  const message = `The time must be above zero and below 30 years, it is ${group.under}`;
  return [diagnose('bad-value', message, locate(file, [...path, 'under']))];
}

function optionFaults(options: readonly string[] = [], path: YamlPath, file: ParsedFile): Diagnostic[] {
  return options.flatMap((option, index) => {
    if (!isOwn(option)) return [];
    const at = locate(file, [...path, index]);
    return diagnose('bad-value', `"${option}" is what the executor says itself`, at, { hint: 'leave it out' });
  });
}

function templateFaults(declaration: TemplateDeclaration, path: YamlPath, file: ParsedFile): Diagnostic[] {
  const faults = (['submit', 'status', 'cancel'] as const).flatMap((key) => {
    const known: readonly string[] = placeholders[key];
    return declaration[key].flatMap((part, index) =>
      [part].flat().flatMap((word, inner) =>
        [...word.matchAll(/\{(\w+)\}/g)].flatMap(([written, name = '']) => {
          if (known.includes(name)) return [];
          const at = locate(file, [...path, key, index, ...(typeof part === 'string' ? [] : [inner])]);
          const names = known.map((each) => `{${each}}`);
          return diagnose('bad-value', `"${key}" knows no ${written}`, locateWithin(at, written), {
            hint: suggestion(written, names) ?? `known: ${names.join(', ')}`,
          });
        }),
      ),
    );
  });
  if (!declaration.cancel.flat().some((word) => /\{ids?\}/.test(word))) {
    const at = locate(file, [...path, 'cancel']);
    faults.push(
      diagnose('bad-value', '"cancel" must say which jobs', at, { hint: 'with {ids}, or {id} for one at a time' }),
    );
  }
  try {
    new RegExp(declaration.id ?? '');
  } catch (error) {
    faults.push(diagnose('bad-value', (error as Error).message, locate(file, [...path, 'id'])));
  }
  return faults;
}

function isOwn(option: string): boolean {
  const long = /^--([a-z-]+)/.exec(option)?.[1];
  return long === undefined ? ownLetters.includes(option.charAt(1)) : ownOptions.includes(long);
}

/** One error of the schema in words; null for what another says better. */
function fault(error: ErrorObject, value: unknown, file: ParsedFile): Diagnostic | null {
  const where = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const [section, name = '', part] = where;
  // A name has an error of its own, beside the one of its mapping.
  if ('propertyName' in error) return null;
  if (error.keyword === 'propertyNames') return badName(error, where, file);
  if (section === 'executors' && name !== '') {
    const kind = kindOf(value, name);
    if (kind === null) return error.keyword === 'anyOf' && where.length === 2 ? noKind(value, name, file) : null;
    if (isOfOtherKind(error, kind, where)) return null;
  }
  if (error.keyword === 'additionalProperties') {
    const { additionalProperty: key } = error.params as { additionalProperty: string };
    const kind = section === 'executors' ? kindOf(value, name) : null;
    const known: readonly string[] =
      keys[part === 'group' || part === 'states' ? part : (kind ?? (section === 'remotes' ? section : 'file'))];
    const at = locate(file, [...where, key], 'key');
    return diagnose('unknown-key', `Unknown key "${key}"`, at, {
      hint: suggestion(key, known) ?? `known: ${known.join(', ')}`,
    });
  }
  const code = error.keyword === 'required' ? 'missing-key' : 'bad-value';
  return diagnose(code, `"${where.join('.') || 'The file'}" ${wording(error)}`, locate(file, where));
}

/** The schema tells of each kind why the executor is none of it. */
function isOfOtherKind({ keyword, params, schemaPath }: ErrorObject, kind: Kind, where: readonly string[]): boolean {
  const known: readonly string[] = keys[kind];
  const { additionalProperty, missingProperty } = params as Partial<Record<string, string>>;
  const part = where[2] ?? additionalProperty ?? missingProperty;
  if (part === undefined || keyword === 'const') return true;
  if (where.length === 2) return known.includes(part) === (keyword === 'additionalProperties');
  // What is said of a word is said better of the words.
  return !known.includes(part) || /\/items\/anyOf\/\d/.test(schemaPath);
}

const typeNames: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a mapping',
  string: 'text',
  integer: 'a whole number',
};

function wording({ keyword, message = 'does not fit', instancePath, params }: ErrorObject): string {
  const of = (name: string): string => String((params as Record<string, unknown>)[name]);
  switch (keyword) {
    case 'type':
      return `must be ${typeNames[of('type')] ?? of('type')}`;
    case 'required':
      return `must have "${of('missingProperty')}"`;
    case 'minLength':
      return 'must not be empty';
    case 'minimum':
      return `must be at least ${of('limit')}`;
    case 'anyOf':
      return 'must be one line of text, or a list of such words';
    case 'pattern':
      if (instancePath.endsWith('/under')) return 'must be a time such as 90s, 2m or 1h';
      if (/\/options\/\d+$/.test(instancePath)) return 'must be one option of sbatch, such as --constraint=a100';
      return /\/setup\/\d+$/.test(instancePath) ? 'must be one line' : message;
    default:
      return message;
  }
}

function badName(error: ErrorObject, where: readonly string[], file: ParsedFile): Diagnostic {
  const { propertyName: name } = error.params as { propertyName: string };
  const at = locate(file, [...where, name], 'key');
  if (where[0] === 'executors' && name === 'local') {
    return diagnose('bad-value', '"local" is this machine, which needs no executor', at, {
      hint: 'give the executor another name',
    });
  }
  const hint = where[0] === 'use' ? 'it is a name of stages, in which * stands for any text' : undefined;
  const form = where[0] === 'use' ? 'small letters, digits, - and *' : 'small letters, digits and -';
  return diagnose('bad-value', `A name here consists of ${form}, it is "${name}"`, at, { hint });
}

function kindOf(value: unknown, name: string): Kind | null {
  const { executors } = value as { executors?: Record<string, { kind?: unknown } | null> };
  const kind = executors?.[name]?.kind;
  return kinds.find((known) => known === kind) ?? null;
}

function noKind(value: unknown, name: string, file: ParsedFile): Diagnostic {
  const { executors } = value as { executors: Record<string, unknown> };
  const declared = executors[name];
  const isMapping = typeof declared === 'object' && declared !== null && !Array.isArray(declared);
  const kind = isMapping ? (declared as { kind?: unknown }).kind : undefined;
  const known = `known: ${kinds.join(', ')}`;
  if (kind === undefined) {
    const message = isMapping ? `Executor "${name}" has no "kind"` : `Executor "${name}" must be a mapping`;
    return diagnose('missing-key', message, locate(file, ['executors', name], 'key'), { hint: known });
  }
  const message = `No executor is of kind ${JSON.stringify(kind)}`;
  const at = locate(file, ['executors', name, 'kind']);
  return diagnose('bad-value', message, at, { hint: (typeof kind === 'string' && suggestion(kind, kinds)) || known });
}
