// What the live page is told: everything at first, then what has changed. Texts are ready to be shown.
import type { ManifestGate, ReportedNumber } from '../schema/types.ts';

export interface LiveMessage {
  /** What was told before is void: another run, or a page that has just come. */
  readonly isWhole: boolean;
  readonly run: LiveRun;
  /** Those that changed, in the order of the plan. */
  readonly cells: readonly LiveCell[];
  readonly curves: readonly LiveFigure[];
  readonly gates: readonly ManifestGate[];
  readonly notes: readonly string[];
}

export interface LiveRun {
  /** Null before the first one has begun. */
  readonly id: string | null;
  readonly pipeline: string | null;
  readonly profile: string | null;
  readonly phase: 'awaited' | 'running' | 'over';
  /** `complete`, `failed`, `interrupted`; of a run that never began, what was wrong. */
  readonly outcome: string | null;
  /** Whether all is as it should be: gates too. */
  readonly isFine: boolean;
  /** Seconds of the server's clock: now, and when the run began and ended. */
  readonly now: number;
  readonly since: number;
  readonly until: number | null;
  /** Where its report can be had, while it can. */
  readonly report: string | null;
  /** What is known of what comes next. */
  readonly isWatching: boolean;
}

export type LiveStatus =
  'waiting' | 'queued' | 'running' | 'computed' | 'restored' | 'failed' | 'blocked' | 'cancelled';

export interface LiveCell {
  readonly id: string;
  readonly stage: string;
  readonly status: LiveStatus;
  /** The last that is said of it: its progress, a line that it printed, why it failed. */
  readonly said: string;
  /** Share done, 0 to 1, where it reports its progress. */
  readonly done: number | null;
  /** When it began, in seconds of the server's clock. */
  readonly since: number | null;
  /** How long it took. */
  readonly seconds: number | null;
  readonly numbers: readonly (readonly [name: string, number: ReportedNumber])[];
  /** The last lines of its log, of a stage that failed, and what to do. */
  readonly tail: readonly string[];
}

/** A metric of a stage over its steps. */
export interface LiveFigure {
  readonly stage: string;
  readonly metric: string;
  /** Those that have a line, each at its place; lines of others are gone. */
  readonly cells: readonly string[];
  /** Those that have grown. */
  readonly lines: readonly LiveLine[];
}

export interface LiveLine {
  readonly cell: string;
  /** Place of the first of the points; those from there on are void. */
  readonly from: number;
  readonly points: readonly (readonly [step: number, value: number])[];
}
