// Printed numbers against exact decimal arithmetic: within half a unit of their last place, and in their order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cite, numbersAt, parseFormat } from '../../../src/manifest/papers/citation.ts';
import { fixedText, placeText, shifted, significantText } from '../../../src/manifest/text/decimal-text.ts';
import { evaluateGates } from '../../../src/manifest/gates/gates.ts';
import { measuredText } from '../../../src/manifest/gates/summary.ts';
import { measuredValueText } from '../../../src/manifest/gates/limits-text.ts';
import { durationText, numberText, rangeText, valueText, valueTexts } from '../../../src/manifest/text/number-text.ts';
import type { ManifestGate } from '../../../src/schema/types.ts';
import { toyManifest } from '../toys.ts';

/** digits * 10^exponent. */
interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** What a text says, exactly. */
function decimal(text: string): Decimal {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/.exec(text);
  if (match === null) throw new Error(`not a number: ${text}`);
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  return {
    digits: BigInt(`${whole}${fraction}`) * (sign === '' ? 1n : -1n),
    exponent: Number(exponent) - fraction.length,
  };
}

/** Below 0, 0 or above 0 as a is below, at or above b. */
function compare(a: Decimal, b: Decimal): number {
  const least = Math.min(a.exponent, b.exponent);
  const at = ({ digits, exponent }: Decimal) => digits * 10n ** BigInt(exponent - least);
  return at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0;
}

/** Whether what is written is at most half of 10^place away from the value. */
function isWithin(text: string, value: number, place: number): boolean {
  const [written, exact] = [decimal(text), decimal(String(value))];
  const least = Math.min(written.exponent, exact.exponent, place);
  const at = ({ digits, exponent }: Decimal) => digits * 10n ** BigInt(exponent - least);
  const distance = at(written) - at(exact);
  return 2n * (distance < 0n ? -distance : distance) <= 10n ** BigInt(place - least);
}

const size = (value: number) => Number(value.toExponential().split('e')[1]);
const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -1e16, max: 1e16, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
  fc.tuple(fc.integer(), fc.integer({ min: 0, max: 12 })).map(([digits, places]) => Number(`${digits}e-${places}`)),
);
const anyError = fc.oneof(
  fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
  fc.double({ min: 1e-13, max: 1e4, noNaN: true }),
  fc
    .tuple(fc.integer({ min: 1, max: 9999 }), fc.integer({ min: -3, max: 16 }))
    .map(([digits, places]) => Number(`${digits}e${-places}`)),
);
const often = { numRuns: 3000 };

describe('what the issue showed', () => {
  test.each([
    [{ value: 1234567890123.5, standardError: 10 }, '1234567890124 ± 10'],
    [{ value: -0.0001, standardError: 0.12 }, '0.00 ± 0.12'],
    [{ value: 1.2345678e20, standardError: 3.4e15 }, '1.234568e+20 ± 3.4e+15'],
    [{ value: 2.5e-14, standardError: 3e-16 }, '2.500e-14 ± 3.0e-16'],
    [{ value: 1e-20, standardError: 1e-14 }, '0 ± 1.0e-14'],
    [{ value: 0.5, standardError: 0.0995 }, '0.50 ± 0.10'],
    [{ value: 123456.789, standardError: 1e-12 }, '123456.789 ± 1.0e-12'],
  ])('%o is %s', (number, expected) => {
    const { value, error } = numberText(number);
    expect(`${value} ± ${error}`).toBe(expected);
  });

  test('a value keeps its whole part', () => {
    expect([12345678.9, 999999.5, -123456.78, 1.5e15, 0.1234567, -0].map((value) => valueText(value))).toEqual([
      '12345679',
      '1000000',
      '-123457',
      '1.5e+15',
      '0.123457',
      '0',
    ]);
  });

  test('two hours all but a second are two hours', () => {
    expect([7199, 7229, 7231].map(durationText)).toEqual(['2 h 00 min', '2 h 00 min', '2 h 01 min']);
  });
});

