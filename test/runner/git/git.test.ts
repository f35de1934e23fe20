import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listRevision, readGit, resolveRevision, showRevision } from '../../../src/runner/git/git.ts';
import { commitAll, gitIn } from '../../rig/git.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';

afterEach(() => void vi.unstubAllEnvs());

/** The digest of each of the states that steps lead to; each must be readable, at the same commit. */
async function dirtAfter(root: string, ...steps: (() => void)[]): Promise<(string | null)[]> {
  const first = await readGit(root);
  const digests: (string | null)[] = [];
  for (const step of steps) {
    step();
    const { git, gaps } = await readGit(root);
    expect(gaps).toEqual([]);
    expect(git?.commit).toBe(first.git?.commit);
    digests.push(git!.dirty);
  }
  return digests;
}

it('names the commit, and tells apart a clean tree from changed, staged and untracked files', async () => {
  using directory = temporaryDirectory({ a: '1', '.gitignore': 'ignored\n' });
  const root = directory.path;
  const git = gitIn(root);
  expect(await readGit(root)).toEqual({
    git: null,
    gaps: ['Not in a git repository: no commit names this code'],
    unread: false,
  });
  git('init', '-q');
  expect(await readGit(root)).toEqual({
    git: null,
    gaps: ['The git repository has no commit yet: no commit names this code'],
    unread: false,
  });
  const commit = commitAll(root);
  writeFileSync(join(root, 'ignored'), 'x');
  expect(await readGit(root)).toEqual({ git: { commit, dirty: null }, gaps: [], unread: false });

  const digests = await dirtAfter(
    root,
    () => writeFileSync(join(root, 'a'), '2'),
    () => writeFileSync(join(root, 'a'), '3'),
    () => void git('add', 'a'),
    () => {
      mkdirSync(join(root, 'sub'));
      writeFileSync(join(root, 'sub/new name'), 'x');
    },
    () => writeFileSync(join(root, 'sub/new name'), 'y'),
    () => chmodSync(join(root, 'sub/new name'), 0o755),
    () => rmSync(join(root, 'a')),
    () => void git('rm', '-q', '--cached', 'a'),
  );
  expect(digests[1]).toBe(digests[2]); // Staging changes nothing.
  expect(digests[6]).toBe(digests[7]);
  expect(new Set(digests).size).toBe(6);
  expect((await readGit(join(root, 'sub'))).git).toEqual({ commit, dirty: digests[7] });
});

describe('tells apart what lies untracked', () => {
  it('links, wherever they lead', async () => {
    using directory = temporaryDirectory({ a: '1', 'elsewhere/b': '2' });
    const root = directory.path;
    commitAll(root);
    const relink = (to: string) => () => {
      rmSync(join(root, '.#a'), { force: true });
      symlinkSync(to, join(root, '.#a'));
    };
    const digests = await dirtAfter(root, ...['nobody@host.1:2', 'nobody@host.1:3', 'elsewhere', '/tmp'].map(relink));
    expect(digests).not.toContain(null);
    expect(new Set(digests).size).toBe(4);
  });

  it('names of any bytes, by their contents', async () => {
    using directory = temporaryDirectory({ a: '1' });
    const root = directory.path;
    commitAll(root);
    const names = ['line\nbreak', '"quoted"', ' ', '# branch.oid 00', 'é', Buffer.from([0x66, 0xff])];
    const paths = names.map((name) => Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]));
    const steps = paths.flatMap((path) => ['1', '2'].map((text) => () => writeFileSync(path, text)));
    expect(new Set(await dirtAfter(root, ...steps)).size).toBe(steps.length);
  });

  it('clones: none, one without a commit, its commit, and what differs in it', async () => {
    using directory = temporaryDirectory({ a: '1' });
    const root = directory.path;
    commitAll(root);
    const nested = join(root, 'nested');
    const digests = await dirtAfter(
      root,
      () => void gitIn(root)('init', '-q', 'nested'),
      () => void commitAll(nested),
      () => writeFileSync(join(nested, 'b'), '1'),
      () => writeFileSync(join(nested, 'b'), '2'),
      () => symlinkSync('nowhere', join(nested, 'c')),
    );
    expect(digests).not.toContain(null);
    expect(new Set(digests).size).toBe(5);
  });
});

