// A paper against manifests: every number it states must be one that a manifest gives, rounded as it is written.
import type { Diagnostic } from '../../pipeline/diagnostic.ts';
import type { SourceFile } from '../../pipeline/source.ts';
import type { Manifest } from '../../schema/types.ts';
import { addressSuggestion, numbersAt, statisticOf } from './citation.ts';
import { quotableNumbers } from './cite-macros.ts';
import { parameterLeaves } from '../lineage.ts';
import { placeText, shifted } from '../text/decimal-text.ts';
import { valueText } from '../text/number-text.ts';
import { type PaperFormat, readPaper } from './paper-text.ts';
import type { Literal } from './stated-numbers.ts';

export type PaperCode = 'unbacked-number' | 'stale-number' | 'unknown-number';

export interface PaperCheck {
  /** Numbers that were looked at. */
  readonly checked: number;
  readonly diagnostics: readonly Diagnostic<PaperCode>[];
}

export interface PaperOptions {
  readonly format: PaperFormat;
  /** Check whole numbers too; without it they are taken for counts and names. */
  readonly integers: boolean;
}

/** A value that a text may state, and what it is. */
interface Backing {
  readonly what: string;
  readonly value: number;
  /** How far a stale statement of it may be off and still be recognized. */
  readonly reach: number;
}

export function lintPaper(file: SourceFile, manifests: readonly Manifest[], options: PaperOptions): PaperCheck {
  const backings = manifests.flatMap(backingsOf).sort((a, b) => a.value - b.value);
  const { literals, bindings } = readPaper(file.text, options.format);
  // A comment speaks of the last number before it.
  const bound = new Map<Literal, string>();
  const diagnostics: Diagnostic<PaperCode>[] = [];
  let before = 0;
  for (const binding of bindings) {
    while (before < literals.length && literals[before]!.span.end <= binding.span.start) before += 1;
    const number = literals[before - 1];
    if (number !== undefined) bound.set(number, binding.address);
  }
  const judge = boundJudge(manifests);
  const checked = literals.filter((each) => options.integers || each.precise || bound.has(each));
  for (const each of checked) {
    const address = bound.get(each);
    const problem = address === undefined ? unbound(each, backings) : judge(each, address);
    if (problem !== null) {
      const at = { file, span: each.span };
      diagnostics.push({ severity: 'error', at, related: [], ...problem });
    }
  }
  return { checked: checked.length, diagnostics };
}

type Problem = Pick<Diagnostic<PaperCode>, 'code' | 'message' | 'hint'>;

function unbound(literal: Literal, backings: readonly Backing[]): Problem | null {
  const backing = nearest(literal, backings);
  if (backing !== null && states(literal, backing.value)) return null;
  if (backing === null || distanceTo(literal, backing.value) > backing.reach) {
    const hint = 'give it from a manifest (repro cite), or mark the line: repro-ignore';
    return { code: 'unbacked-number', message: `No manifest gives ${literal.text}`, hint };
  }
  return stale(literal, backing.what, backing.value);
}

/** The backing that a literal states or, failing that, the nearest that it may be an old statement of. */
function nearest(literal: Literal, sorted: readonly Backing[]): Backing | null {
  const stated = literal.percent ? literal.value / 100 : literal.value;
  if (!Number.isFinite(stated)) return null;
  let best: Backing | null = null;
  // Outwards from where it would stand, on both sides; and from its negative, which a text may leave unsigned.
  for (const middle of stated > 0 ? [stated, -stated] : [stated]) {
    const from = lowerBound(sorted, middle);
    for (const step of [1, -1]) {
      for (let at = step > 0 ? from : from - 1; at >= 0 && at < sorted.length; at += step) {
        const each = sorted[at]!;
        const distance = Math.abs(each.value - middle);
        if (best !== null && distance >= distanceTo(literal, best.value)) break;
        if (distance <= each.reach || states(literal, each.value)) best = each;
        // No reach is more than a quarter of its number: a third of what is stated.
        if (distance > Math.abs(middle) / 3 && !states(literal, each.value)) break;
      }
    }
  }
  return best;
}

