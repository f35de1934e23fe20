// Texts of the file in which `${…}` stands for a value: paths of inputs, words of commands. A dotted name in it is that of a
// parameter, or of an axis; keys of a parameter may be values of axes, `${train.${model}.rate}`.
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { quotedKey } from './dotted-path.ts';
import { dottedPaths, parameterBelow, type Params } from './params.ts';
import { locateWithin } from './parse.ts';
import type { AxisValues, Json } from './plan.ts';
import { closeNames, suggestion } from './suggest.ts';
import { shown } from './validate.ts';

/** Keys of a dotted name, each in pieces: text, or an axis whose value stands there. */
export type Name = readonly (readonly (string | { readonly axis: string })[])[];

export interface Insert {
  readonly name: Name;
  /** As written, without `${` and `}`. */
  readonly text: string;
}

export type Template = readonly (string | Insert)[];

/** A text of the file, parsed, and where it stands. */
export interface Text {
  readonly template: Template;
  readonly at: Location;
}

/** What a name may stand for in a cell. */
export interface Scope {
  readonly params: Params;
  readonly axes: AxisValues;
}

/** A value with the one spelling of its name, as keys. */
export interface Meaning {
  readonly keys: readonly string[];
  readonly value: Json;
}

/** A dotted name, `train.${model}`. */
export function parseName(text: string): Name {
  return text.split('.').map((key) =>
    key
      .split(/(\$\{[^{}]*\})/)
      .filter((piece) => piece !== '')
      .map((piece) => (piece.startsWith('${') ? { axis: piece.slice(2, -1).trim() } : piece)),
  );
}

/** The parts of a text, `$${` standing for a literal `${`; undefined, and reported, where a `${` is never closed. */
export function parseTemplate(text: string, at: Location, report: Report): Template | undefined {
  const parts: (string | Insert)[] = [];
  let end = 0;
  for (const { 0: whole, 1: name, index } of text.matchAll(/\$\$\{|\$\{((?:[^{}]|(?<=\$)\{[^{}]*\})*)\}|\$\{/g)) {
    if (index > end) parts.push(text.slice(end, index));
    end = index + whole.length;
    if (whole === '$${') parts.push('${');
    else if (name !== undefined) parts.push({ name: parseName(name), text: name });
    else {
      const hint = 'write ${a.b} to insert a parameter, $${ for the characters themselves';
      report(diagnose('bad-value', 'A "${" is never closed', locateWithin(at, '${'), { hint }));
      return undefined;
    }
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}

export function insertsOf(template: Template): Insert[] {
  return template.filter((part) => typeof part !== 'string');
}

/** Whether a name may stand for something else in each cell, given the names of all axes. */
export function mayNameAxis(name: Name, axes: ReadonlySet<string>): boolean {
  const [first, second] = name.map((key) => (key.length === 1 && typeof key[0] === 'string' ? key[0] : null));
  if (name.some((key) => key.some((piece) => typeof piece !== 'string'))) return true;
  return (name.length === 1 && axes.has(first!)) || (name.length === 2 && first === 'cell' && axes.has(second!));
}

/** The keys of a name in a cell; undefined, and reported, where it names an axis that the cell has not. */
export function keysIn(name: Name, { axes }: Scope, at: Location, report: Report): string[] | undefined {
  let isKnown = true;
  const keys = name.map((key) =>
    key
      .map((piece) => {
        if (typeof piece === 'string') return piece;
        if (Object.hasOwn(axes, piece.axis)) return String(axes[piece.axis]);
        isKnown = false;
        const names = Object.keys(axes);
        const hint = names.length === 0 ? 'the stage has no axes' : suggestion(piece.axis, names);
        report(diagnose('unknown-axis', `Unknown axis "${piece.axis}"`, locateWithin(at, piece.axis), { hint }));
        return '';
      })
      .join(''),
  );
  return isKnown ? keys : undefined;
}

/** Everything that keys may stand for. `params` and `cell` before a name say which is meant. */
export function meaningsOf(keys: readonly string[], { params, axes }: Scope): Meaning[] {
  const found = new Map<string, Meaning>();
  const add = (space: string, path: readonly string[], value: Json | undefined): void => {
    const spelt = [space, ...path];
    if (value !== undefined) found.set(JSON.stringify(spelt), { keys: spelt, value });
  };
  const [first = '', ...rest] = keys;
  const axis = (name: string): Json | undefined => (Object.hasOwn(axes, name) ? axes[name] : undefined);
  if (rest.length === 0) add('cell', keys, axis(first));
  if (first === 'cell' && rest.length === 1) add('cell', rest, axis(rest[0]!));
  add('params', keys, parameterBelow(params, keys));
  if (first === 'params' && rest.length > 0) add('params', rest, parameterBelow(params, rest));
  return [...found.values()];
}

/** The one of several meanings that there is; undefined, and reported, where there is none or more than one. */
export function onlyMeaning(
  { text }: Insert,
  keys: readonly string[],
  meanings: readonly Meaning[],
  known: Iterable<string>,
  at: Location,
  report: Report,
): Meaning | undefined {
  if (meanings.length === 1) return meanings[0];
  const here = locateWithin(at, text);
  if (meanings.length === 0) return reportUnknown(keys.join('.'), known, here, report);
  const others = meanings.map(({ keys }) => keys.map(quotedKey).join('.')).filter((name) => name !== text);
  const hint = `write ${others.map((name) => `\${${name}}`).join(' or ')}, or rename the other`;
  report(diagnose('bad-value', `"${text}" could be ${meanings.length} things`, here, { hint }));
  return undefined;
}

function reportUnknown(text: string, known: Iterable<string>, at: Location, report: Report): undefined {
  const names = [...known];
  // What a shell would replace is no slip in a name.
  const hint = closeNames(text, names).length > 0 ? suggestion(text, names) : escapeHint(text, names);
  report(diagnose('unknown-parameter', `Unknown parameter "${text}"`, at, { hint }));
}

function escapeHint(text: string, names: readonly string[]): string | undefined {
  return /^[A-Z_]|[^\w.-]/.test(text) ? `write $\${${text}} for these characters themselves` : suggestion(text, names);
}

/** The keys of a name that holds no axis. */
export function plainKeys(name: Name): string[] | null {
  const keys = name.map((key) => key.join(''));
  return name.flat().every((piece) => typeof piece === 'string') ? keys : null;
}

/** Names that mean something in a cell, for suggestions. */
export function namesIn({ params, axes }: Scope): string[] {
  return [...dottedPaths(params), ...Object.keys(axes)];
}

/**
 * A path with values in place of `${…}`; `nullParameter` where one of them is null; undefined when something is wrong
 * and reported.
 */
export function fillPath(
  template: Template,
  scope: Scope,
  at: Location,
  report: Report,
): { text: string } | { nullParameter: string } | undefined {
  let nullParameter: string | null = null;
  let failed = false;
  const texts = template.map((part) => {
    if (typeof part === 'string') return part;
    const keys = keysIn(part.name, scope, at, report);
    const meaning = keys && onlyMeaning(part, keys, meaningsOf(keys, scope), namesIn(scope), at, report);
    if (meaning === undefined) failed = true;
    else if (meaning.value === null) nullParameter ??= part.text;
    else if (typeof meaning.value === 'object') {
      const message = `Parameter "${part.text}" must be text or a number to be part of a path, it is ${shown(meaning.value)}`;
      report(diagnose('wrong-type', message, locateWithin(at, part.text)));
      failed = true;
    } else return String(meaning.value);
    return '';
  });
  if (failed) return undefined;
  return nullParameter === null ? { text: texts.join('') } : { nullParameter };
}