it('tells apart what differs inside a submodule, and in a submodule of it', async () => {
  using directory = temporaryDirectory({ 'top/a': '1', 'middle/b': '1', 'low/c': '1' });
  const at = (path: string): string => join(directory.path, path);
  for (const repository of ['low', 'middle', 'top']) commitAll(at(repository));
  gitIn(at('middle'))('submodule', '--quiet', 'add', at('low'), 'sub');
  commitAll(at('middle'));
  gitIn(at('top'))('submodule', '--quiet', 'add', at('middle'), 'sub');
  gitIn(at('top'))('submodule', '--quiet', 'update', '--init', '--recursive');
  commitAll(at('top'));
  const digests = await dirtAfter(
    at('top'),
    () => {},
    () => writeFileSync(at('top/sub/b'), '2'),
    () => writeFileSync(at('top/sub/b'), '3'),
    () => writeFileSync(at('top/sub/new'), '3'),
    () => writeFileSync(at('top/sub/sub/c'), '2'),
    () => writeFileSync(at('top/sub/sub/c'), '3'),
    () => void commitAll(at('top/sub/sub')),
    () => void commitAll(at('top/sub')),
  );
  expect(digests[0]).toBeNull();
  expect(new Set(digests).size).toBe(8);
});

it('sees an edit of a file that git was told to take as unchanged', async () => {
  using directory = temporaryDirectory({ a: '1', b: '1' });
  const root = directory.path;
  commitAll(root);
  const digests = await dirtAfter(
    root,
    () => void gitIn(root)('update-index', '--assume-unchanged', 'a'),
    () => writeFileSync(join(root, 'a'), '2'),
    () => writeFileSync(join(root, 'a'), '3'),
  );
  expect(digests[0]).toBeNull();
  expect(new Set(digests).size).toBe(3);
});

describe('speaks of the repository that the project lies in', () => {
  it.each(['GIT_DIR', 'GIT_WORK_TREE', 'GIT_INDEX_FILE', 'GIT_OBJECT_DIRECTORY', 'GIT_COMMON_DIR', 'GIT_NAMESPACE'])(
    'whatever %s says',
    async (name) => {
      using directory = temporaryDirectory({ 'mine/a': '1', 'foreign/b': '2', 'none/c': '3' });
      const commit = commitAll(join(directory.path, 'mine'));
      commitAll(join(directory.path, 'foreign'));
      const inside = { GIT_WORK_TREE: '', GIT_INDEX_FILE: '.git/index', GIT_OBJECT_DIRECTORY: '.git/objects' }[name];
      vi.stubEnv(name, join(directory.path, 'foreign', inside ?? '.git'));
      const mine = join(directory.path, 'mine');
      expect(await readGit(mine)).toEqual({ git: { commit, dirty: null }, gaps: [], unread: false });
      expect(await resolveRevision(mine, 'HEAD')).toBe(commit);
      expect(await showRevision(mine, commit, 'a')).toEqual(Buffer.from('1'));
      expect((await readGit(join(directory.path, 'none'))).gaps[0]).toMatch(/^Not in a git repository/);
    },
  );

  it('whatever core.worktree says, and replaced commits', async () => {
    using directory = temporaryDirectory({ 'mine/a': '1', 'other/a': '2' });
    const mine = join(directory.path, 'mine');
    const git = gitIn(mine);
    const commit = commitAll(mine);
    writeFileSync(join(mine, 'a'), '2');
    const other = commitAll(mine);
    git('checkout', '-q', '--detach', commit);
    git('replace', commit, other);
    expect(await showRevision(mine, commit, 'a')).toEqual(Buffer.from('1'));
    git('config', 'core.worktree', join(directory.path, 'other'));
    expect(await readGit(mine)).toEqual({ git: { commit, dirty: null }, gaps: [], unread: false });
  });

  it('a linked checkout, from a directory of it, and below a directory .git that is no repository', async () => {
    using directory = temporaryDirectory({ 'mine/project/references/r.json': '{}' });
    const mine = join(directory.path, 'mine');
    const commit = commitAll(mine);
    gitIn(mine)('worktree', 'add', '-q', '--detach', '../linked');
    const project = join(directory.path, 'linked/project');
    mkdirSync(join(project, '.git'));
    expect((await readGit(project)).git).toEqual({ commit, dirty: null });
    expect(await listRevision(project, commit, 'references')).toEqual(['references/r.json']);
    expect(await showRevision(project, commit, 'references/r.json')).toEqual(Buffer.from('{}'));
    expect(await showRevision(project, commit, 'absent')).toBeNull();
  });

  // Only root can give files away.
  it.runIf(process.getuid?.() === 0)("another user's checkout, of which git itself would not speak", async () => {
    using directory = temporaryDirectory({ a: '1' });
    const commit = commitAll(directory.path);
    for (const name of ['', ...readdirSync(directory.path)]) chownSync(join(directory.path, name), 1234, 1234);
    expect(await readGit(directory.path)).toEqual({ git: { commit, dirty: null }, gaps: [], unread: false });
  });
});

