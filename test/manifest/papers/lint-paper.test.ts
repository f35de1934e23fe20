// Papers against a run: each in test/golden/lint-paper has its findings beside it, and numbers read as they are written.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diagnosticLines } from '../../../src/cli/view/diagnostic-text.ts';
import { lintPaper } from '../../../src/manifest/papers/lint-paper.ts';
import { type PaperFormat, readPaper } from '../../../src/manifest/papers/paper-text.ts';
import { SourceFile } from '../../../src/pipeline/source.ts';
import { expectGolden, goldenInputs } from '../../support/golden.ts';
import { toyManifest } from '../toys.ts';

const papers: [string, string, PaperFormat][] = [
  ...goldenInputs('lint-paper', '.md').map((path): [string, string, PaperFormat] => [basename(path), path, 'markdown']),
  ...goldenInputs('lint-paper', '.tex').map((path): [string, string, PaperFormat] => [basename(path), path, 'latex']),
];

test.each(papers)('lintPaper() of %s', async (name, path, format) => {
  const file = new SourceFile(name, readFileSync(path, 'utf8'));
  const { checked, diagnostics } = lintPaper(file, [toyManifest()], { format, integers: false });
  const text = `${diagnostics.map((each) => `${diagnosticLines(each).join('\n')}\n`).join('')}${checked} checked\n`;
  await expectGolden(text, `${path}.txt`);
});

test('whole numbers are checked when asked for', () => {
  const check = (integers: boolean) =>
    lintPaper(new SourceFile('p.md', 'With 412,330 parameters and 17 layers.'), [toyManifest()], {
      format: 'markdown',
      integers,
    });
  expect(check(false)).toEqual({ checked: 0, diagnostics: [] });
  expect(check(true)).toMatchObject({ checked: 2, diagnostics: [{ message: 'No manifest gives 17' }] });
});

test('what cite writes for "mean ± sd" over replicates is given by the run', () => {
  const found = lintPaper(
    new SourceFile('p.md', 'Its weight is 0.1975 ± 0.0015, or 0.1975 ± 0.0911.'),
    [toyManifest()],
    {
      format: 'markdown',
      integers: false,
    },
  );
  expect(found).toMatchObject({ checked: 4, diagnostics: [{ message: 'No manifest gives 0.0911' }] });
});

test('a number is read back with its value and its place, wherever it stands', () => {
  const decimals = fc.integer({ min: 1, max: 8 });
  const value = fc.double({ min: -1000, max: 1000, noNaN: true });
  const around = fc.constantFrom(['', ''], ['(', ')'], ['about ', ', or so'], ['**', '**'], ['| ', ' |'], ['$', '$']);
  fc.assert(
    fc.property(value, decimals, around, (number, digits, [before, after]) => {
      const text = number.toFixed(digits);
      const [literal, ...others] = readPaper(`${before}${text}${after}.`, 'markdown').literals;
      expect(others).toEqual([]);
      expect(literal).toMatchObject({ text, precise: true });
      expect(literal!.value).toBe(Number(text));
      expect(literal!.unit).toBeCloseTo(10 ** -digits, 14);
    }),
  );
});

test.each<[string, PaperFormat, [value: number, percent: boolean][]]>([
  // siunitx takes a comma for a decimal point, passes over blanks, and gives the unit of a range or list once.
  [String.raw`\num{0,877}`, 'latex', [[0.877, false]]],
  [String.raw`\num{1 234 567.5}`, 'latex', [[1234567.5, false]]],
  [String.raw`\SIrange{93.1}{93.4}{\percent}`, 'latex', [93.1, 93.4].map((each) => [each, true])],
  [String.raw`\qtylist{93.1;93.4;93.6}{\percent}`, 'latex', [93.1, 93.4, 93.6].map((each) => [each, true])],
  [String.raw`$93.1\pm0.4\%$`, 'latex', [93.1, 0.4].map((each) => [each, true])],
  [String.raw`93.1--93.4\,\%`, 'latex', [93.1, 93.4].map((each) => [each, true])],
  [
    '0.5, 93.4%',
    'markdown',
    [
      [0.5, false],
      [93.4, true],
    ],
  ],
  ['9.31 × 10<sup>-2</sup>', 'markdown', [[0.0931, false]]],
  ['9.31 &times; 10<sup>−2</sup>', 'markdown', [[0.0931, false]]],
  ['93.1&#37;', 'markdown', [[93.1, true]]],
  // An ellipsis is no part of a version.
  [
    '0.877...0.888',
    'markdown',
    [
      [0.877, false],
      [0.888, false],
    ],
  ],
])('%s is read as it is meant', (text, format, expected) => {
  const read = readPaper(text, format).literals.filter(({ precise }) => precise);
  expect(read.map(({ value, percent }) => [value, percent])).toEqual(expected);
});
