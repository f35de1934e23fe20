// What reaches a terminal: our colours and nothing else that moves it.
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { mark, paint, print, printDocument, terminalText, wantsColor } from '../../../src/cli/view/print.ts';

// eslint-disable-next-line no-control-regex -- what must not reach a terminal
const dangerous = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('terminalText()', () => {
  test('lets through what was marked, and spells out the same codes in a text', () => {
    expect(terminalText(`${mark('red', 'bad')} \u001b[31mbad\u001b[39m`)).toBe(
      '\u001b[31mbad\u001b[39m \\u001b[31mbad\\u001b[39m',
    );
  });

  test('of a list of styles nests them', () => {
    expect(terminalText(mark(['bold', 'red'], '$&'))).toBe('\u001b[1m\u001b[31m$&\u001b[39m\u001b[22m');
  });

  test('of any text is safe, in a mark too', () => {
    const unit = fc.constantFrom('a', '\u001b', '[', '3', '1', ';', 'm', '\n', '\u009b', '\u202e', '\ud800', '標');
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit }), (a, b) => {
        const shown = terminalText(a + mark('bold', b) + a);
        expect(shown.replace('\u001b[1m', '').replace('\u001b[22m', '')).not.toMatch(dangerous);
      }),
    );
  });
});

test('print() makes one line of each argument, whatever breaks are in it', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  print('a\nrun complete', 'b\u001b[2J');
  expect(write.mock.calls.map(([text]) => text).join('')).toBe('a\\nrun complete\nb\\u001b[2J\n');
});

test('printDocument() gives a pipe the bytes, and a terminal what it can be trusted with', () => {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const before = process.stdout.isTTY;
  try {
    for (const isTTY of [false, true]) {
      process.stdout.isTTY = isTTY;
      printDocument('a\tb\u001b[2J\n');
    }
  } finally {
    process.stdout.isTTY = before;
  }
  expect(write.mock.calls.map(([text]) => text)).toEqual(['a\tb\u001b[2J\n', 'a\tb\\u001b[2J\n']);
});

test.each([
  { terminal: false, expected: false },
  { terminal: true, expected: true },
  { terminal: true, NO_COLOR: '1', expected: false },
  { terminal: true, NO_COLOR: '', expected: true },
  { terminal: true, TERM: 'dumb', expected: false },
  { terminal: false, FORCE_COLOR: '1', expected: true },
  { terminal: false, FORCE_COLOR: '', expected: true },
  { terminal: true, FORCE_COLOR: '0', expected: false },
  { terminal: false, NO_COLOR: '1', FORCE_COLOR: '1', expected: true },
])('wantsColor() of %o', ({ terminal, expected, ...environment }) => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM']) {
    vi.stubEnv(name, (environment as Record<string, string>)[name]);
  }
  expect(wantsColor({ isTTY: terminal })).toBe(expected);
});

test('paint() of one style or several is plain where no colour is wanted', () => {
  vi.stubEnv('FORCE_COLOR', '0');
  expect(paint('red', 'x') + paint(['bold', 'red'], 'y')).toBe('xy');
});