describe('says why it does not know', () => {
  it('where the repository is damaged', async () => {
    using directory = temporaryDirectory({ a: '1' });
    const root = directory.path;
    commitAll(root);
    truncateSync(join(root, '.git/index'), 20);
    const { git, gaps, unread } = await readGit(root);
    expect({ git, unread }).toEqual({ git: null, unread: true });
    expect(gaps).toEqual([expect.stringMatching(/^The state of the git repository "\." could not be read: .*index/)]);
  });

  it('where its configuration is damaged', async () => {
    using directory = temporaryDirectory({ a: '1' });
    commitAll(directory.path);
    appendFileSync(join(directory.path, '.git/config'), '[core\n');
    expect((await readGit(directory.path)).gaps).toEqual([expect.stringContaining('bad config line')]);
  });

  it('where there is no git', async () => {
    using directory = temporaryDirectory({ a: '1' });
    commitAll(directory.path);
    vi.stubEnv('PATH', directory.path);
    expect((await readGit(directory.path)).gaps).toEqual([
      'The state of the git repository "." could not be read: git is not installed',
    ]);
  });

  it('where a repository inside is damaged, with the rest as it is', async () => {
    using directory = temporaryDirectory({ a: '1', 'nested/b': '1' });
    const nested = join(directory.path, 'nested');
    commitAll(nested);
    writeFileSync(join(directory.path, '.gitignore'), '');
    gitIn(directory.path)('init', '-q');
    gitIn(directory.path)('add', 'a', '.gitignore');
    gitIn(directory.path)('commit', '-q', '-m', 'x');
    truncateSync(join(nested, '.git/index'), 20);
    const { git, gaps, unread } = await readGit(directory.path);
    expect(git?.dirty).toMatch(/^sha256:/);
    expect(unread).toBe(true);
    expect(gaps).toEqual([expect.stringMatching(/^What differs from the commit at "nested\/" could not be read: /)]);
  });
});

it('what runs publish is no change, in a project at any depth; references are', async () => {
  using directory = temporaryDirectory({
    'project/pipeline.yaml': '',
    'project/artifacts/manifest.json': '1',
    'project/artifacts/reference/default.json': '1',
    'artifacts/notes': '1',
  });
  const git = gitIn(directory.path);
  git('init', '-q');
  commitAll(directory.path);
  const root = join(directory.path, 'project');
  const digests = await dirtAfter(
    root,
    () => writeFileSync(join(root, 'artifacts/manifest.json'), '2'),
    () => writeFileSync(join(root, 'artifacts/new'), ''),
    () => void git('rm', '-q', '--cached', 'project/artifacts/manifest.json'),
    () => writeFileSync(join(root, 'artifacts/reference/default.json'), '2'),
    () => writeFileSync(join(directory.path, 'artifacts/notes'), '2'),
  );
  expect(digests.slice(0, 3)).toEqual([null, null, null]);
  expect(new Set(digests.slice(2)).size).toBe(3);
});
