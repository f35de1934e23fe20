// What is wrong in the user's file, where, and what to do. Diagnostics are collected, never thrown.
import type { SourceFile, Span } from './source.ts';

/** Every code has a golden file in test/golden/diagnostics and a row in docs/pipeline.md. */
export const diagnosticCodes = [
  'yaml-syntax',
  'merge-conflict',
  'duplicate-key',
  'unsupported-yaml',
  'unknown-key',
  'missing-key',
  'wrong-type',
  'bad-value',
  'unknown-profile',
  'unknown-parameter',
  'unknown-stage',
  'unknown-output',
  'unknown-axis',
  'ambiguous-reference',
  'bad-reference',
  'cycle',
  'duplicate-output',
  'bad-path',
] as const;
export type DiagnosticCode = (typeof diagnosticCodes)[number];

export interface Location {
  readonly file: SourceFile;
  readonly span: Span;
}

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  /** One line, sentence case, no full stop. */
  readonly message: string;
  readonly at: Location;
  readonly related: readonly { readonly message: string; readonly at: Location }[];
  readonly hint?: string;
}
