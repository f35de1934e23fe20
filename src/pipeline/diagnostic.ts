// What is wrong in the user's file, where, and what to do. Diagnostics are collected, never thrown.
import type { SourceFile, Span } from './source.ts';

/** Every code has a golden file in test/golden/diagnostics and a row in docs/pipeline.md. */
export const diagnosticCodes = [
  'yaml-syntax',
  'merge-conflict',
  'duplicate-key',
  'unsupported-yaml',
  'too-large',
  'unknown-key',
  'missing-key',
  'missing-file',
  'wrong-type',
  'bad-value',
  'unknown-profile',
  'unknown-parameter',
  'unknown-stage',
  'unknown-output',
  'unknown-axis',
  'unknown-axis-value',
  'no-common-cell',
  'bad-reference',
  'cycle',
  'duplicate-output',
  'bad-path',
  'secret-in-url',
  'missing-code',
  'gate-left-out',
] as const;
export type DiagnosticCode = (typeof diagnosticCodes)[number];

export interface Location {
  readonly file: SourceFile;
  readonly span: Span;
}

export interface RelatedLocation {
  readonly message: string;
  readonly at: Location;
}

/** `Code` is another union for another kind of file. */
export interface Diagnostic<Code extends string = DiagnosticCode> {
  readonly code: Code;
  readonly severity: 'error' | 'warning';
  /** One line, sentence case, no full stop. */
  readonly message: string;
  readonly at: Location;
  readonly related: readonly RelatedLocation[];
  readonly hint?: string;
}

/** Where a step of planning puts what it finds. */
export type Report = (diagnostic: Diagnostic) => void;

interface Extra {
  readonly severity?: Diagnostic['severity'];
  readonly related?: readonly RelatedLocation[];
  readonly hint?: string | undefined;
}

/** A diagnostic, an error unless said otherwise. */
export function diagnose(code: DiagnosticCode, message: string, at: Location, extra: Extra = {}): Diagnostic {
  const { severity = 'error', related = [], hint } = extra;
  // A name quoted in it may hold line breaks.
  const line = message.replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return { code, severity, message: line, at, related, ...(hint === undefined ? {} : { hint }) };
}

/** Diagnostics in the order of the text, file by file; those of one place keep the order in which they were found. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const files = [...new Set(diagnostics.map(({ at }) => at.file))];
  return files.flatMap((file) =>
    diagnostics.filter(({ at }) => at.file === file).sort((a, b) => a.at.span.start - b.at.span.start),
  );
}
