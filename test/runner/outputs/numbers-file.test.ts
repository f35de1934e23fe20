import { describe, expect, it } from 'vitest';
import { parseNumbers } from '../../../src/runner/outputs/numbers-file.ts';

const problem = (text: string | Buffer): string => {
  try {
    parseNumbers(Buffer.from(text as string), 'n.json');
  } catch (error) {
    expect(error).toMatchObject({ code: 'bad-numbers' });
    return (error as Error).message.replace('Cannot accept "n.json": ', '');
  }
  throw new Error('accepted');
};

describe('parseNumbers', () => {
  it('reads numbers by name', () => {
    const numbers = { 'nll.two': { value: -1.5, unit: 'nats', kind: 'estimate', n: 10, standardError: 0.1 } };
    expect(parseNumbers(Buffer.from(JSON.stringify(numbers)), 'n.json')).toEqual(numbers);
    expect(parseNumbers(Buffer.from('{}'), 'n.json')).toEqual({});
  });

  it.each([
    ['{"nll": {"value": NaN, "unit": "1", "kind": "exact"}}', 'number "nll" is NaN; a reported number must be finite'],
    [
      '{"a": {"value": 1, "unit": "NaN, not", "kind": "exact", "standardError": -Infinity}}',
      '"standardError" of number "a" is -Infinity; a reported number must be finite',
    ],
    [
      '{"a": {"value": 1e400, "unit": "1", "kind": "exact"}}',
      'number "a" is too large for a 64-bit floating-point number',
    ],
    ['{"a": {"value": null, "unit": "1", "kind": "exact"}}', 'number "a" is null; leave it out, or report a number'],
    ['{"a": {"value": "3", "unit": "1", "kind": "exact"}}', 'number "a" is "3" and must be number'],
    [
      '{"a": {"value": 1, "unit": "1", "kind": "exakt"}}',
      '"kind" of number "a" is "exakt" and must be one of exact, estimate, upper-bound, timing',
    ],
    ['{"a": {"value": 1, "kind": "exact"}}', 'number "a" lacks "unit"'],
    [
      '{"a": {"value": 1, "unit": "1", "kind": "exact", "std": 1}}',
      'number "a" has an unknown key "std"; known are value, unit, kind, n, standardError, better, note',
    ],
    ['{"a": 3}', 'number "a" is 3 and must be { "value", "unit", "kind", … }'],
    ['[]', 'it must be an object of numbers by name'],
    ['null', 'it must be an object of numbers by name'],
    [
      '{"a b": {"value": 1, "unit": "1", "kind": "exact"}}',
      'the name "a b" may hold only letters, digits, "-", "_" and single dots',
    ],
    [
      '{"a": {"value": 12345678901234567890, "unit": "1", "kind": "exact"}}',
      '12345678901234567890 is not exact as a number: integers beyond 2^53 need an exponent, or quotes (line 1, column 17)',
    ],
  ])('refuses %s', (text, message) => expect(problem(text)).toBe(message));

  it.each([
    ['6.02e23', 6.02e23],
    ['1e16', 1e16],
    ['10000000000000000', 1e16],
    ['1.8446744073709552e+19', 2 ** 64],
    ['9007199254740994.0', 2 ** 53 + 2],
  ])('accepts the whole number %s', (text, value) => {
    const file = `{"flops": {"value": ${text}, "unit": "1", "kind": "exact"}}`;
    expect(parseNumbers(Buffer.from(file), 'n.json')['flops']!.value).toBe(value);
  });

  const one = '{"value": 1, "unit": "1", "kind": "exact"}';
  it.each([
    [`{"a": ${one},\n "b": ${one},\n "a": ${one}}`, 'an object has two members of the name "a" (line 3, column 2)'],
    [`{"a": ${one}, "\\u0061": ${one}}`, 'an object has two members of the name "a" (line 1, column 51)'],
    [
      '{"a": {"value": 1, "unit": "1", "kind": "exact", "value": 2}}',
      'an object has two members of the name "value" (line 1, column 50)',
    ],
  ])('refuses a name that stands twice: %s', (text, message) => expect(problem(text)).toBe(message));

  it('refuses text of another encoding, with the place', () => {
    const text = '{"a":\n {"value": 1, "unit": "µm", "kind": "exact"}}';
    expect(problem(Buffer.from(text, 'latin1'))).toBe(
      'it is not UTF-8 text (line 2, column 24); write it with that encoding',
    );
    expect(problem(Buffer.from('{"a": {"value": 1, "unit": "\\ud800", "kind": "exact"}}'))).toMatch(/surrogate pair/);
    const numbers = { a: { value: 1, unit: 'µm', kind: 'exact' } };
    expect(parseNumbers(Buffer.from(`\ufeff${JSON.stringify(numbers)}`), 'n.json')).toEqual(numbers);
  });

  it('refuses what is not JSON', () => {
    expect(problem('{"a": ')).toMatch(/^it is not JSON: /);
    expect(problem('')).toMatch(/^it is not JSON: /);
  });
});
