// What a run came to.
import type { CellId, Plan } from '../pipeline/plan.ts';
import type { StageFailure } from '../runner/event.ts';
import type { CellOutcome, RunResult } from '../runner/result.ts';
import type { ManifestGate, ManifestNumber, ManifestStage } from '../schema/types.ts';
import type { LatestRun } from './latest.ts';
import type { Answer } from './run-answer.ts';

export interface RunSummary {
  /** Names its manifest. */
  readonly id: string;
  /** Nothing had changed since that run: no stage was looked at, and there were no events. */
  readonly isUpToDate: boolean;
  readonly outcome: 'complete' | 'failed' | 'interrupted';
  /** `gate`: complete, and a gate on what was asked for did not pass. */
  readonly verdict: 'ok' | 'gate' | 'failed' | 'interrupted';
  readonly seconds: number;
  /** Its name. */
  readonly pipeline: string;
  readonly profile: string | null;
  readonly overrides: Plan['overrides'];
  /** One for each cell that was asked for or needed, in the order of the plan. */
  readonly stages: readonly StageSummary[];
  readonly numbers: ManifestNumber[];
  readonly gates: ManifestGate[];
  /** Stages whose fingerprint was executed more than once, with how the results compare. */
  readonly audited: ManifestStage[];
  /** About code and data. */
  readonly warnings: RunResult['warnings'];
  readonly latest: LatestRun;
}

export interface StageSummary {
  readonly id: CellId;
  readonly status: CellOutcome['status'];
  /** The execution that gave its results, where it has some: in which run, when it ended and how long it took. */
  readonly computed?: { readonly run: string; readonly finishedAt: string; readonly seconds: number };
  readonly failure?: StageFailure;
  /** Project path of the directory in which it worked, where that was kept. */
  readonly kept?: string;
  /** The remote that its result came from in this run. */
  readonly from?: string;
}

/** The run that is still right, as a run that found nothing to do. */
export function answeredSummary(answer: Answer, seconds: number): RunSummary {
  const { runId, verdict, pipeline, profile, overrides, numbers, gates, audited, warnings, latest } = answer;
  const stages = answer.stages.map(([id, run, finishedAt, took]): StageSummary => ({
    id,
    status: 'restored',
    computed: { run, finishedAt, seconds: took },
  }));
  const known = {
    id: runId,
    verdict,
    pipeline,
    profile,
    overrides,
    stages,
    numbers,
    gates,
    audited,
    warnings,
    latest: { run: latest, replaced: [] },
  };
  return { ...known, isUpToDate: true, outcome: 'complete', seconds };
}