/** How many of the sorted backings are below a value. */
function lowerBound(sorted: readonly Backing[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]!.value < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Judges literals with an address; each address is looked up once, and hints are given for the first that are unknown. */
function boundJudge(manifests: readonly Manifest[]): (literal: Literal, address: string) => Problem | null {
  const values = new Map<string, number | null>();
  let hints = 20;
  return (literal, address) => {
    if (!values.has(address)) {
      const found = manifests.map((manifest) => numbersAt(manifest, address)).find((numbers) => numbers.length > 0);
      values.set(address, found === undefined ? null : (statisticOf('mean', found) as number));
    }
    const value = values.get(address) ?? null;
    if (value !== null) return states(literal, value) ? null : stale(literal, address, value);
    const [first] = manifests;
    const hint = first === undefined || hints-- <= 0 ? undefined : addressSuggestion(first, address);
    return {
      code: 'unknown-number',
      message: `No manifest has a number "${address}"`,
      ...(hint !== undefined && { hint }),
    };
  };
}

function stale(literal: Literal, what: string, value: number): Problem {
  const scaled = literal.percent ? shifted(value, 2) : value;
  const shown = `${valueText(scaled, [literal.value])}${literal.percent ? '%' : ''}`;
  return {
    code: 'stale-number',
    message: `${literal.text} is not ${what} = ${shown}, which is written ${written(literal, value)} at this place`,
  };
}

/** Whether the value rounds to what is written; a text says "0.04 lower" of -0.04, and "4%" of 0.04. */
function states(literal: Literal, value: number): boolean {
  if (!Number.isFinite(literal.value)) return false;
  return distanceTo(literal, value) <= 0.5 * literal.unit * (1 + 1e-9) * (literal.percent ? 0.01 : 1);
}

function distanceTo({ value: stated, percent }: Literal, value: number): number {
  const plain = percent ? stated / 100 : stated;
  return Math.min(Math.abs(plain - value), stated >= 0 ? Math.abs(plain + value) : Infinity);
}

/** A value to the place of a literal. */
function written({ unit, percent }: Literal, value: number): string {
  const place = Math.round(Math.log10(unit));
  return `${placeText(percent ? shifted(value, 2) : value, Math.min(0, place))}${percent ? '%' : ''}`;
}

/** Numbers and their errors, means over replicates and their spread, limits of gates, and parameters. */
function backingsOf(manifest: Manifest): Backing[] {
  const backings: Backing[] = [];
  const add = (what: string, value: unknown, reach = 0) => {
    if (typeof value === 'number') backings.push({ what, value, reach });
  };
  for (const { address, value, standardError, n, replicates } of quotableNumbers(manifest)) {
    // Three standard errors, but not so far that anything is near a number whose error is as large as itself.
    const size = Math.abs(value);
    add(address, value, Math.max(size * 0.01, Math.min(3 * (standardError ?? 0), size * 0.25)));
    add(`the standard error of ${address}`, standardError);
    // What `cite` fills in for "mean ± sd", and `numbers --by` prints.
    if (replicates !== null && standardError !== null)
      add(`the standard deviation over replicates of ${address}`, standardError * Math.sqrt(replicates));
    add(`n of ${address}`, n);
  }
  for (const gate of manifest.gates) {
    add(`the lower limit of gate ${gate.name}`, gate.min);
    add(`the upper limit of gate ${gate.name}`, gate.max);
    add(`the margin of gate ${gate.name}`, gate.test?.margin);
  }
  for (const [path, value] of parameterLeaves(manifest.pipeline.params)) {
    for (const each of [value].flat(3)) add(`the parameter ${path}`, each);
  }
  return backings;
}
