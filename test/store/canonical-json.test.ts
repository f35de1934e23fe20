import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/store/canonical-json.ts';

/** JSON values canonical JSON can write: no lone surrogates. */
const json = fc
  .jsonValue({ maxDepth: 4 })
  .filter((value) => !/"(__proto__)"/.test(JSON.stringify(value)))
  .filter((value) => {
    try {
      canonicalJson(value);
      return true;
    } catch {
      return false;
    }
  });

describe('canonicalJson', () => {
  it('writes the example of RFC 8785 section 3.2.3', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalJson(value).matchAll(/:"([^"]*)"/g)].map(([, name]) => name);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  it('writes the example of RFC 8785 section 3.2.2', () => {
    const value = {
      numbers: [Number('333333333.33333329'), 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000f\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('writes numbers of appendix B of RFC 8785', () => {
    const numbers = [6.02e23, 1e16, 1e21, 9007199254740992, 295147905179352830000, -1e23, 5e-324, 333333333.3333332];
    expect(canonicalJson(numbers)).toBe(
      '[6.02e+23,10000000000000000,1e+21,9007199254740992,295147905179352830000,-1e+23,5e-324,333333333.3333332]',
    );
  });

  it('gives minus zero no spelling of its own', () => {
    expect(canonicalJson([-0, 0])).toBe('[0,0]');
  });

  it.each([
    ['NaN', { a: { b: [1, Number.NaN] } }, '$.a.b[1]'],
    ['an infinity', [-Infinity], '$[0]'],
    ['a lone surrogate', { text: '\ud800x' }, '$.text'],
    ['a lone surrogate in a key', { 'x\udc00': 1 }, '$'],
    ['undefined', { a: undefined }, '$.a'],
    ['a big integer', [1n], '$[0]'],
    ['a date', { at: new Date(0) }, '$.at'],
  ])('refuses %s and says where', (_name, value, path) => {
    expect(() => canonicalJson(value)).toThrow(TypeError);
    expect(() => canonicalJson(value)).toThrow(path);
  });

  it('is read back as the same value', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(JSON.parse(canonicalJson(value)))).toBe(canonicalJson(value));
      }),
    );
    fc.assert(
      fc.property(json, (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, shuffled(member)]),
      );
    };
    fc.assert(
      fc.property(json, (value) => {
        expect(canonicalJson(shuffled(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is the same text however the members of objects are ordered, names that are numbers among them', () => {
    const shuffled = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(shuffled);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, shuffled(member)]),
      );
    };
    // The rule itself, a value at a time.
    const spelt = (value: unknown): string => {
      if (Array.isArray(value)) return `[${value.map(spelt).join(',')}]`;
      if (typeof value !== 'object' || value === null) return JSON.stringify(value);
      const keys = Object.keys(value).sort();
      return `{${keys.map((key) => `${JSON.stringify(key)}:${spelt((value as Record<string, unknown>)[key])}`).join(',')}}`;
    };
    const named = fc.dictionary(fc.constantFrom('1', '10', '9', '01', 'b', 'a', '\u00f6'), json);
    fc.assert(
      fc.property(fc.oneof(json, named, fc.array(named)), (value) => {
        const text = canonicalJson(value);
        expect(text).toBe(spelt(value));
        expect(canonicalJson(shuffled(value))).toBe(text);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });

  it('writes what is nested deeper than the engine is asked for', () => {
    const text = '['.repeat(500) + ']'.repeat(500);
    expect(canonicalJson(JSON.parse(text))).toBe(text);
  });
});
