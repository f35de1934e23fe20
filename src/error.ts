// The one error of the pipeline world: what went wrong, what to do about it, and how the process should end.

/** Exit codes of the command, in docs/pipeline.md. */
export const exitCode = { ok: 0, failed: 1, usage: 2, gate: 3, mismatch: 4, interrupted: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

export interface ReproErrorOptions {
  /** What the user can do about it. */
  readonly hint?: string | undefined;
  readonly exit?: ExitCode | undefined;
  readonly cause?: unknown;
}

/**
 * The world failed in a way a person can act on: a lock is held, a disk is full, a digest does not match.
 * Wrong text in a user's file is a `Diagnostic`; a bug of ours is a plain `Error`.
 */
export class ReproError extends Error {
  /** Stable, kebab-case, listed in docs/pipeline.md. */
  readonly code: string;
  readonly hint: string | undefined;
  readonly exit: ExitCode;

  constructor(code: string, message: string, options: ReproErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'ReproError';
    this.code = code;
    this.hint = options.hint;
    this.exit = options.exit ?? exitCode.failed;
  }
}
