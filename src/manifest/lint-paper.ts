// A paper against manifests: every number it states must be one that a manifest gives, rounded as it is written.
import type { Diagnostic } from '../pipeline/diagnostic.ts';
import type { SourceFile } from '../pipeline/source.ts';
import type { Manifest } from '../schema/types.ts';
import { addressSuggestion, numbersAt, statisticOf } from './citation.ts';
import { quotableNumbers } from './cite-macros.ts';
import { parameterLeaves } from './lineage.ts';
import { valueText } from './number-text.ts';
import { bindingsOf, type Literal, literalsOf, type PaperFormat } from './paper-text.ts';

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
  const backings = manifests.flatMap(backingsOf);
  const bindings = bindingsOf(file.text, options.format);
  const literals = literalsOf(file.text, options.format);
  // A comment speaks of the last number before it.
  const bound = new Map<Literal, string>();
  const diagnostics: Diagnostic<PaperCode>[] = [];
  for (const binding of bindings) {
    const number = literals.findLast(({ span }) => span.end <= binding.span.start);
    if (number !== undefined) bound.set(number, binding.address);
  }
  const checked = literals.filter((each) => options.integers || each.precise || bound.has(each));
  for (const each of checked) {
    const address = bound.get(each);
    const problem = address === undefined ? unbound(each, backings) : checkBound(each, address, manifests);
    if (problem !== null) {
      const at = { file, span: each.span };
      diagnostics.push({ severity: 'error', at, related: [], ...problem });
    }
  }
  return { checked: checked.length, diagnostics };
}

type Problem = Pick<Diagnostic<PaperCode>, 'code' | 'message' | 'hint'>;

function unbound(literal: Literal, backings: readonly Backing[]): Problem | null {
  if (backings.some(({ value }) => states(literal, value))) return null;
  const near = backings
    .map((backing) => ({ backing, distance: distanceTo(literal, backing.value) }))
    .filter(({ backing, distance }) => distance <= backing.reach)
    .sort((a, b) => a.distance - b.distance)[0]?.backing;
  if (near === undefined) {
    const hint = 'give it from a manifest (repro cite), or mark the line: repro-ignore';
    return { code: 'unbacked-number', message: `No manifest gives ${literal.text}`, hint };
  }
  return stale(literal, near.what, near.value);
}

function checkBound(literal: Literal, address: string, manifests: readonly Manifest[]): Problem | null {
  const found = manifests.map((manifest) => numbersAt(manifest, address)).find((numbers) => numbers.length > 0);
  if (found === undefined) {
    const [first] = manifests;
    const hint = first === undefined ? undefined : addressSuggestion(first, address);
    return {
      code: 'unknown-number',
      message: `No manifest has a number "${address}"`,
      ...(hint !== undefined && { hint }),
    };
  }
  const value = statisticOf('mean', found) as number;
  return states(literal, value) ? null : stale(literal, address, value);
}

function stale(literal: Literal, what: string, value: number): Problem {
  const shown = literal.percent ? `${valueText(value * 100)}%` : valueText(value);
  return {
    code: 'stale-number',
    message: `${literal.text} is not ${what} = ${shown}, which is written ${written(literal, value)} at this place`,
  };
}

/** Whether the value rounds to what is written; a text says "0.04 lower" of -0.04, and "4%" of 0.04. */
function states(literal: Literal, value: number): boolean {
  return distanceTo(literal, value) <= 0.5 * literal.unit * (1 + 1e-9) * (literal.percent ? 0.01 : 1);
}

function distanceTo({ value: stated, percent }: Literal, value: number): number {
  const plain = percent ? stated / 100 : stated;
  return Math.min(Math.abs(plain - value), stated >= 0 ? Math.abs(plain + value) : Infinity);
}

/** A value to the place of a literal. */
function written({ unit, percent }: Literal, value: number): string {
  const scaled = percent ? value * 100 : value;
  const decimals = Math.max(0, Math.round(-Math.log10(unit)));
  return `${decimals <= 12 ? scaled.toFixed(decimals) : scaled.toExponential(1)}${percent ? '%' : ''}`;
}

/** Numbers, their errors and means over replicates, limits of gates, and parameters. */
function backingsOf(manifest: Manifest): Backing[] {
  const backings: Backing[] = [];
  const add = (what: string, value: unknown, reach = 0) => {
    if (typeof value === 'number') backings.push({ what, value, reach });
  };
  for (const { address, value, standardError, n } of quotableNumbers(manifest)) {
    // Three standard errors, but not so far that anything is near a number whose error is as large as itself.
    const size = Math.abs(value);
    add(address, value, Math.max(size * 0.01, Math.min(3 * (standardError ?? 0), size * 0.25)));
    add(`the standard error of ${address}`, standardError);
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
