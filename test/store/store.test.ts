import { execFileSync } from 'node:child_process';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openStore, type Store } from '../../src/store/store.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

/** What `git add -A` would take of a project in which a verb that takes no lock has done something. */
async function seenByGit(look: (store: Store) => unknown): Promise<string> {
  using directory = temporaryDirectory();
  const git = (...words: string[]): string => execFileSync('git', words, { cwd: directory.path, encoding: 'utf8' });
  git('init', '-q');
  writeFileSync(join(directory.path, 'data.csv'), '1\n');
  await look(openStore(directory.path));
  const store = join(directory.path, '.repro');
  if (existsSync(store)) expect(statSync(store).mode & 0o007).toBe(0);
  return git('status', '--porcelain', '-uall');
}

it('is out of git from the first file in it on: of a run that never was, too', async () => {
  const only = '?? data.csv\n';
  expect(await seenByGit(() => undefined)).toBe(only);
  expect(await seenByGit((store) => store.environmentKey)).toBe(only);
  expect(
    await seenByGit(async (store) => {
      await store.statCache.digest(join(store.root, 'data.csv'));
      store.save();
    }),
  ).toBe(only);
});
