// `npm run release` as a process, in a small repository whose `check` is its own.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../rig/temporary.ts';

const script = fileURLToPath(new URL('../../.ci/release.ts', import.meta.url));
const loader = import.meta.resolve('tsx');

const files = {
  '.gitignore': '*.tgz\n',
  'package.json': JSON.stringify({
    name: 'repro',
    version: '1.0.0',
    scripts: { check: 'node check.mjs', pack: 'npm pack' },
  }),
  'package-lock.json': JSON.stringify({
    name: 'repro',
    version: '1.0.0',
    lockfileVersion: 3,
    packages: { '': { name: 'repro', version: '1.0.0' } },
  }),
  'check.mjs': '',
  'CHANGELOG.md': '# Changelog\n\n## 1.1.0, unreleased\n\n- A verb.\n\n## 1.0.0, 2026-01-01\n\n- The first.\n',
  'CITATION.cff': 'cff-version: 1.2.0\nversion: 1.0.0\nlicense: MIT\n',
};

function repository(changes: Readonly<Record<string, string>> = {}): TemporaryDirectory {
  const directory = temporaryDirectory({ ...files, ...changes });
  const settings = [
    'init -q',
    'config user.name You',
    'config user.email you@example.org',
    'config core.hooksPath none',
  ];
  for (const words of [...settings, 'add .', 'commit -q -m first', 'tag v1.0.0']) git(directory, ...words.split(' '));
  return directory;
}

function git({ path }: TemporaryDirectory, ...words: string[]): string {
  return execFileSync('git', words, { cwd: path, encoding: 'utf8' }).trim();
}

function release({ path }: TemporaryDirectory, ...words: string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', loader, script, ...words], {
    cwd: path,
    encoding: 'utf8',
  });
  return { stdout, stderr, status };
}

const today = /^\d{4}-\d\d-\d\d$/;

describe('npm run release', () => {
  it('dates the changelog and the citation, packs, commits and tags', () => {
    using directory = repository();
    const { stdout, status } = release(directory, '1.1.0');
    expect([status, stdout]).toEqual([0, expect.stringContaining('npm publish repro-1.1.0.tgz')]);
    const read = (file: string) => readFileSync(join(directory.path, file), 'utf8');
    const date = /^## 1\.1\.0, (.*)$/m.exec(read('CHANGELOG.md'))?.[1];
    expect(date).toMatch(today);
    expect(read('CITATION.cff')).toBe(`cff-version: 1.2.0\nversion: 1.1.0\ndate-released: '${date!}'\nlicense: MIT\n`);
    expect([JSON.parse(read('package.json')), JSON.parse(read('package-lock.json'))]).toEqual([
      expect.objectContaining({ version: '1.1.0' }),
      expect.objectContaining({ version: '1.1.0' }),
    ]);
    expect(git(directory, 'log', '-1', '--format=%s %D')).toMatch(/^Release 1\.1\.0 .*tag: v1\.1\.0/);
    expect(git(directory, 'status', '--porcelain')).toBe('');
    const packed = execFileSync('tar', ['-xzOf', join(directory.path, 'repro-1.1.0.tgz'), 'package/package.json']);
    expect(JSON.parse(packed.toString())).toMatchObject({ version: '1.1.0' });
  });

  it('changes nothing in a dry run, and says what it would do', () => {
    using directory = repository();
    const { stdout, status } = release(directory, '1.1.0', '--dry-run');
    expect([status, stdout]).toEqual([0, expect.stringContaining('tagged v1.1.0')]);
    expectUntouched(directory);
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['a version whose tag is there', '1.0.0', {}, 'The tag v1.0.0 is there'],
    ['what is no version', '1.1', {}, '"1.1" is no version'],
    ['a version that the changelog does not have', '1.2.0', {}, 'no section "## 1.2.0, unreleased"'],
    ['a section that is dated', '1.1.0', { 'CHANGELOG.md': '## 1.1.0, 2026-02-02\n\n- x\n' }, 'not unreleased'],
    ['a section without a word', '1.1.0', { 'CHANGELOG.md': '## 1.1.0, unreleased\n\n## 1.0.0\n- x' }, 'says nothing'],
    ['a failing check', '1.1.0', { 'check.mjs': 'process.exit(1)' }, '"npm run check" failed'],
    ['a package that cannot be packed', '1.1.0', { '.npmrc': 'pack-destination=absent/x\n' }, '"npm run pack" failed'],
  ])('refuses %s, and changes nothing', (_, version, changes, message) => {
    using directory = repository(changes);
    const { stderr, status } = release(directory, version);
    expect([status, stderr]).toEqual([1, expect.stringContaining(message)]);
    expectUntouched(directory);
  });

  it('refuses a tree that is not clean', () => {
    using directory = repository();
    writeFileSync(join(directory.path, 'draft.txt'), '');
    const { stderr, status } = release(directory, '1.1.0');
    expect([status, stderr]).toEqual([1, expect.stringMatching(/not clean[^]*draft\.txt/)]);
    expect(git(directory, 'tag')).toBe('v1.0.0');
  });
});

function expectUntouched(directory: TemporaryDirectory): void {
  expect([git(directory, 'status', '--porcelain'), git(directory, 'tag')]).toEqual(['', 'v1.0.0']);
  expect(git(directory, 'log', '--format=%s')).toBe('first');
  expect(existsSync(join(directory.path, 'repro-1.1.0.tgz'))).toBe(false);
}
