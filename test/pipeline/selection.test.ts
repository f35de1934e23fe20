// What stages and cells a person means, and what is said where there are none.
import { describe, expect, test } from 'vitest';
import { ReproError } from '../../src/error.ts';
import { named, select } from '../../src/pipeline/selection.ts';
import { exampleText, planOf } from './planning.ts';

const plan = planOf(exampleText);

describe('select()', () => {
  const selected = (...patterns: string[]): string[] => select(plan, patterns).map(({ id }) => id);

  test('takes a stage, a cell or some axes of it, with ancestors in plan order', () => {
    expect(selected('train[replicate=1,size=2]')).toEqual(['data', 'train[size=2,replicate=1]']);
    expect(selected('other', 'train[size=1]')).toEqual([
      'data',
      'train[size=1,replicate=0]',
      'train[size=1,replicate=1]',
      'other',
    ]);
    expect(selected('best')).toHaveLength(6);
    expect(selected()).toHaveLength(plan.cells.length);
  });

  test('takes wildcards in names and values', () => {
    expect(selected('t*st')).toHaveLength(9);
    expect(selected('train[size=?,replicate=0]')).toEqual([
      'data',
      'train[size=1,replicate=0]',
      'train[size=2,replicate=0]',
    ]);
    expect(selected('*')).toHaveLength(plan.cells.length);
    expect(selected('*[size=1,replicate=1]')).toEqual(selected('test[size=1,replicate=1]'));
  });

  test('takes what needs a stage or a cell where "+" follows, and what that needs', () => {
    expect(selected('train[size=2,replicate=1]+')).toEqual(selected('best'));
    expect(selected('train[size=1,replicate=1]+')).toEqual(selected('test[size=1,replicate=1]'));
    expect(selected('data+')).toHaveLength(plan.cells.length - 1);
    expect([...named(plan, ['test[size=2]+'])]).toEqual([
      'test[size=2,replicate=0]',
      'test[size=2,replicate=1]',
      'best',
    ]);
  });

  test.each(['trian', 'train[size=3]', 'train.model', 'data[size=1]', '', '+', 'x*', 'train[', 'train[size=*,size=1]'])(
    'refuses "%s"',
    (pattern) => {
      expect(() => selected(pattern)).toThrow(ReproError);
    },
  );

  test.each([
    ['trian', 'did you mean "train"?'],
    ['trian+', 'did you mean "train"?'],
    ['train[siez=1]', 'did you mean "size"?'],
    ['train[size=3]', 'did you mean "1" or "2"?'],
    ['train[size=12345]', 'known here: "1", "2"'],
    ['data[size=1]', 'stage "data" has no axes'],
  ])('of %s says: %s', (pattern, hint) => {
    expect(() => selected(pattern)).toThrow(expect.objectContaining({ code: 'unknown-stage', hint }));
  });

  test('says which profiles run a stage that is left out', () => {
    const partial = planOf(`
name: example
profiles: { default: { stages: [a] }, b: { stages: [b] }, both: {} }
stages: { a: { run: a.ts }, b: { run: b.ts } }
`);
    expect(() => select(partial, ['b'])).toThrow(
      expect.objectContaining({
        message: 'Profile "default" leaves out stage "b"',
        hint: 'it runs with --profile b or --profile both',
      }),
    );
  });
});
