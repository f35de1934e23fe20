// What a page of several runs is made from.
import type { Attribution } from '../../manifest/comparison/attribution.ts';
import type { ManifestDifference } from '../../manifest/comparison/diff.ts';
import type { StageCurve } from '../../manifest/curves.ts';
import type { Manifest } from '../../schema/types.ts';

/** A run among those of the page. */
export interface Side {
  /** How the page calls it: each run otherwise. */
  readonly label: string;
  readonly manifest: Manifest;
  /** Where its manifest is. */
  readonly path: string;
  /** What to know of it, as sentences. */
  readonly notes: readonly string[];
  readonly curves: readonly StageCurve[];
}

/** Several runs, whose stages have the same names. */
export interface Sides {
  /** The first is what the others are compared with. */
  readonly runs: readonly Side[];
  /** Of the first with each of the others, in their order. */
  readonly differences: readonly ManifestDifference[];
  /** Of each difference, where stages were executed to know it. */
  readonly attributions: readonly Attribution[] | null;
}

/** `A`, `A and B`, `A, B and C`. */
export function listText(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)!}`;
}
