import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { maxDepth, parseStrictJson, RefusedJson } from '../../src/store/strict-json.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['no JSON', '{"a":', 'it is not JSON'],
  ['bytes that are no UTF-8', Buffer.from([0x22, 0xe4, 0x22]), 'it is not UTF-8'],
  ['a name twice', '{"a":1,\n "b":{"a":1}, "a":2}', 'two members of the name "a" (line 2, column 15)'],
  ['a name twice, once with an escape', String.raw`{"a":1,"\u0061":2}`, 'two members of the name "a"'],
  ['a name twice, with blanks before the colon', '{"a" \n:1,"a"\t:2}', 'two members of the name "a"'],
  ['__proto__ twice', '{"__proto__":1,"__proto__":2}', 'two members of the name "__proto__"'],
  [
    'an integer beyond 2^53',
    '[9007199254740993]',
    '9007199254740993 is not exact as a number: integers beyond 2^53 need an exponent, or quotes (line 1, column 2)',
  ],
  ['more than there is', '[1e400]', '1e400 is not exact as a number'],
  ['half a surrogate pair', String.raw`["\ud800x"]`, 'half of a surrogate pair'],
  ['half a surrogate pair in a name', String.raw`{"\udc00":1}`, 'half of a surrogate pair'],
  ['4,000 levels', nested(4000), `deeper than ${maxDepth} levels`],
  ['400,000 levels of objects', '{"a":'.repeat(400_000) + '1' + '}'.repeat(400_000), `deeper than ${maxDepth} levels`],
])('%s is refused, with the place', (_name, source, message) => {
  expect(() => parseStrictJson(source)).toThrow(RefusedJson);
  expect(() => parseStrictJson(source)).toThrow(message);
});

test.each([
  nested(maxDepth),
  '{"a":{"a":[{"a":1},{"a":2}]},"b":"a"}',
  String.raw`{"\\":1,"\"":2,"\\\"":3,"":4}`,
  '["a","a"]',
  '{"toString":1,"constructor":2,"__proto__":{"x":3}}',
  '[0.1,-0,1E5,123456789012345,-1.2345678901234567e-8]',
  '["😀","\\ud83d\\ude00","\\u0000"]',
])('%s is read', (text) => {
  expect(parseStrictJson(Buffer.from(text))).toEqual(JSON.parse(text));
});

test('whatever canonical JSON writes is read, also indented, and as the same', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5, stringUnit: 'binary' }), fc.nat(3), (value, indent) => {
      let text: string;
      try {
        text = canonicalJson(JSON.parse(JSON.stringify(value)));
      } catch {
        return; // It has no canonical spelling.
      }
      expect(parseStrictJson(text)).toEqual(JSON.parse(text));
      const indented = JSON.stringify(JSON.parse(text), null, indent);
      expect(canonicalJson(parseStrictJson(indented))).toBe(text);
    }),
  );
});

test('a member that is written a second time is found wherever it stands', () => {
  const value = fc.jsonValue({ maxDepth: 4 }).filter((each) => JSON.stringify(each).includes('":'));
  fc.assert(
    fc.property(value, fc.nat(), (each, choice) => {
      const text = JSON.stringify(each);
      const objects = [...text.matchAll(/\{(?="((?:[^"\\]|\\.)*)":)/g)].filter(({ index }) => {
        // Not one that stands within a text.
        const before = text.slice(0, index).replaceAll(/\\./g, '');
        return before.split('"').length % 2 === 1;
      });
      if (objects.length === 0) return;
      const { index, 1: name } = objects[choice % objects.length]!;
      const doubled = `${text.slice(0, index + 1)}"${name}":null,${text.slice(index + 1)}`;
      expect(JSON.parse(doubled)).toEqual(JSON.parse(text));
      expect(() => parseStrictJson(doubled)).toThrow(/two members|not exact|surrogate/);
    }),
  );
});
