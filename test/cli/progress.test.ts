// A run as lines: what a log of CI shows, from events and a clock that the test sets.
import { expect, test } from 'vitest';
import { eventJson } from '../../src/cli/view/event-json.ts';
import { terminalText } from '../../src/cli/view/print.ts';
import { progressLines } from '../../src/cli/view/progress-lines.ts';
import { ProgressMeter } from '../../src/cli/view/progress-meter.ts';
import type { RunEvent } from '../../src/runner/event.ts';

function render(events: readonly (RunEvent | number)[]): string[] {
  let seconds = 0;
  const lines: string[] = [];
  const emit = progressLines({ now: () => '2026-11-23T22:15:00.000Z', seconds: () => seconds }, (line) =>
    lines.push(line),
  );
  for (const event of events) {
    if (typeof event === 'number') seconds += event;
    else emit(event);
  }
  return lines;
}

const progress = (step: number, metrics: Record<string, number> = {}): RunEvent => ({
  kind: 'stage-progress',
  stage: 'train',
  progress: { step, total: 100, metrics },
});

test('a run reads as a story', () => {
  expect(
    render([
      { kind: 'run-started', run: 'R1', profile: 'ci', stages: ['data', 'train', 'nll'] },
      { kind: 'stage-restored', stage: 'data', run: 'R0', finishedAt: '2026-11-20T10:00:00.000Z', seconds: 2.1 },
      {
        kind: 'stage-started',
        stage: 'train',
        reasons: ['"training.steps" changed from 50 to 100', 'code changed'],
        log: 'x',
      },
      { kind: 'stage-output', stage: 'train', line: 'hello' },
      progress(1, { loss: 3.25 }),
      2,
      progress(11, { loss: 2.123456 }),
      0.4,
      progress(13),
      7.6,
      progress(51, { loss: 1.5 }),
      {
        kind: 'stage-finished',
        stage: 'train',
        seconds: 20.04,
        numbers: { loss: { value: 1.4567, standardError: 0.0123, unit: 'nats', kind: 'estimate' } },
      },
      { kind: 'warning', stage: 'train', message: 'object damaged' },
      {
        kind: 'stage-failed',
        stage: 'nll',
        failure: { code: 'exit-code', message: 'It ended with exit code 1', log: null, tail: [] },
      },
      { kind: 'stage-blocked', stage: 'table', by: 'nll' },
      { kind: 'stage-cancelled', stage: 'other' },
    ]),
  ).toEqual([
    'run R1: 3 stages, profile ci',
    'data: restored, computed by run R0 in 2.1 s',
    'train: started ("training.steps" changed from 50 to 100)',
    '    also: code changed',
    'train: step 11/100, loss 2.123, 5.00 steps/s, 18 s left',
    'train: step 51/100, loss 1.5, 5.00 steps/s, 9.8 s left',
    'train: finished in 20 s',
    '    loss = 1.457 ± 0.012 nats',
    'warning: train: object damaged',
    'nll: FAILED: It ended with exit code 1',
    'table: not run, because nll failed',
    'other: cancelled',
  ]);
});

test('what a stage says is spelt out', () => {
  const started: RunEvent = { kind: 'stage-started', stage: 'train', reasons: [], log: '' };
  const lines = render([started, progress(50, { 'a\u001b[2J': Number.NaN })]);
  // As `print` and the live view put them on a terminal.
  expect(lines.map(terminalText)).toEqual(['train: started', 'train: step 50/100, a\\u001b[2J NaN']);
});

test('a stage that begins a second phase is measured anew', () => {
  const meter = new ProgressMeter();
  meter.update({ step: 0, total: 1000, metrics: {} }, 0);
  expect(meter.update({ step: 1000, total: 1000, metrics: {} }, 1)).toBe('step 1000/1000, 1000 steps/s');
  expect(meter.update({ step: 0, total: 10, metrics: {} }, 2)).toBe('step 0/10');
  expect(meter.update({ step: 5, total: 10, metrics: {} }, 7)).toBe('step 5/10, 1.00 steps/s, 5.0 s left');
});

test('a resumed stage does not count the steps it did not take', () => {
  const meter = new ProgressMeter();
  meter.update({ step: 900, total: 1000, metrics: {} }, 100);
  expect(meter.update({ step: 910, total: 1000, metrics: {} }, 110)).toContain('1.00 steps/s, 1 min 30 s left');
});

test('eventJson() gives one object for each event', () => {
  const lines: string[] = [];
  const emit = eventJson((line) => lines.push(line));
  emit(progress(1));
  emit({ kind: 'stage-output', stage: 'train', line: 'two\nlines' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    progress(1),
    { kind: 'stage-output', stage: 'train', line: 'two\nlines' },
  ]);
  expect(lines.every((line) => !line.includes('\n'))).toBe(true);
});
