// What a stage was made of in one manifest and not in another.

/** One thing that stages were made of and that is not the same in the other manifest. */
export interface Change {
  readonly kind:
    | 'parameter'
    | 'input'
    /** An input that comes from another stage than before, or from one instead of from outside. */
    | 'edge'
    | 'code'
    | 'package'
    | 'seed'
    | 'threads'
    /** Lines that an executor ran before the stage. */
    | 'setup'
    | 'runtime'
    | 'environment'
    | 'command'
    | 'output'
    | 'stage';
  readonly name: string;
  /** `null` where it did not exist. */
  readonly from: string | null;
  readonly to: string | null;
  /** Stages it reaches directly. */
  readonly stages: readonly string[];
}
