// Events of a run that a test makes up.
import type { RunEvent } from '../../src/runner/event.ts';

export const started = (...stages: string[]): RunEvent => ({
  kind: 'run-started',
  run: 'R1',
  pipeline: 'made-up',
  profile: null,
  stages,
});

export const begun = (stage: string): RunEvent => ({ kind: 'stage-started', stage, reasons: [], log: 'l.txt' });

export function progress(stage: string, step: number, metrics: Record<string, number>, total = 100): RunEvent {
  return { kind: 'stage-progress', stage, progress: { step, total, metrics } };
}

export const finished = (stage: string, value = 0.5): RunEvent => ({
  kind: 'stage-finished',
  stage,
  seconds: 2,
  numbers: { loss: { value, standardError: 0.01, unit: 'nats', kind: 'estimate' } },
});

export const failed = (stage: string, tail: readonly string[]): RunEvent => ({
  kind: 'stage-failed',
  stage,
  failure: { code: 'exit-code', message: 'Ended with exit code 3', log: 'l.txt', tail },
});
