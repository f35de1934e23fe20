// Columns a person can read down.
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { mark } from '../../../src/cli/view/print.ts';
import { type Column, tableLines } from '../../../src/cli/view/table.ts';

test('tableLines() puts decimal points below each other', () => {
  const lines = tableLines(
    [{ title: 'name' }, { title: 'value', align: 'decimal' }],
    [
      ['a', '0.125'],
      ['bb', '12'],
      ['c', ''],
      ['d', '-3.5'],
    ],
    Infinity,
  );
  expect(lines).toEqual(['name   value', 'a      0.125', 'bb    12', 'c', 'd     -3.5']);
});

test('tableLines() leaves out columns without text', () => {
  expect(tableLines([{ title: 'a' }, { title: 'empty' }, { title: 'b' }], [['1', '', '2']], Infinity)).toEqual([
    'a  b',
    '1  2',
  ]);
});

test('tableLines() cuts only columns that may shrink', () => {
  const lines = tableLines(
    [{ title: 'name' }, { title: 'note', shrink: true }],
    [['a-rather-long-name', 'a note that is much longer than the terminal is wide']],
    36,
  );
  expect(lines[1]).toBe('a-rather-long-name  a note that is …');
});

test('tableLines() aligns wide characters and ignores colors', () => {
  const red = mark('red', 'red');
  const lines = tableLines(
    [{ title: 'x' }, { title: 'y' }],
    [
      ['日本', '1'],
      [red, '2'],
      ['a', '3'],
    ],
    Infinity,
  );
  expect(lines.slice(1).map((line) => stringWidth(line))).toEqual([7, 7, 7]);
});

test('tableLines() measures what will be shown of a text that would move the cursor', () => {
  const columns = [{ title: 'x' }, { title: 'y' }];
  const rows = [
    ['\u001b[2J', '1'],
    ['a', '2'],
  ];
  expect(tableLines(columns, rows, Infinity)).toEqual(['x          y', '\\u001b[2J  1', 'a          2']);
});

test('tableLines() is never wider than the terminal while columns can shrink', () => {
  const cell = fc.string({ maxLength: 40 }).filter((text) => !/\p{Cc}|\p{Cf}|\p{M}|\p{Cs}/u.test(text));
  fc.assert(
    fc.property(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 20, max: 60 }),
      (rows, width) => {
        const columns = [
          { title: 'a', shrink: true },
          { title: 'b', shrink: true },
        ];
        for (const line of tableLines(columns, rows, width)) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      },
    ),
    { numRuns: 60 },
  );
});

test('a table that is too wide puts the first column on a line of its own', () => {
  const columns: Column[] = [{ title: 'number' }, { title: 'value', align: 'decimal' }, { title: 'unit' }];
  const rows = [
    ['evaluation[model=gradient-boosting,seed=12].accuracy', '0.125', 'nats'],
    ['short.mean', '12', ''],
  ];
  expect(tableLines(columns, rows, 40)).toEqual([
    'number',
    '     value  unit',
    'evaluation[model=gradient-boosting,seed=12].accuracy',
    '     0.125  nats',
    'short.mean',
    '    12',
  ]);
});

test('a table whose last column is too wide has it below the others', () => {
  const columns: Column[] = [{ title: 'gate' }, { title: 'verdict' }, { title: 'limits' }, { title: 'number' }];
  const rows = [
    ['accurate-enough', 'PASS', 'at least 0.5', 'evaluation[model=gradient-boosting,seed=12].accuracy'],
    ['fast', 'UNMEASURED', 'at most 3', ''],
  ];
  expect(tableLines(columns, rows, 50)).toEqual([
    'gate             verdict     limits',
    '    number',
    'accurate-enough  PASS        at least 0.5',
    '    evaluation[model=gradient-boosting,seed=12].accuracy',
    'fast             UNMEASURED  at most 3',
  ]);
  expect(tableLines(columns, rows, 30)).toEqual([
    'gate',
    '    verdict     limits',
    '    number',
    'accurate-enough',
    '    PASS        at least 0.5',
    '    evaluation[model=gradient-boosting,seed=12].accuracy',
    'fast',
    '    UNMEASURED  at most 3',
  ]);
});
