import { chmodSync, existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { EnvironmentKey, keyOf, openEnvironmentKey } from '../../src/store/environment-key.ts';
import { nodeFileSystem } from '../../src/store/file-system.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const open = (directory: string, given?: string): EnvironmentKey =>
  openEnvironmentKey(nodeFileSystem, directory, given);

it('tells values and variables apart under one key, and nothing under two', () => {
  const [one, two] = [1, 2].map((fill) => new EnvironmentKey(Buffer.alloc(32, fill)));
  const digest = one!.digest('TOKEN', 'a');
  expect(digest).toMatch(/^hmac-sha256:[0-9a-f]{16}:[0-9a-f]{64}$/);
  expect(one!.digest('TOKEN', 'a')).toBe(digest);
  expect(new Set([digest, one!.digest('TOKEN', 'b'), one!.digest('OTHER', 'a'), two!.digest('TOKEN', 'a')]).size).toBe(
    4,
  );
  expect(keyOf(digest)).toBe(keyOf(one!.digest('OTHER', 'b')));
  expect(keyOf(digest)).not.toBe(keyOf(two!.digest('TOKEN', 'a')));
  expect(keyOf('a')).toBeNull();
});

it('is made once for a store, for its owner alone', () => {
  using directory = temporaryDirectory();
  const store = join(directory.path, '.repro');
  const digest = open(store).digest('A', 'a');
  expect(open(store).digest('A', 'a')).toBe(digest);
  expect(statSync(join(store, 'env.key')).mode & 0o777).toBe(0o600);
  expect(readdirSync(store)).toEqual(['env.key']);
});

it('is the one that is given, which stores may have in common', () => {
  using directory = temporaryDirectory();
  const given = 'k'.repeat(32);
  const digest = open(join(directory.path, 'a'), given).digest('A', 'a');
  expect(open(join(directory.path, 'b'), given).digest('A', 'a')).toBe(digest);
  expect(existsSync(join(directory.path, 'a'))).toBe(false);
  expect(() => open(directory.path, 'short')).toThrow('REPRO_ENV_KEY must have 32 characters or more');
});

it.each([
  ['cut', (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 20))],
  ['a link', (path: string) => symlinkSync('/dev/zero', path)],
])('is refused where it is %s', (_, damage) => {
  using directory = temporaryDirectory();
  if (_ === 'cut') open(directory.path);
  damage(join(directory.path, 'env.key'));
  expect(() => open(directory.path)).toThrow(/is damaged/);
});

it.skipIf(process.getuid?.() === 0)('is one of no other digest where it can neither be read nor made', () => {
  using directory = temporaryDirectory();
  const digest = open(directory.path).digest('A', 'a');
  chmodSync(join(directory.path, 'env.key'), 0);
  expect(open(directory.path).digest('A', 'a')).not.toBe(digest);
});
