// The picture of a run: never larger than the terminal, and with what a person looks for in it.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { terminalText } from '../../../src/cli/view/print.ts';
import {
  type CellPhase,
  lastLines,
  type PicturedCell,
  type PicturedStage,
  pictureLines,
} from '../../../src/cli/view/run-picture.ts';
import { widthOf } from '../../../src/cli/view/text-width.ts';

const cell = (id: string, phase: CellPhase, text = ''): PicturedCell => ({
  id,
  phase,
  text,
  seconds: phase === 'running' ? 65 : null,
});

const matrix = (stage: string, phases: readonly CellPhase[], text = ''): PicturedStage =>
  phases.map((phase, index) => cell(`${stage}[model=gradient-boosting,seed=${index + 1}]`, phase, text));

const repeat = (phase: CellPhase, number: number): CellPhase[] => Array<CellPhase>(number).fill(phase);

test('a run that fits has a row for each cell', () => {
  const stages = [[cell('data', 'done', '2.1 s')], [cell('train', 'running', ' 41%  18 s left, step 41/100')]];
  expect(pictureLines(stages, { columns: 80, rows: 24 }, 70)).toEqual([
    '✔ data   2.1 s',
    '▸ train  1 min 05 s   41%  18 s left, step 41/100',
    '1 of 2 done, 1 run, 1 min 10 s',
  ]);
});

test('a run with more cells than rows has a row for each stage, and its running cells below', () => {
  const stages = [
    [cell('data', 'done', '2.1 s')],
    matrix('train', [...repeat('done', 37), 'failed', 'running', ...repeat('waiting', 160), 'running'], 'epoch 3'),
    matrix('test', repeat('waiting', 200)),
  ];
  expect(pictureLines(stages, { columns: 80, rows: 12 }, 70)).toEqual([
    '✔ data   2.1 s',
    '▸ train  ██░░░░░░░░░░  37 of 200, 1 FAILED, 2 run',
    '    ▸ [model=gradient-boosting,seed=39]   1 min 05 s  epoch 3',
    '    ▸ [model=gradient-boosting,seed=200]  1 min 05 s  epoch 3',
    '◻ test   ░░░░░░░░░░░░  0 of 200',
    '38 of 401 done, 1 FAILED, 2 run, 1 min 10 s',
  ]);
});

test('a narrow terminal keeps progress, times and FAILED, and cuts names where they agree', () => {
  const text = ' 41%  18 s left, step 41/100, 2.00 steps/s, loss 0.25';
  const [running, failed] = [
    matrix('train', ['running', 'running'], text),
    cell('evaluation', 'failed', 'FAILED: killed'),
  ];
  const lines = pictureLines([running!, [failed]], { columns: 50, rows: 24 }, 1);
  expect(lines).toEqual([
    '▸ train[1]    1 min 05 s   41%  18 s left, step …',
    '▸ train[2]    1 min 05 s   41%  18 s left, step …',
    '✖ evaluation  FAILED: killed',
    '0 of 3 done, 1 FAILED, 2 run, 1 s',
  ]);
});

const phase = fc.constantFrom<CellPhase>('waiting', 'queued', 'running', 'done', 'failed', 'left');
const anyStages = fc
  .array(fc.array(phase, { minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 20 })
  .map((stages) =>
    stages.map((phases, index): PicturedStage =>
      phases.length === 1
        ? [
            cell(
              `a-stage-with-a-long-name-${index}`,
              phases[0]!,
              `${phases[0] === 'failed' ? 'FAILED: ' : ''}${'x日\u001b[2J'.repeat(30)}`,
            ),
          ]
        : matrix(`stage-${index}`, phases, 'FAILED: said '.repeat(40)),
    ),
  );

test('a picture is narrower than the terminal, leaves the cursor a row, and counts what runs and what failed', () => {
  fc.assert(
    fc.property(
      anyStages,
      fc.integer({ min: 30, max: 150 }),
      fc.integer({ min: 6, max: 60 }),
      (stages, columns, rows) => {
        const lines = pictureLines(stages, { columns, rows }, 100).map(terminalText);
        expect(lines.length).toBeLessThan(rows);
        for (const line of lines) expect(widthOf(line)).toBeLessThan(columns);
        for (const line of lastLines(stages, { columns, rows })) expect(widthOf(line)).toBeLessThan(columns);
        const all = stages.flat();
        const failed = all.filter((each) => each.phase === 'failed').length;
        if (failed > 0) expect(lines.join('\n')).toContain('FAILED');
        // Whatever runs has a row, or is in the number of its stage.
        if (all.some((each) => each.phase === 'running')) expect(lines.some((line) => line.includes('▸'))).toBe(true);
      },
    ),
  );
});

test('what stays after a run names each stage, however many there are', () => {
  const stages = Array.from({ length: 60 }, (_, index) => matrix(`stage-${index}`, repeat('done', 3)));
  const lines = lastLines(stages, { columns: 80, rows: 24 });
  expect(lines).toHaveLength(60);
  expect(lines[59]).toMatch(/^✔ stage-59 .* 3 of 3$/);
});
