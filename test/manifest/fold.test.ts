// Series of numbers: folded when long, otherwise left alone, and nothing is lost.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldNumbers } from '../../src/manifest/fold.ts';
import type { ManifestNumber } from '../../src/schema/types.ts';
import { digestOf } from './sample.ts';

const entry = (stage: string, name: string): ManifestNumber => ({
  address: `${stage}.${name}`,
  stage,
  name,
  number: { value: 1, unit: '1', kind: 'exact' },
  closure: digestOf(stage),
});
const points = (count: number, stage = 'mse') => Array.from({ length: count }, (_, i) => entry(stage, `cdm.t${i}`));

test('foldNumbers() makes one entry of a long series where it began', () => {
  const numbers = [entry('mse', 'first'), ...points(8), entry('mse', 'cdm')];
  expect(foldNumbers(numbers)).toEqual([
    numbers[0],
    { prefix: 'mse.cdm', name: 'cdm', members: points(8) },
    numbers.at(-1),
  ]);
});

test('foldNumbers() leaves short series and names without parts alone', () => {
  const numbers = [...points(7), ...Array.from({ length: 9 }, (_, i) => entry('toy', `n${i}`))];
  expect(foldNumbers(numbers)).toEqual(numbers);
});

test('foldNumbers() never joins numbers of different cells', () => {
  const numbers = [...points(5, 'mse[r=0.1]'), ...points(5, 'mse[r=0.2]')];
  expect(foldNumbers(numbers)).toEqual(numbers);
});

test('foldNumbers() loses nothing', () => {
  const names = fc.array(fc.constantFrom('a', 'b', 'a.x', 'a.y', 'a.z', 'b.x.1', 'b.x.2'), { maxLength: 30 });
  fc.assert(
    fc.property(names, (chosen) => {
      const numbers = chosen.map((name, index) => entry('s', `${name}${index}`));
      const unfolded = foldNumbers(numbers).flatMap((each) => ('members' in each ? each.members : [each]));
      expect(new Set(unfolded)).toEqual(new Set(numbers));
      expect(unfolded).toHaveLength(numbers.length);
    }),
    { numRuns: 100 },
  );
});
