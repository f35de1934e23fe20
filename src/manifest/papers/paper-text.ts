// What a paper states in its own words: its numbers, and the comments that say what they are.
import type { Span } from '../../pipeline/source.ts';
import { blanked, type Comment, ignoredRanges } from './prose.ts';
import { latexProse } from './prose-latex.ts';
import { markdownProse } from './prose-markdown.ts';
import { type Literal, statedNumbers } from './stated-numbers.ts';

export type PaperFormat = 'markdown' | 'latex';

/** `repro: ADDRESS` in a comment, which says what the number before it is. */
export interface Binding {
  readonly span: Span;
  readonly address: string;
}

export interface Paper {
  /** In their order. */
  readonly literals: readonly Literal[];
  readonly bindings: readonly Binding[];
}

/** @throws {ReproError} `bad-paper` for Markdown that no parser could read in time. */
export function readPaper(text: string, format: PaperFormat): Paper {
  const prose = format === 'markdown' ? markdownProse(text) : latexProse(text);
  const literals = statedNumbers(blanked(prose.text, ignoredRanges(text, prose.comments)));
  return { literals, bindings: prose.comments.flatMap(binding) };
}

function binding({ start, end, text }: Comment): Binding[] {
  const address = /^\s*repro:\s*(\S+)\s*$/.exec(text)?.[1];
  return address === undefined ? [] : [{ span: { start, end }, address }];
}
