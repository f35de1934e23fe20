// What happens in a run, as data. The runner emits, the command line renders: live, as plain lines, or as JSON.
import type { Audit, ManifestGate, ReportedNumber } from '../schema/types.ts';
import type { CellId } from '../pipeline/plan.ts';
import type { Progress } from './process/progress-line.ts';

export interface StageFailure {
  /** timed-out, cancelled, killed, exit-code, missing-output, unexpected-output, bad-numbers, input-changed, … */
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** Path of the log, and its last lines. */
  readonly log: string | null;
  readonly tail: readonly string[];
}

export type RunEvent =
  | {
      readonly kind: 'run-started';
      readonly run: string;
      /** Name of the pipeline. */
      readonly pipeline: string;
      readonly profile: string | null;
      readonly stages: readonly CellId[];
    }
  | {
      readonly kind: 'stage-started';
      readonly stage: CellId;
      /** Why it runs: sentences from the fingerprint comparison. */ readonly reasons: readonly string[];
      readonly log: string;
      /** Where a scheduler runs it. */
      readonly host?: string;
    }
  | {
      /** It waits for its place to have room, and will start. */
      readonly kind: 'stage-queued';
      readonly stage: CellId;
      readonly reasons: readonly string[];
      readonly log: string;
      readonly executor: string;
      /** Its job was submitted by an earlier run. */ readonly isTakenOver: boolean;
    }
  | {
      readonly kind: 'stage-retried';
      readonly stage: CellId;
      /** Attempt number `attempt` of at most `attempts` begins. */ readonly attempt: number;
      readonly attempts: number;
      /** How the one before ended. */ readonly failure: StageFailure;
    }
  | { readonly kind: 'stage-progress'; readonly stage: CellId; readonly progress: Progress }
  | { readonly kind: 'stage-output'; readonly stage: CellId; readonly line: string }
  | {
      readonly kind: 'stage-finished';
      readonly stage: CellId;
      readonly seconds: number;
      readonly numbers: Readonly<Record<string, ReportedNumber>>;
    }
  | {
      readonly kind: 'stage-restored';
      readonly stage: CellId;
      /** Run that computed it, and when. */ readonly run: string;
      readonly finishedAt: string;
      readonly seconds: number;
      readonly numbers: Readonly<Record<string, ReportedNumber>>;
      /** The remote that it came from in this run. */ readonly from?: string;
    }
  | {
      readonly kind: 'stage-repeated';
      readonly stage: CellId;
      /** Execution number `repeat` of `repeats` in this run. */ readonly repeat: number;
      readonly repeats: number;
      /** All executions of its fingerprint, those of earlier runs too. */ readonly audit: Audit;
      /** Why this one gave nothing. */ readonly failure: StageFailure | null;
    }
  | { readonly kind: 'stage-failed'; readonly stage: CellId; readonly failure: StageFailure }
  | { readonly kind: 'stage-blocked'; readonly stage: CellId; readonly by: CellId }
  | { readonly kind: 'stage-cancelled'; readonly stage: CellId }
  /** All that it speaks of is known. */
  | { readonly kind: 'gate-judged'; readonly gate: ManifestGate }
  /** All stages are done, and results are still on their way to a remote. */
  | { readonly kind: 'pushing'; readonly remote: string; readonly results: number }
  | {
      readonly kind: 'pushed';
      readonly remote: string;
      /** Those that it did not have, and what of them went over the line. */ readonly results: number;
      readonly objects: number;
      readonly bytes: number;
    }
  | { readonly kind: 'warning'; readonly stage: CellId | null; readonly message: string }
  | {
      readonly kind: 'run-finished';
      readonly outcome: 'complete' | 'failed' | 'interrupted';
      readonly manifest: string;
      readonly computed: number;
      readonly restored: number;
      readonly failed: number;
      readonly seconds: number;
    };

export type Emit = (event: RunEvent) => void;
