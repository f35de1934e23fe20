// What is said of hundreds of cells, in a line.
import { expect, test } from 'vitest';
import { cellsText, foldCells, listedText, withoutCell } from '../../../src/cli/view/fold-cells.ts';

interface Told {
  readonly stage: string;
  readonly id: string;
  readonly text: string;
}

const told = (stage: string, cells: number, text: (cell: number) => string): Told[] =>
  Array.from({ length: cells }, (_, i) => ({ stage, id: `${stage}[seed=${i}]`, text: text(i) }));

const shown = (entries: readonly Told[]): string[] =>
  foldCells(
    entries,
    ({ stage }) => stage,
    ({ text }) => [text],
  ).map(({ entries: [first], name }) => `${name ?? first.id} ${first.text}`);

test('cells of which the same is said are told together, the others by name', () => {
  const cells = told('train', 9, (i) => (i === 3 ? 'failed' : `input set changed (a[seed=${i}].o sha256:${i}abc…)`));
  expect(shown([...told('data', 1, () => 'current'), ...cells, ...told('test', 5, () => 'current')])).toEqual([
    'data[seed=0] current',
    'train: 8 cells input set changed (a[seed=0].o sha256:0abc…)',
    'train[seed=3] failed',
    ...told('test', 5, () => 'current').map(({ id, text }) => `${id} ${text}`),
  ]);
});

test('withoutCell() leaves out what differs from cell to cell', () => {
  expect(withoutCell('input set changed (a[seed=3,x=y].o sha256:8e5ceeca… -> sha256:7e4fa2eb…)')).toBe(
    'input set changed (a[…].o sha256:… -> sha256:…)',
  );
});

test('listedText() names the first few of many', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
  expect(listedText(names, 'more')).toBe('a, b, c, d, e and 2 more');
  expect(listedText(names.slice(0, 6), 'more')).toBe('a, b, c, d, e, f');
});

test('cellsText() counts the cells of a stage that has many', () => {
  const ids = [...told('data', 2, () => ''), ...told('train', 9, () => '')].map(({ id }) => id);
  expect(cellsText([...ids, 'table'])).toBe('data[seed=0], data[seed=1], 9 cells of train, table');
});
