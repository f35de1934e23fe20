// A file of the user that does not say what it should.
import type { Diagnostic } from '../pipeline/diagnostic.ts';

/** A file of the user is wrong: everything that was found in it. */
export class InvalidFile extends Error {
  readonly kind: 'pipeline' | 'template' | 'configuration';
  readonly diagnostics: readonly Diagnostic<string>[];

  constructor(kind: InvalidFile['kind'], diagnostics: readonly Diagnostic<string>[]) {
    super(`The ${kind} file is not valid`);
    this.name = 'InvalidFile';
    this.kind = kind;
    this.diagnostics = diagnostics;
  }
}
