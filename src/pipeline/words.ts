// Words of a command that insert values. In a plan and in a fingerprint they are in one spelling, `${params.train.rate}`;
// a process is given the values. What can be inserted is what the stage is assigned, so names are those of its `stage.json`.
import { ReproError } from '../error.ts';
import { diagnose, type Location, type Report } from './diagnostic.ts';
import { keysOf, quotedKey } from './dotted-path.ts';
import { dottedPaths, isMapping, parameterBelow, type Params } from './params.ts';
import { locateWithin } from './parse.ts';
import type { AxisValues, Json } from './plan.ts';
import {
  insertsOf,
  keysIn,
  meaningsOf,
  namesIn,
  onlyMeaning,
  type Insert,
  type Meaning,
  type Scope,
  type Text,
} from './template.ts';
import { shown } from './validate.ts';

export interface Words {
  /** Literal texts; where `inserts`, with `${…}` for values and `$${` for a literal `${`. */
  readonly words: readonly string[];
  readonly inserts: boolean;
  /** The parameters that are inserted, by their keys. */
  readonly params: readonly (readonly string[])[];
}

/**
 * The shape of an assignment beside parameters and cell, as far as planning knows it: texts and numbers stand for values
 * of that kind, lists for lists, null for an input that is absent.
 */
export type Assigned = Params;

/** The words of one cell, from those as written; undefined when something is wrong and reported. */
export function wordsIn(words: readonly Text[], scope: Scope, assigned: Assigned, report: Report): Words | undefined {
  const params: (readonly string[])[] = [];
  const inserts = words.some(({ template }, index) =>
    insertsOf(template).some(({ text }) => index > 0 || text.startsWith('inputs.')),
  );
  let failed = false;
  const texts = words.map(({ template, at }, index) =>
    template
      .map((part) => {
        if (typeof part === 'string') return inserts ? escaped(part) : part;
        const meaning = meaningIn(part, scope, assigned, at, report);
        const isWhole = template.length === 1;
        if (meaning === undefined || !checkValue(part, meaning, { at, isWhole, isProgram: index === 0 }, report)) {
          failed = true;
          return '';
        }
        // Which program runs is looked for when a run begins, but for one that an earlier stage makes.
        if (index === 0 && meaning.keys[0] !== 'inputs')
          return inserts ? escaped(String(meaning.value)) : String(meaning.value);
        if (meaning.keys[0] === 'params') params.push(meaning.keys.slice(1));
        return `\${${meaning.keys.map(quotedKey).join('.')}}`;
      })
      .join(''),
  );
  return failed ? undefined : { words: texts, inserts, params };
}

function meaningIn(
  insert: Insert,
  scope: Scope,
  assigned: Assigned,
  at: Location,
  report: Report,
): Meaning | undefined {
  const keys = keysIn(insert.name, scope, at, report);
  if (keys === undefined) return undefined;
  const own = parameterBelow(assigned, keys);
  const meanings = [...(own === undefined ? [] : [{ keys, value: own }]), ...meaningsOf(keys, scope)];
  return onlyMeaning(insert, keys, meanings, [...namesIn(scope), ...dottedPaths(assigned)], at, report);
}

function checkValue(
  { text }: Insert,
  { keys: [space], value }: Meaning,
  { at, isWhole, isProgram }: { at: Location; isWhole: boolean; isProgram: boolean },
  report: Report,
): boolean {
  const here = locateWithin(at, text);
  const wrong = (message: string, hint?: string): false => {
    report(diagnose('bad-value', message, here, { hint }));
    return false;
  };
  if (isProgram && (space === 'inputs' ? !isWhole : space !== 'params' && space !== 'cell')) {
    return wrong(`The program of a command can insert parameters and axes, or be an input, not hold "${text}"`);
  }
  if (value === null) {
    if (space !== 'params') return wrong(`Input "${text}" is absent, and cannot be inserted`);
    return wrong(`Parameter "${text}", which is inserted, is null`, `give it with --set ${text}=…`);
  }
  if (isMapping(value)) return wrong(`"${text}" must be one value to be inserted, it is ${shown(value)}`);
  if (!Array.isArray(value)) return true;
  if (isProgram || !isWhole) {
    return wrong(`"${text}" is a list, which must be a word of its own`, 'each of its items becomes a word');
  }
  if (value.every((item) => item !== null && typeof item !== 'object')) return true;
  return wrong(`"${text}" must be a list of texts and numbers to be inserted`);
}

/** Whether a word is a file that the stage is given: as a program its bytes are known without a look at this machine. */
export function isInputWord(word: string): boolean {
  return /^\$\{inputs\.[^{}]*\}$/.test(word);
}

const escaped = (text: string): string => text.replaceAll('${', () => '$${');

/**
 * The words that a process is given.
 * @param assignment What the stage is assigned, as in its `stage.json`
 * @throws {ReproError} `bad-value` for a name that the assignment has not
 */
export function filledWords({ words, inserts }: Omit<Words, 'params'>, assignment: object): string[] {
  if (!inserts) return [...words];
  const valueOf = (name: string): Json => {
    const value = parameterBelow(assignment as Params, keysOf(name));
    if (value !== undefined) return value;
    throw new ReproError('bad-value', `Its command inserts "${name}", which it is not assigned`);
  };
  return words.flatMap((word) => {
    const [, whole] = /^\$\{([^{}]*)\}$/.exec(word) ?? [];
    const list = whole === undefined ? null : valueOf(whole);
    if (Array.isArray(list)) return list.map(itemText);
    return [
      word.replaceAll(/\$\$\{|\$\{([^{}]*)\}/g, (_, name: string | undefined) =>
        name === undefined ? '${' : itemText(valueOf(name)),
      ),
    ];
  });
}

/** A label, `{ model: forest }`, is `model=forest`, as in the name of its cell. */
function itemText(value: Json): string {
  return isMapping(value) ? cellText(value as AxisValues) : String(value);
}

function cellText(cell: AxisValues): string {
  return Object.keys(cell)
    .sort()
    .map((axis) => `${axis}=${String(cell[axis])}`)
    .join(',');
}
