// Errors as text on standard error, or as one JSON document with --json.
import { ReproError } from '../../error.ts';
import { count } from '../../manifest/text/number-text.ts';
import type { Diagnostic, Location } from '../../pipeline/diagnostic.ts';
import { hideSecrets } from '../../pipeline/url-secret.ts';
import { InvalidFile } from '../../project/invalid-file.ts';
import { readable } from '../../runner/failure.ts';
import { diagnosticLines } from './diagnostic-text.ts';
import { complain, mark, printJson, wantsColor } from './print.ts';

export function printError(thrown: unknown, options: { readonly json: boolean; readonly debug: boolean }): void {
  const error = readable(thrown);
  if (options.json) printJson({ error: errorDocument(error) });
  else complain(...errorLines(error).map(hideSecrets));
  if (options.debug) complain(...causes(error).flatMap((cause) => hideSecrets(cause).split('\n')));
}

function errorLines(error: unknown): string[] {
  if (error instanceof InvalidFile) {
    return [
      ...error.diagnostics.flatMap((diagnostic) => diagnosticLines(diagnostic, errorColor())),
      count(error.diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length, 'error'),
    ];
  }
  const red = errorColor().color ? mark('red', 'error') : 'error';
  if (error instanceof ReproError) {
    const [message = '', ...more] = error.message.split('\n');
    return [
      `${red} ${error.code}: ${message}`,
      ...more.map((line) => `  ${line}`),
      ...(error.hint === undefined ? [] : [`  hint: ${error.hint}`]),
    ];
  }
  return [
    ...`${red}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`.split('\n'),
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
  if (error instanceof ReproError) {
    const { code, message, hint } = error;
    return { code, message: hideSecrets(message), hint: hint === undefined ? null : hideSecrets(hint) };
  }
  return { code: 'internal-error', message: hideSecrets(error instanceof Error ? error.message : String(error)) };
}

export function diagnosticDocument({ code, severity, message, at, related, hint }: Diagnostic<string>): unknown {
  return {
    code,
    severity,
    message: hideSecrets(message),
    at: place(at),
    related: related.map((entry) => ({ message: hideSecrets(entry.message), at: place(entry.at) })),
    hint: hint === undefined ? null : hideSecrets(hint),
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

const errorColor = () => ({ color: wantsColor(process.stderr) });
