// Digits that a person reads.
import { expect, test } from 'vitest';
import { durationText, numberText, quantityText, valueText } from '../../../src/manifest/text/number-text.ts';

test('numberText() gives a standard error two digits and the value the same place', () => {
  expect(numberText({ value: 2.345678, standardError: 0.00213 })).toEqual({ value: '2.3457', error: '0.0021' });
  expect(numberText({ value: 1234.5, standardError: 37 })).toEqual({ value: '1235', error: '37' });
  expect(numberText({ value: -0.5, standardError: 0.96 })).toEqual({ value: '-0.50', error: '0.96' });
});

test('numberText() shows a value without error by six digits, and an error of zero as zero', () => {
  expect(numberText({ value: 0.123456789 })).toEqual({ value: '0.123457', error: null });
  expect(numberText({ value: 0.5, standardError: 0 })).toEqual({ value: '0.5', error: '0' });
});

test('numberText() survives errors far smaller than any digit worth printing', () => {
  expect(numberText({ value: 1, standardError: 1e-300 })).toEqual({ value: '1', error: '1.0e-300' });
});

test('valueText() keeps whole numbers whole', () => {
  expect([0, -3, 412330, 1e21, 1e-7].map((value) => valueText(value))).toEqual(['0', '-3', '412330', '1e+21', '1e-7']);
});

test('quantityText() leaves out the unit of a pure number', () => {
  expect(quantityText({ value: 1, unit: '1', kind: 'exact' })).toBe('1');
  expect(quantityText({ value: 1.5, unit: 'nats', kind: 'estimate', standardError: 0.25 })).toBe('1.50 ± 0.25 nats');
});

test('durationText() changes unit with size', () => {
  expect([0.04, 9.94, 12.4, 59.6, 185, 7623].map(durationText)).toEqual([
    '0.0 s',
    '9.9 s',
    '12 s',
    '1 min 00 s',
    '3 min 05 s',
    '2 h 07 min',
  ]);
});
