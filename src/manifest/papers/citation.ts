// A number, or the numbers of several cells together, as a text may quote it: to the place its standard error supports.
import { matchesCell, parseAddress } from '../../pipeline/reference.ts';
import { suggestion } from '../../pipeline/suggest.ts';
import type { Manifest, ManifestNumber, ManifestStage } from '../../schema/types.ts';
import { meanAndStandardError } from '../../statistics/mean.ts';
import { fixedText, shifted } from '../text/decimal-text.ts';
import { numberText, valueText } from '../text/number-text.ts';

/**
 * The numbers an address names: one, or, where it leaves axes out, that number of every cell that agrees with the axes
 * it selects. None where the manifest has no such number.
 */
export function numbersAt(manifest: Pick<Manifest, 'numbers' | 'stages'>, text: string): ManifestNumber[] {
  const address = parseAddress(text);
  if (address === null || address.name === null) return [];
  const { stages, numbers } = indexOf(manifest);
  const cells = stages.get(address.stage)?.filter(({ cell }) => matchesCell(address, cell)) ?? [];
  return cells.flatMap(({ id }) => numbers.get(`${id}.${address.name}`) ?? []);
}

interface Index {
  readonly stages: ReadonlyMap<string, readonly ManifestStage[]>;
  /** By the cell and its own name for the number. */
  readonly numbers: ReadonlyMap<string, readonly ManifestNumber[]>;
}

/** A text may quote as many numbers as there are: each is found without looking at the others. */
const indexes = new WeakMap<object, Index>();

function indexOf(manifest: Pick<Manifest, 'numbers' | 'stages'>): Index {
  const known = indexes.get(manifest);
  if (known !== undefined) return known;
  const index = {
    stages: groupedBy(manifest.stages, ({ stage }) => stage),
    numbers: groupedBy(manifest.numbers, ({ stage, name }) => `${stage}.${name}`),
  };
  indexes.set(manifest, index);
  return index;
}

function groupedBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** What was probably meant by an address that names nothing. */
export function addressSuggestion({ numbers }: Pick<Manifest, 'numbers'>, text: string): string | undefined {
  const axesLeftOut = (address: string) => address.replace(/\[[^\]]*\]/, '');
  const addresses = numbers.map(({ address }) => address);
  return suggestion(text, addresses.concat(addresses.map(axesLeftOut))) ?? 'repro numbers lists the numbers there are';
}

/** Of one number: `value`, `error`, `n`, `unit`; of the numbers of several cells together: the others. */
export const statistics = ['value', 'error', 'n', 'unit', 'mean', 'sd', 'se', 'min', 'max', 'median', 'count'] as const;
export type Statistic = (typeof statistics)[number];
const ofOne: readonly Statistic[] = ['value', 'error', 'n', 'unit'];

/** How a citation is written, such as `mean ± sd` or `min to max .3f`. */
export interface CitationFormat {
  readonly first: Statistic;
  readonly second?: { readonly joint: '±' | 'to'; readonly statistic: Statistic };
  /** Python's `.3f` (decimals), `.2e`, `.3g` (significant digits) or `.1%`; without it the standard error decides. */
  readonly spec?: { readonly digits: number; readonly kind: 'f' | 'e' | 'g' | '%' };
}

/** Reads the text after `|`; null when it is none. */
export function parseFormat(text: string): CitationFormat | null {
  const match = /^([a-z]+)(?:\s*(±|\+-|to)\s*([a-z]+))?(?:\s+\.(\d{1,2})([feg%]))?$/.exec(text);
  if (match === null) return null;
  const [, first, joint, second, digits, kind] = match;
  const known = (name: string | undefined) => statistics.find((statistic) => statistic === name);
  const [one, other] = [known(first), known(second)];
  if (one === undefined || (second !== undefined && other === undefined)) return null;
  return {
    first: one,
    ...(other && { second: { joint: joint === 'to' ? 'to' : '±', statistic: other } }),
    ...(kind && { spec: { digits: Number(digits), kind: kind as 'f' } }),
  };
}

/** The citation, or why the numbers at hand do not give one: what is asked for is not there, or it is ambiguous. */
export type Cited =
  { readonly text: string } | { readonly problem: string; readonly absent: boolean; readonly hint?: string };

/**
 * @param format Without one: the value and, where it has one, its standard error.
 * @param escape Makes a unit, which is any text, harmless where the citation is put.
 */
