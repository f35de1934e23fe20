// Text that would take over a terminal.
import { expect, test } from 'vitest';
import { visibleText } from '../../../src/manifest/text/visible-text.ts';

test('visibleText() spells out control codes, reordering and broken surrogates', () => {
  expect(visibleText('a\u001b[2Jb\u0007\r\nc\u202ed\u009b\ud800')).toBe(
    'a\\u001b[2Jb\\u0007\\r\\nc\\u202ed\\u009b\\ud800',
  );
});

test('visibleText() spells out what is no character of XML', () => {
  expect(visibleText('a\ufffe\uffff\ufffd')).toBe('a\\ufffe\\uffff\ufffd');
});

test('visibleText() leaves ordinary text of any language alone', () => {
  expect(visibleText('größe ± 日本語 標👩‍🔬')).toBe('größe ± 日本語 標👩‍🔬');
});
