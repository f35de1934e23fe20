// What a run, or an inspection, says about every cell: complete whether cells ran or came from the store.
import type { Source } from '../pipeline/input-source.ts';
import type { CellId, CellPlan } from '../pipeline/plan.ts';
import type { Audit, StageRecord } from '../schema/types.ts';
import type { Snapshot } from '../store/file-states.ts';
import type { StageFailure } from './event.ts';
import type { FrozenPlan } from './freeze.ts';

export interface CellOutcome {
  readonly cell: CellPlan;
  readonly status: 'computed' | 'restored' | 'failed' | 'blocked' | 'cancelled';
  /** When computed or restored. */
  readonly record?: StageRecord;
  /** The remote that its result came from in this run. */
  readonly from?: string;
  /** What all executions of its fingerprint together gave, where there was more than one. */
  readonly audit?: Audit;
  /** What executing it again in this run gave, when asked for. */
  readonly again?: readonly (StageRecord | StageFailure)[];
  /** When failed. */
  readonly failure?: StageFailure;
  /** The failed cell, when blocked. */
  readonly blockedBy?: CellId;
  /** Where each input came from, by name. */
  readonly sources: Readonly<Record<string, Source>>;
  /** Why it was executed: differences from the nearest earlier execution. Empty when restored or never begun. */
  readonly reasons: readonly string[];
  /** Directory of its outputs, relative to the project; when computed or restored with outputs. */
  readonly published?: string;
  /** Directory in which it worked, relative to the project, where that was kept. */
  readonly kept?: string;
  /** Sentences about what is not known of its code. */
  readonly gaps?: readonly string[];
}

export interface RunResult {
  /** Sorts by time: `20261123T221500Z-3f2a`. */
  readonly runId: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly seconds: number;
  readonly outcome: 'complete' | 'failed' | 'interrupted';
  /** One for each cell, in the order of the plan. */
  readonly cells: readonly CellOutcome[];
  /** About the code and data it began with. */
  readonly warnings: FrozenPlan['warnings'];
  /** Every file that this result rests on; null unless complete, or when one of them was in motion. */
  readonly snapshot: Snapshot | null;
}

export type CellState =
  | { readonly kind: 'current'; readonly record: StageRecord }
  /** Would come from a remote that was asked; with its record where that was needed. */
  | { readonly kind: 'remote'; readonly record: StageRecord | null }
  /** An execution of it is under way, or a job of a cluster that is there for it. */
  /** Not watched: a job of a cluster whose run has ended. It may have ended, too. */
  | { readonly kind: 'running'; readonly beganAt: string; readonly isWatched: boolean }
  /** Would run; why, compared with the nearest earlier execution where there is one. */
  | {
      readonly kind: 'stale';
      readonly since: StageRecord | null;
      readonly reasons: readonly string[];
      /** Its last attempt came to no result, and left a log. */
      readonly hasFailed: boolean;
    }
  /** Cannot be known before these cells have run; `reasons` is what is known to have changed already. */
  | {
      readonly kind: 'waiting';
      readonly on: readonly CellId[];
      readonly since: StageRecord | null;
      readonly reasons: readonly string[];
    }
  /** Could not start: its code or an input is missing. */
  | { readonly kind: 'broken'; readonly failure: StageFailure };

export interface CellInspection {
  readonly cell: CellPlan;
  readonly state: CellState;
  readonly sources: Readonly<Record<string, Source>>;
}