export function cite(
  numbers: readonly ManifestNumber[],
  format: CitationFormat | null,
  escape: (unit: string) => string,
): Cited {
  const [number] = numbers;
  if (number === undefined) throw new RangeError('cite: no numbers');
  const asked = format ?? {
    first: 'value',
    ...(number.number.standardError !== undefined && { second: { joint: '±', statistic: 'error' } as const }),
  };
  const parts = [asked.first, ...(asked.second ? [asked.second.statistic] : [])];
  if (numbers.length > 1 && parts.some((part) => ofOne.includes(part))) {
    return {
      problem: `It names ${numbers.length} numbers, one for each cell`,
      absent: false,
      hint: 'select one cell, or say what to make of them: | mean ± sd, se, min, max, median, count',
    };
  }
  const values = parts.map((part) => statisticOf(part, numbers));
  const missing = parts[values.indexOf(null)];
  if (missing !== undefined) {
    return {
      absent: true,
      problem:
        missing === 'sd' || missing === 'se'
          ? `A spread (${missing}) needs at least two cells, it names one`
          : `It was reported without ${missing === 'n' ? 'n' : 'a standard error'}`,
    };
  }
  const escaped = (values as (number | string)[]).map((part) => (typeof part === 'string' ? escape(part) : part));
  return { text: citationText(escaped, asked, numbers) };
}

function citationText(
  [first, second]: readonly (number | string)[],
  { first: statistic, second: other, spec }: CitationFormat,
  numbers: readonly ManifestNumber[],
): string {
  const shown = (value: number | string | undefined, part: Statistic): string => {
    if (typeof value !== 'number') return value ?? '';
    if (part === 'n' || part === 'count') return String(value);
    if (spec !== undefined) return specText(value, spec);
    // A spread is given with two significant digits, everything else to the place of the standard error.
    const spread = part === 'sd' || part === 'se' || part === 'error';
    return spread ? spreadText(value) : numberText({ value, ...resolution(numbers) }).value;
  };
  if (other === undefined) return shown(first, statistic);
  if (other.joint === '±' && spec === undefined && typeof first === 'number' && typeof second === 'number') {
    const { value, error } = numberText({ value: first, standardError: second });
    return `${value} ± ${error ?? ''}`;
  }
  return `${shown(first, statistic)} ${other.joint} ${shown(second, other.statistic)}`;
}

/** Null for what the numbers do not give: an error that was not reported, the spread of a single one. */
export function statisticOf(statistic: Statistic, numbers: readonly ManifestNumber[]): number | string | null {
  const values = numbers.map(({ number }) => number.value).sort((a, b) => a - b);
  const { number } = numbers[0]!;
  const middle = values.length / 2;
  switch (statistic) {
    case 'value':
      return number.value;
    case 'error':
      return number.standardError ?? null;
    case 'n':
      return number.n ?? null;
    case 'unit':
      return number.unit;
    case 'mean':
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    case 'sd':
      return values.length < 2 ? null : meanAndStandardError(values).standardError * Math.sqrt(values.length);
    case 'se':
      return values.length < 2 ? null : meanAndStandardError(values).standardError;
    case 'min':
      return values[0]!;
    case 'max':
      return values.at(-1)!;
    case 'median':
      return (values[Math.ceil(middle) - 1]! + values[Math.floor(middle)]!) / 2;
    case 'count':
      return values.length;
  }
}

/** The standard error that decides to which place values are written. */
function resolution(numbers: readonly ManifestNumber[]): { standardError?: number } {
  const own = numbers[0]?.number.standardError;
  const standardError = numbers.length < 2 ? own : (statisticOf('se', numbers) as number);
  return standardError === undefined ? {} : { standardError };
}

function spreadText(spread: number): string {
  return numberText({ value: 0, standardError: spread }).error ?? valueText(spread);
}

function specText(value: number, { digits, kind }: NonNullable<CitationFormat['spec']>): string {
  switch (kind) {
    case 'f':
      return fixedText(value, digits);
    case 'e':
      return value.toExponential(digits);
    case 'g':
      return generalText(value, Math.max(1, digits));
    case '%':
      return `${fixedText(shifted(value, 2), digits)}%`;
  }
}

/** Python's `g`: significant digits, with an exponent where they do not reach to the point. */
function generalText(value: number, digits: number): string {
  const rounded = value.toExponential(digits - 1);
  const exponent = Number(rounded.split('e')[1]);
  return exponent < -4 || exponent >= digits ? rounded.replace(/\.?0*e/, 'e') : String(Number(rounded) + 0);
}
