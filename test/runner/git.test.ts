import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readGit } from '../../src/runner/git.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

it('names the commit, and tells apart a clean tree from changed, staged and untracked files', async () => {
  using directory = temporaryDirectory({ a: '1', '.gitignore': 'ignored\n' });
  const root = directory.path;
  const git = (...words: string[]): string =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...words], {
      cwd: root,
      encoding: 'utf8',
    });
  expect(await readGit(root)).toBeNull();
  git('init', '-q');
  expect(await readGit(root)).toBeNull();
  git('add', '.');
  git('commit', '-q', '-m', 'x');
  const commit = git('rev-parse', 'HEAD').trim();
  writeFileSync(join(root, 'ignored'), 'x');
  expect(await readGit(root)).toEqual({ commit, dirty: null });

  const digests: (string | null | undefined)[] = [];
  const note = async (): Promise<void> => void digests.push((await readGit(root))?.dirty);
  writeFileSync(join(root, 'a'), '2');
  await note();
  writeFileSync(join(root, 'a'), '3');
  await note();
  git('add', 'a');
  await note();
  mkdirSync(join(root, 'sub'));
  writeFileSync(join(root, 'sub/new name'), 'x');
  await note();
  writeFileSync(join(root, 'sub/new name'), 'y');
  await note();
  expect(digests[1]).toBe(digests[2]); // Staging changes nothing.
  expect(new Set(digests).size).toBe(4);
  expect(await readGit(join(root, 'sub'))).toEqual({ commit, dirty: digests[4] });
});