test('valueText() has six digits right, or all of its whole part', () => {
  fc.assert(
    fc.property(anyNumber, (value) => {
      const digits = Math.min(size(value) - 5, Math.abs(value) < 1e15 ? 0 : Infinity);
      expect(isWithin(valueText(value), value, digits), valueText(value)).toBe(true);
    }),
    often,
  );
});

test('numberText() rounds both to the second digit of the error, and nothing has a minus', () => {
  fc.assert(
    fc.property(anyNumber, anyError, (value, standardError) => {
      const { value: text, error } = numberText({ value, standardError });
      const place = size(Number(standardError.toExponential(1))) - 1;
      const shown = `${text} ± ${error}`;
      expect(isWithin(error!, standardError, place), shown).toBe(true);
      expect(isWithin(text, value, place), shown).toBe(true);
      expect(text).not.toMatch(/^-[0.]*$/);
      expect(decimal(error!).digits > 0n, shown).toBe(true);
    }),
    often,
  );
});

test('numbers that are compared are written in their order', () => {
  const near = fc
    .tuple(anyNumber, fc.integer({ min: -3, max: 3 }), fc.integer({ min: 5, max: 17 }))
    .map(([value, by, place]) => [value, value * (1 + by * 10 ** -place)]);
  fc.assert(
    fc.property(fc.oneof(near, fc.tuple(anyNumber, anyNumber)), (pair) => {
      const [a = 0, b = 0] = pair.map((value) => (Number.isFinite(value) ? value : 1));
      const order = Math.sign(a < b ? -1 : a > b ? 1 : 0);
      const [first = '', second = ''] = valueTexts([a, b]);
      expect(compare(decimal(first), decimal(second)), `${first} ${second}`).toBe(order);
      // One beside another that is shown in full.
      expect(compare(decimal(valueText(a, [b])), decimal(String(b)))).toBe(order);
      expect(compare(decimal(fixedText(a % 1000, 1, [b % 1000])), decimal(String(b % 1000)))).toBe(
        Math.sign((a % 1000) - (b % 1000)) + 0,
      );
      const range = rangeText([a, b]).split(' to ');
      expect(range).toHaveLength(order === 0 ? 1 : 2);
      if (order !== 0) expect(compare(decimal(range[0]!), decimal(range[1]!))).toBe(-1);
    }),
    { ...often, examples: [[[-12978203756.907776, -12978203756.907776]]] },
  );
});

test('a gate says of its measured values what its verdict says', () => {
  const limit = fc.oneof(
    fc.constantFrom(0.3, 1, 0, -2.5, 1e-7),
    anyNumber.filter((value) => Math.abs(value) < 1e12),
  );
  const errors = fc.constantFrom(new Map<string, number>(), new Map([['a.b', 0.02]]), new Map([['a.b', 1e-6]]));
  fc.assert(
    fc.property(
      limit,
      fc.constantFrom(0, 1e-5, 1e-7, 1e-9, 1e-12, 1e-15, -1e-6, -1e-8, -1e-13),
      errors,
      (max, by, error) => {
        const value = max + (max === 0 ? by : Math.abs(max) * by);
        const plan = {
          name: 'g',
          number: 'a.b',
          numberName: 'b',
          cells: ['a'],
          limit: { kind: 'bound', min: null, max },
        };
        const number = { value, unit: '1', kind: 'exact' };
        const [gate] = evaluateGates([plan as never], [{ address: 'a.b', stage: 'a', name: 'b', number } as never]);
        const shown = measuredText(gate as ManifestGate, error);
        const passes = compare(decimal(shown), decimal(String(max))) <= 0;
        expect(passes, `at most ${max}, measured ${shown}, ${gate!.verdict}`).toBe(gate!.verdict === 'PASS');
        expect(measuredValueText(gate!, gate!.measured[0]!, error)).toBe(shown);
      },
    ),
    often,
  );
});

