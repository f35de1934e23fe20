// A path that somebody else wrote stays below where it is joined to, or is refused.
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinBelow, pathBelow } from '../../src/store/path-below.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const part = fc.oneof(fc.constantFrom('..', '.', '', 'a', '/', '\0', '…', '..a', 'a..'), fc.string({ maxLength: 3 }));

test('whatever the text, a path is below its base or refused', () => {
  const base = '/some/base';
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.constantFrom('/', ''), (parts, separator) => {
      const path = parts.join(separator);
      let joined: string;
      try {
        joined = joinBelow(base, path);
      } catch (error) {
        expect(error).toMatchObject({ code: 'unsafe-path' });
        return;
      }
      expect(resolve(joined).startsWith(`${base}/`)).toBe(true);
      expect(joined).toBe(`${base}/${path}`);
    }),
  );
});

test.each(['a', 'a/', 'a/b', '..a', 'a..', 'a b/ü/"', 'x'.repeat(255), '-'])('%j is a path like any other', (path) => {
  expect(joinBelow('/base', path)).toBe(`/base/${path}`);
});

test('a link is refused wherever it lies below the base, and the base itself may be one', () => {
  using outside = temporaryDirectory({ 'd/file': 'mine' });
  using directory = temporaryDirectory({ 'plain/file': 'x' });
  const at = (name: string): string => join(directory.path, name);
  fs.symlinkSync(outside.path, at('base'));
  fs.symlinkSync(join(outside.path, 'd'), at('plain/link'));
  expect(pathBelow(nodeFileSystem, at('base'), 'd/file')).toBe(at('base/d/file'));
  expect(pathBelow(nodeFileSystem, directory.path, 'plain/new/deep')).toBe(at('plain/new/deep'));
  for (const path of ['plain/link', 'plain/link/', 'plain/link/file', 'plain/link/new/deep', 'base/d']) {
    expect(() => pathBelow(nodeFileSystem, directory.path, path), path).toThrow(/is a link/);
  }
  expect(pathBelow(nodeFileSystem, directory.path, 'plain/link', 'replaced')).toBe(at('plain/link'));
  expect(() => pathBelow(nodeFileSystem, directory.path, 'plain/link/x', 'replaced')).toThrow(/is a link/);
});
