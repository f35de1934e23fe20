// Quoted numbers: rounding never claims more than the standard error, and reads back within half a unit of its place.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cite, numbersAt, parseFormat, statistics } from '../../../src/manifest/papers/citation.ts';
import { latexMacros, quotableNumbers } from '../../../src/manifest/papers/cite-macros.ts';
import { toyManifest } from '../toys.ts';

const manifest = toyManifest();
const one = (value: number, standardError: number) => {
  const entry = numbersAt(manifest, 'one-shot-nll.nll')[0]!;
  return [{ ...entry, number: { ...entry.number, value, standardError } }];
};

test('numbersAt() gives one number, or that of every cell an address leaves open', () => {
  const addresses = (text: string) => numbersAt(manifest, text).map(({ address }) => address);
  expect(addresses('toy[toy=two,replicate=1].error')).toEqual(['toy[toy=two,replicate=1].error']);
  expect(addresses('toy[replicate=1].error')).toHaveLength(2);
  expect(addresses('toy.error')).toHaveLength(6);
  expect(addresses('toy')).toEqual([]);
  expect(addresses('toy[toy=three].error')).toEqual([]);
  expect(addresses('constructor.error')).toEqual([]);
});

test('parseFormat() reads what it says it does, and nothing else', () => {
  for (const statistic of statistics) expect(parseFormat(statistic)).toEqual({ first: statistic });
  expect(parseFormat('mean ± sd .3f')).toEqual({
    first: 'mean',
    second: { joint: '±', statistic: 'sd' },
    spec: { digits: 3, kind: 'f' },
  });
  expect(parseFormat('min to max')).toMatchObject({ second: { joint: 'to', statistic: 'max' } });
  for (const text of ['', 'sdd', 'mean ±', 'mean ± sdd', 'mean .3', 'toString', 'mean sd']) {
    expect(parseFormat(text), text).toBeNull();
  }
});

test('cite() rounds to the second digit of the standard error', () => {
  const text = (value: number, error: number) => cite(one(value, error), null, String);
  expect(text(2.34561, 0.00213)).toEqual({ text: '2.3456 ± 0.0021' });
  expect(text(1234.5, 0)).toEqual({ text: '1234.5 ± 0' });
  expect(text(-0.00001, 0.5)).toEqual({ text: '0.00 ± 0.50' });
});

test('a cited value is within half a unit of its last place', () => {
  const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
  fc.assert(
    fc.property(value, fc.double({ min: 1e-6, max: 100, noNaN: true }), (number, error) => {
      const cited = cite(one(number, error), { first: 'value' }, String);
      if (!('text' in cited)) throw new Error(cited.problem);
      const decimals = /\.(\d+)$/.exec(cited.text)?.[1]?.length ?? 0;
      expect(Math.abs(Number(cited.text) - number)).toBeLessThanOrEqual(0.5000001 * 10 ** -decimals);
      // The place shown is at most a tenth of the error, and at least a hundredth.
      if (error < 10) expect(10 ** -decimals).toBeGreaterThan(error / 100.0001);
    }),
  );
});

test('quotableNumbers() adds the mean over replicates, with the standard error of their spread', () => {
  const numbers = quotableNumbers(manifest);
  expect(numbers).toHaveLength(manifest.numbers.length + 4);
  // Of 0.0061, 0.0028 and 0.0001: mean 0.0030, sample variance 9.03e-6.
  const pooled = numbers.find(({ address }) => address === 'toy[toy=two].error')!;
  expect(pooled).toMatchObject({ replicates: 3, unit: 'nats', text: { value: '0.0030', error: '0.0017' } });
  expect(pooled.value).toBeCloseTo(0.003, 12);
  expect(pooled.standardError).toBeCloseTo(Math.sqrt(9.03e-6 / 3), 12);
});

test('latexMacros() is a file of definitions that a person can read', async () => {
  await expect(latexMacros(manifest, 'artifacts/manifest.json')).toMatchFileSnapshot('../../golden/cite/numbers.tex');
});
