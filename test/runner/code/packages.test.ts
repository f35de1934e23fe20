import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageName, Packages, reachedPackages } from '../../../src/runner/code/packages.ts';
import type { PackagesReached } from '../../../src/runner/code/packages.ts';
import { digestBytes } from '../../../src/store/digest.ts';
import { nodeFileSystem } from '../../../src/store/file-system.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

const reach = (root: string, name: string, more = {}): PackagesReached =>
  reachedPackages(new Packages(nodeFileSystem, root), [{ name, importer: 'stages/a.ts', isDynamic: false, ...more }]);

const lock = JSON.stringify({
  lockfileVersion: 3,
  packages: {
    '': { name: 'project' },
    'node_modules/a': {
      version: '1.0.0',
      integrity: 'sha512-a',
      dependencies: { b: '^1' },
      optionalDependencies: { native: '1' },
    },
    'node_modules/b': { version: '1.5.0', integrity: 'sha512-b1', dependencies: { a: '*' } },
    'node_modules/a/node_modules/b': {
      version: '1.9.0',
      integrity: 'sha512-b2',
      peerDependencies: { peer: '*', missing: '*' },
    },
    'node_modules/native': { version: '1.0.0', integrity: 'sha512-n', optional: true },
    'node_modules/peer': { version: '3.0.0', integrity: 'sha512-p' },
    'node_modules/unrelated': { version: '9.0.0', integrity: 'sha512-u' },
    'node_modules/fromgit': { version: '1.0.0', resolved: 'git+ssh://git@host/x.git#abc' },
  },
});

describe('packageName', () => {
  it.each([
    ['a', 'a'],
    ['a/b/c.js', 'a'],
    ['@s/a/b', '@s/a'],
  ])('of %s is %s', (specifier, name) => expect(packageName(specifier)).toBe(name));
});

describe('reachedPackages', () => {
  it('reads the lock file: transitive, nested before hoisted, optional whether installed or not, peers when present', () => {
    using directory = temporaryDirectory({ 'package-lock.json': lock });
    const { packages, warnings } = reach(directory.path, 'a');
    expect(packages).toEqual({
      'a@1.0.0': 'sha512-a',
      'b@1.9.0': 'sha512-b2',
      'native@1.0.0': 'sha512-n',
      'peer@3.0.0': 'sha512-p',
    });
    expect(warnings).toEqual([]);
    expect(reach(directory.path, 'fromgit').packages).toEqual({ 'fromgit@1.0.0': 'git+ssh://git@host/x.git#abc' });
  });

  it('believes what is installed when the lock file says otherwise, and warns', () => {
    const installed = '{"version": "2.0.0"}';
    using directory = temporaryDirectory({ 'package-lock.json': lock, 'node_modules/peer/package.json': installed });
    const { packages, warnings } = reach(directory.path, 'peer');
    expect(packages).toEqual({ 'peer@2.0.0': digestBytes(installed) });
    expect(warnings).toEqual([
      'Package "peer" is installed in version 2.0.0, package-lock.json says 3.0.0: run npm ci',
    ]);
  });

  it('reads installed packages without a lock file, also where they are links into a store', () => {
    using directory = temporaryDirectory({
      'node_modules/.store/a@1/node_modules/a/package.json':
        '{"version": "1.0.0", "dependencies": {"b": "*", "gone": "*"}}',
      'node_modules/.store/a@1/node_modules/b/package.json': '{"version": "2.0.0"}',
    });
    symlinkSync('.store/a@1/node_modules/a', join(directory.path, 'node_modules/a'));
    const { packages, warnings } = reach(directory.path, 'a');
    expect(Object.keys(packages)).toEqual(['a@1.0.0', 'b@2.0.0']);
    expect(warnings).toEqual(['Package "gone", needed by "a", is not installed']);
  });

  it('refuses a package that is nowhere, unless it is imported by import()', () => {
    using directory = temporaryDirectory({ 'package-lock.json': lock });
    expect(() => reach(directory.path, 'nowhere')).toThrow(/Cannot find package "nowhere", imported by "stages\/a.ts"/);
    const { packages, read } = reach(directory.path, 'nowhere', { isDynamic: true });
    expect(packages).toEqual({});
    expect(read).toContain(join(directory.path, 'node_modules/nowhere/package.json'));
  });
});
