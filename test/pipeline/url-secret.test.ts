import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hideSecrets, secretIn } from '../../src/pipeline/url-secret.ts';

it.each([
  ['https://user:hunter2@example.org/x', 'hunter2'],
  ['https://hunter2token@example.org/x', 'hunter2token'],
  ['HTTPS://user:hunter2@example.org', 'hunter2'],
  ['https://user:hunt@er2@example.org/x', 'hunt@er2'],
  ['https://user:hunt/er2@example.org/x', 'hunt/er2'],
  ['https://user:hunt?er2@example.org/x', 'hunt?er2'],
  ['https://:hunter2@[::1]:8080/', 'hunter2'],
  ['postgres://u:hunter2@db/x', 'hunter2'],
  ['curl -u x https://u:hunter2@example.org/ -o y', 'hunter2'],
  ['https://example.org/x?token=hunter2', 'hunter2'],
  ['https://example.org/x?a=1&access_token=hunter2&b=2', 'hunter2'],
  ['https://example.org/x?API-Key=hunter2', 'hunter2'],
  ['https://example.org/x#id_token=hunter2', 'hunter2'],
  ['https://b.s3.amazonaws.com/x?X-Amz-Credential=a&X-Amz-Signature=hunter2', 'hunter2'],
  ['https://a.blob.core.windows.net/x?sv=1&sig=hunter2', 'hunter2'],
  ['https://maps.example.org/x?key=AIzaSyhunter20123456', 'AIzaSyhunter20123456'],
])('finds and hides the secret of %s', (url, secret) => {
  expect(secretIn(url)).not.toBeNull();
  expect(hideSecrets(url)).toHaveLength(url.length);
  expect(hideSecrets(url)).not.toContain(secret);
});

it.each([
  'https://example.org/data.bin?version=2&download=1',
  'https://example.org:8080/x',
  'https://example.org:8080/@scope/package',
  'https://example.org/@scope/package',
  'https://example.org/x?tokenizer=bpe&key=train&keyword=a',
  'https://example.org/a?mail=a@b.c',
  'ssh://git@example.org/x.git',
  'git@example.org:x.git',
  'user:password@nowhere',
  'a token=1 of nothing',
])('leaves %s alone', (url) => {
  expect(secretIn(url)).toBeNull();
  expect(hideSecrets(url)).toBe(url);
});

it('hides whatever it finds, at the same length, and finds nothing in what it has hidden but stars', () => {
  const piece = fc.constantFrom(
    '://',
    'https',
    'u',
    ':',
    '@',
    '/',
    '?',
    '&',
    'token=',
    'sig=',
    'x',
    '80',
    '#',
    ' ',
    '"',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 16 }), (pieces) => {
      const text = pieces.join('');
      const hidden = hideSecrets(text);
      expect(hidden).toHaveLength(text.length);
      if (secretIn(text) !== null) expect(hidden).toContain('*');
      expect(hideSecrets(hidden)).toBe(hidden);
    }),
  );
});

it('takes time in proportion to the text', () => {
  const long = 20_000;
  for (const text of ['https://a:', 'https://a@', '?token=', 'a', 'a://', ':///:', '://a:b', '@'].map((part) =>
    part.repeat(long),
  )) {
    secretIn(`${text} ://`);
    hideSecrets(text);
  }
});