test('a measured value has the digits of its standard error', () => {
  const gate = {
    measured: [
      { address: 'a[i=0].b', value: -0.00871502 },
      { address: 'a[i=1].b', value: 0.000770662 },
    ],
    max: 0.04,
  };
  const errors = new Map([
    ['a[i=0].b', 0.000168117],
    ['a[i=1].b', 0.000140704],
  ]);
  expect(measuredText(gate, errors)).toBe('-0.00872 to 0.00077 (2 cells)');
});

test('a test says of p what its verdict says', () => {
  const replicates = (values: readonly number[]) =>
    values.map((value, index) => ({
      address: `a[replicate=${index}].b`,
      stage: `a[replicate=${index}]`,
      name: 'b',
      number: { value, unit: '1', kind: 'estimate', better: 'lower' },
    }));
  let judgedOnes = 0;
  fc.assert(
    fc.property(
      fc.array(
        fc.integer({ min: -300, max: 300 }).map((thousandths) => thousandths / 1000),
        { minLength: 3, maxLength: 5 },
      ),
      fc.constantFrom(-1e-4, -1e-6, 1e-4, 1e-6, 0),
      (values, by) => {
        const judged = (level: number) => {
          const cells = values.map((_, index) => `a[replicate=${index}]`);
          const limit = { kind: 'test', against: 0, margin: 0.1, level, better: 'lower' };
          return evaluateGates(
            [{ name: 'g', number: 'a.b', numberName: 'b', cells, limit } as never],
            replicates(values) as never,
          )[0]!;
        };
        const p = judged(0.05).test?.result?.p;
        if (p === undefined || p < 1e-3 || p > 0.4) return;
        judgedOnes += 1;
        // A level beside p, where rounding would say otherwise.
        const { verdict, reason = '' } = judged(p * (1 + by));
        const shown = /p = (\S+)/.exec(reason)![1]!;
        expect(Number(shown) <= p * (1 + by), `${reason}, level ${p * (1 + by)}`).toBe(verdict === 'PASS');
      },
    ),
  );
  expect(judgedOnes).toBeGreaterThan(20);
});

test('cited numbers in a format of one’s own are within half a unit of it', () => {
  const entry = numbersAt(toyManifest(), 'one-shot-nll.nll')[0]!;
  fc.assert(
    fc.property(
      anyNumber,
      fc.integer({ min: 1, max: 12 }),
      fc.constantFrom('f', 'e', 'g', '%'),
      (value, digits, kind) => {
        const cited = cite(
          [{ ...entry, number: { ...entry.number, value } }],
          parseFormat(`value .${digits}${kind}`),
          String,
        );
        if (!('text' in cited)) throw new Error(cited.problem);
        const text = cited.text.replace('%', '');
        const exact = kind === '%' ? shifted(value, 2) : value;
        // Of numbers below 1e-300 fewer digits are known.
        if (!Number.isFinite(exact) || (value !== 0 && Math.abs(value) < 1e-300)) return;
        const place = kind === 'f' || kind === '%' ? -digits : size(value) - digits + (kind === 'g' ? 1 : 0);
        // A number of 64 bits has fifteen digits that are known.
        expect(isWithin(text, exact, Math.max(place, size(exact) - 14)), `${value} ${cited.text}`).toBe(true);
        expect(text).not.toMatch(/^-[0.]*$/);
      },
    ),
    often,
  );
});

test('shifted() moves the point of the decimal, not of the binary number', () => {
  expect([0.285, 0.07, 1e-7, -0.19905, 0].map((value) => shifted(value, 2))).toEqual([28.5, 7, 1e-5, -19.905, 0]);
  expect(placeText(-0.004, -2)).toBe('0.00');
  expect(significantText(12345.6, 4)).toBe('12346');
});
