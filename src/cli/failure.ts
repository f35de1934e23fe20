// Errors as text on standard error, or as one JSON document with --json.
import { styleText } from 'node:util';
import { ReproError } from '../error.ts';
import { count } from '../manifest/number-text.ts';
import { visibleText } from '../manifest/visible-text.ts';
import type { Diagnostic, Location } from '../pipeline/diagnostic.ts';
import { readable } from '../runner/failure.ts';
import { diagnosticText } from './diagnostic-text.ts';
import { printJson } from './print.ts';

/** A file of the user is wrong: everything that was found in it. */
export class InvalidFile extends Error {
  readonly kind: 'pipeline' | 'template';
  readonly diagnostics: readonly Diagnostic<string>[];

  constructor(kind: InvalidFile['kind'], diagnostics: readonly Diagnostic<string>[]) {
    super(`The ${kind} file is not valid`);
    this.name = 'InvalidFile';
    this.kind = kind;
    this.diagnostics = diagnostics;
  }
}

export function printError(thrown: unknown, options: { readonly json: boolean; readonly debug: boolean }): void {
  const error = readable(thrown);
  if (options.json) printJson({ error: errorDocument(error) });
  else for (const line of errorLines(error)) process.stderr.write(`${line}\n`);
  if (options.debug) for (const cause of causes(error)) process.stderr.write(`${cause}\n`);
}

/** Warnings about a pipeline file that is valid all the same. */
export function printWarnings(warnings: readonly Diagnostic[]): void {
  for (const warning of warnings) process.stderr.write(`${diagnosticText(warning, { color: wantsColor() })}\n`);
}

function errorLines(error: unknown): string[] {
  if (error instanceof InvalidFile) {
    return [
      ...error.diagnostics.map((diagnostic) => diagnosticText(diagnostic, { color: wantsColor() })),
      count(error.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length, 'error'),
    ];
  }
  const red = styleText('red', 'error', { stream: process.stderr });
  if (error instanceof ReproError) {
    const lines = error.message.split('\n').map(visibleText).join('\n  ');
    return [
      `${red} ${error.code}: ${lines}`,
      ...(error.hint === undefined ? [] : [`  hint: ${visibleText(error.hint)}`]),
    ];
  }
  return [
    `${red}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    'This is a bug of repro. Please report it with the text above.',
  ];
}

function errorDocument(error: unknown): unknown {
  if (error instanceof InvalidFile) {
    return {
      code: `invalid-${error.kind}`,
      message: error.message,
      diagnostics: error.diagnostics.map(diagnosticDocument),
    };
  }
  if (error instanceof ReproError) return { code: error.code, message: error.message, hint: error.hint ?? null };
  return { code: 'internal-error', message: error instanceof Error ? error.message : String(error) };
}

export function diagnosticDocument({ code, severity, message, at, related, hint }: Diagnostic<string>): unknown {
  return {
    code,
    severity,
    message,
    at: place(at),
    related: related.map((entry) => ({ message: entry.message, at: place(entry.at) })),
    hint: hint ?? null,
  };
}

function place({ file, span }: Location): unknown {
  return { file: file.path, start: file.position(span.start), end: file.position(span.end) };
}

function causes(error: unknown): string[] {
  const found: string[] = [];
  for (let cause = error; cause instanceof Error; cause = cause.cause) found.push(cause.stack ?? String(cause));
  return found;
}

export function wantsColor(): boolean {
  return styleText('bold', 'x', { stream: process.stderr }) !== 'x';
}
