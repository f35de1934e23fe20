// Names of cells cut where they agree, so that they can still be told apart.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellNames } from '../../../src/cli/view/cell-names.ts';

const seeds = ['train[model=boosting,seed=1]', 'train[model=boosting,seed=12]'];
const both = ['gradient-boosting', 'gradient-descent', 'forest'].flatMap((model) =>
  ['validation', 'test'].map((split) => `evaluation[model=${model},split=${split}]`),
);

test.each([
  [[], 12, []],
  [seeds, 30, seeds],
  [seeds, 20, ['train[…seed=1]', 'train[…seed=12]']],
  [seeds, 12, ['train[1]', 'train[12]']],
  [seeds, 7, ['tr…[1]', 'tr…[12]']],
  [['one-shot-likelihood'], 12, ['one-shot-li…']],
  [both.slice(0, 2), 24, ['evaluation[validation]', 'evaluation[test]']],
  [both.slice(0, 4), 24, ['[…boosting,validation]', '[…boosting,test]', '[…descent,validation]', '[…descent,test]']],
  [both.slice(2), 20, ['[gradien…,validat…]', '[gradien…,test]', '[forest,validat…]', '[forest,test]']],
])('%j in %d columns', (ids, width, expected) => {
  expect(cellNames(ids, width)).toEqual(expected);
});

test('names are no wider than there is room', () => {
  const id = fc.tuple(fc.stringMatching(/^[a-z]{1,20}$/), fc.stringMatching(/^[a-z0-9.-]{1,20}$/), fc.nat(1000));
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 8 }), fc.integer({ min: 8, max: 40 }), (cells, width) => {
      const stage = cells[0]![0];
      const names = cellNames(
        cells.map(([, model, seed]) => `${stage}[model=${model},seed=${seed}]`),
        width,
      );
      for (const name of names) expect(name.length).toBeLessThanOrEqual(width);
    }),
  );
});
