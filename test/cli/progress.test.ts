// A run as lines: what a log of CI shows, from events and a clock that the test sets.
import { expect, test } from 'vitest';
import { eventJson } from '../../src/cli/view/event-json.ts';
import { terminalText } from '../../src/cli/view/print.ts';
import { progressLines } from '../../src/cli/view/progress-lines.ts';
import { lineText, ProgressMeter } from '../../src/live/progress-meter.ts';
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
      { kind: 'run-started', run: 'R1', pipeline: 'p', profile: 'ci', stages: ['data', 'train', 'nll'] },
      {
        kind: 'stage-restored',
        stage: 'data',
        run: 'R0',
        finishedAt: '2026-11-20T10:00:00.000Z',
        seconds: 2.1,
        numbers: {},
      },
      {
        kind: 'stage-started',
        stage: 'train',
        reasons: ['"training.steps" changed from 50 to 100', 'code changed'],
        log: 'x',
      },
      { kind: 'stage-output', stage: 'train', line: 'hello' },
      progress(1, { loss: 3.25 }),
      10,
      progress(11, { loss: 2.123456 }),
      9.9,
      progress(13),
      0.1,
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
      { kind: 'run-finished', outcome: 'failed', manifest: 'm', computed: 1, restored: 1, failed: 1, seconds: 20 },
    ]),
  ).toEqual([
    'run R1: 3 stages, profile ci',
    'data: restored, computed by run R0 in 2.1 s',
    'train: started ("training.steps" changed from 50 to 100)',
    '    also: code changed',
    'train: step 11/100, loss 2.123, 1.00 steps/s, 1 min 29 s left',
    'train: step 51/100, loss 1.5, 2.50 steps/s, 20 s left',
    'train: finished in 20 s',
    '    loss = 1.457 ± 0.012 nats',
    'warning: train: object damaged',
    'nll: FAILED: It ended with exit code 1',
    'table: not run, because nll failed',
    'other: cancelled',
  ]);
});

test('a stage that reports all the time has some lines, whether it takes a minute or a day', () => {
  const told = (seconds: number): number => {
    const started: RunEvent = { kind: 'stage-started', stage: 'train', reasons: [], log: '' };
    // Epochs of a second, each from the first step to the last.
    return render([started, ...Array.from({ length: seconds }, (_, i) => [1, progress((i * 7) % 100)]).flat()]).length;
  };
  expect(told(5)).toBe(1);
  expect(told(60)).toBe(7);
  expect(told(3600)).toBeLessThan(60);
  expect(told(24 * 3600)).toBeLessThan(360);
});

test('cells that did not run are told by their stage where they are many', () => {
  const cells = (stage: string, number: number): string[] =>
    Array.from({ length: number }, (_, seed) => `${stage}[seed=${seed}]`);
  const restored = (stage: string): RunEvent => ({
    kind: 'stage-restored',
    stage,
    run: 'R0',
    finishedAt: '2026-11-20T10:00:00.000Z',
    seconds: 2.1,
    numbers: {},
  });
  expect(
    render([
      ...cells('data', 2).map(restored),
      ...cells('train', 200).map(restored),
      {
        kind: 'stage-failed',
        stage: 'fit',
        failure: { code: 'killed', message: 'It was killed', log: null, tail: [] },
      },
      ...cells('test', 100).map((stage): RunEvent => ({ kind: 'stage-blocked', stage, by: 'fit' })),
      ...cells('more', 7).map((stage): RunEvent => ({ kind: 'stage-cancelled', stage })),
      { kind: 'run-finished', outcome: 'failed', manifest: 'm', computed: 0, restored: 202, failed: 1, seconds: 20 },
    ]),
  ).toEqual([
    'data[seed=0]: restored, computed by run R0 in 2.1 s',
    'data[seed=1]: restored, computed by run R0 in 2.1 s',
    'train: 200 cells restored',
    'fit: FAILED: It was killed',
    'test: 100 cells not run, because fit failed',
    'more: 7 cells cancelled',
  ]);
});

test('what a stage says is spelt out', () => {
  const started: RunEvent = { kind: 'stage-started', stage: 'train', reasons: [], log: '' };
  const lines = render([started, 10, progress(50, { 'a\u001b[2J': Number.NaN })]);
  // As `print` and the live view put them on a terminal.
  expect(lines.map(terminalText)).toEqual(['train: started', 'train: step 50/100, a\\u001b[2J NaN']);
});

test('a stage that begins a second phase is measured anew', () => {
  const meter = new ProgressMeter();
  meter.update({ step: 0, total: 1000, metrics: {} }, 0);
  expect(lineText(meter.update({ step: 1000, total: 1000, metrics: {} }, 1))).toBe('step 1000/1000, 1000 steps/s');
  expect(lineText(meter.update({ step: 0, total: 10, metrics: {} }, 2))).toBe('step 0/10');
  expect(lineText(meter.update({ step: 5, total: 10, metrics: {} }, 7))).toBe('step 5/10, 1.00 steps/s, 5.0 s left');
});

test('a resumed stage does not count the steps it did not take', () => {
  const meter = new ProgressMeter();
  meter.update({ step: 900, total: 1000, metrics: {} }, 100);
  expect(meter.update({ step: 910, total: 1000, metrics: {} }, 110)).toMatchObject({
    rate: '1.00 steps/s',
    left: '1 min 30 s left',
  });
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
