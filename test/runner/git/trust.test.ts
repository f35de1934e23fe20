// A checkout from a stranger: its configuration names programs, and none of them may be started by asking git.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { listRevision, readGit, resolveRevision, showRevision } from '../../../src/runner/git/git.ts';
import { commitAll, gitIn } from '../../rig/git.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../../rig/temporary.ts';

interface Trap {
  readonly what: string;
  readonly set: (trap: Site) => void;
  /** A command of git itself that walks into it; none where git of some version does not. */
  readonly sprung?: readonly string[];
}

interface Site {
  readonly root: string;
  /** A program that leaves a mark, and fails. */
  readonly program: string;
  readonly git: (...words: string[]) => string;
}

let directory: TemporaryDirectory;
let site: Site;
const mark = (): string => join(directory.path, 'mark');

beforeEach(() => {
  directory = temporaryDirectory({ 'project/a.txt': 'one\n', 'project/folder/b.txt': 'two\n', gitconfig: '' });
  const program = join(directory.path, 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch "${mark()}"\nexit 1\n`);
  chmodSync(program, 0o755);
  const root = join(directory.path, 'project');
  // Nothing of the developer's own.
  vi.stubEnv('GIT_CONFIG_GLOBAL', join(directory.path, 'gitconfig'));
  vi.stubEnv('GIT_CONFIG_NOSYSTEM', '1');
  site = { root, program, git: gitIn(root) };
});

afterEach(() => {
  vi.unstubAllEnvs();
  directory[Symbol.dispose]();
});

const traps: readonly Trap[] = [
  {
    what: 'core.fsmonitor',
    set: ({ git, program }) => git('config', 'core.fsmonitor', program),
    sprung: ['status'],
  },
  {
    what: 'an included file',
    set: ({ git, root, program }) => {
      writeFileSync(join(root, '.git/more'), `[core]\n\tfsmonitor = ${program}\n`);
      git('config', 'include.path', 'more');
    },
    sprung: ['status'],
  },
  {
    what: "a linked checkout's own configuration",
    set: ({ git, program }) => {
      git('config', 'extensions.worktreeConfig', 'true');
      git('config', '--worktree', 'core.fsmonitor', program);
    },
    sprung: ['status'],
  },
  {
    what: 'a clean filter',
    set: ({ git, program }) => {
      git('config', 'filter.x.clean', program);
      git('config', 'filter.x.required', 'true');
    },
    sprung: ['status'],
  },
  {
    what: 'a filter process',
    set: ({ git, program }) => git('config', 'filter.x.process', program),
    sprung: ['status'],
  },
  {
    what: "a filter of the name that the user's own has",
    set: ({ git, program }) => {
      writeFileSync(join(directory.path, 'gitconfig'), '[filter "x"]\n\tclean = cat\n');
      git('config', 'filter.x.clean', program);
    },
    sprung: ['status'],
  },
  {
    what: 'a filter whose name cannot be written on a command line',
    set: ({ git, root, program }) => {
      writeFileSync(join(root, '.git/info/attributes'), '* filter=x=y\n');
      git('config', 'filter.x=y.clean', program);
    },
    sprung: ['status'],
  },
  {
    what: 'a hook',
    set: ({ root, program }) => hook(join(root, '.git/hooks'), program),
    sprung: ['update-index', '--refresh'],
  },
  {
    what: 'core.hooksPath',
    set: ({ git, root, program }) => {
      hook(join(root, '.git/own'), program);
      git('config', 'core.hooksPath', '.git/own');
    },
    sprung: ['update-index', '--refresh'],
  },
  {
    what: 'textconv',
    set: ({ git, program }) => git('config', 'diff.x.textconv', program),
    sprung: ['diff', 'HEAD'],
  },
  {
    what: "a diff driver's command",
    set: ({ git, program }) => git('config', 'diff.x.command', program),
    sprung: ['diff', 'HEAD'],
  },
  {
    what: 'diff.external',
    set: ({ git, program }) => git('config', 'diff.external', program),
    sprung: ['diff', 'HEAD'],
  },
  {
    what: 'a pager, an alias, signatures',
    set: ({ git, program }) => {
      git('config', 'core.pager', program);
      for (const verb of ['status', 'cat-file', 'ls-files', 'ls-tree', 'rev-parse', 'config']) {
        git('config', `pager.${verb}`, program);
        git('config', `alias.${verb}`, `!${program}`);
      }
      git('config', 'log.showSignature', 'true');
      git('config', 'gpg.program', program);
      git('config', 'core.editor', program);
      git('config', 'core.askPass', program);
    },
  },
  {
    what: 'a promisor behind ext::',
    set: ({ git, program, root }) => {
      promisor(git, root, `ext::${program}`);
      git('config', 'protocol.ext.allow', 'always');
    },
    sprung: ['show', 'HEAD:a.txt'],
  },
  {
    what: 'a promisor behind core.sshCommand',
    set: ({ git, program, root }) => {
      promisor(git, root, 'ssh://nobody@localhost/x');
      git('config', 'core.sshCommand', program);
    },
    sprung: ['show', 'HEAD:a.txt'],
  },
  {
    what: 'a promisor with an uploadpack of its own',
    set: ({ git, program, root }) => {
      promisor(git, root, root);
      git('config', 'remote.far.uploadpack', program);
    },
    sprung: ['show', 'HEAD:a.txt'],
  },
  {
    what: 'a promisor behind core.gitProxy',
    set: ({ git, program, root }) => {
      promisor(git, root, 'git://localhost/x');
      git('config', 'core.gitProxy', program);
    },
    sprung: ['show', 'HEAD:a.txt'],
  },
  {
    what: "a submodule's configuration",
    set: ({ git, root, program }) => {
      commitAll(join(directory.path, 'part'));
      git('submodule', '--quiet', 'add', join(directory.path, 'part'), 'part');
      commitAll(root);
      gitIn(join(root, 'part'))('config', 'core.fsmonitor', program);
      hook(join(root, '.git/modules/part/hooks'), program);
    },
    sprung: ['status'],
  },
  {
    what: "an untracked clone's configuration",
    set: ({ root, program }) => {
      const nested = join(root, 'nested');
      commitAll(nested);
      gitIn(nested)('config', 'core.fsmonitor', program);
      hook(join(nested, '.git/hooks'), program);
    },
  },
];

function hook(folder: string, program: string): void {
  mkdirSync(folder, { recursive: true });
  for (const name of ['post-index-change', 'fsmonitor-watchman', 'reference-transaction', 'post-checkout']) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${program} < /dev/null\n`);
    chmodSync(join(folder, name), 0o755);
  }
}

/** A remote that is to have what is not here: every blob is removed. */
function promisor(git: Site['git'], root: string, url: string): void {
  git('config', 'core.repositoryFormatVersion', '1');
  git('config', 'extensions.partialClone', 'far');
  git('config', 'remote.far.url', url);
  git('config', 'remote.far.promisor', 'true');
  const blob = git('rev-parse', 'HEAD:a.txt').trim();
  rmSync(join(root, '.git/objects', blob.slice(0, 2), blob.slice(2)));
}

describe('asking git starts nothing that the checkout names', () => {
  it.each(traps)('$what', async ({ set, sprung }) => {
    const { root, git } = site;
    writeFileSync(join(root, '.gitattributes'), '* filter=x diff=x\n');
    const commit = commitAll(root);
    set(site);
    // Git has to look into them.
    writeFileSync(join(root, 'folder/b.txt'), 'six\n');
    for (const name of ['a.txt', 'folder/b.txt']) utimesSync(join(root, name), 1e9, 1e9);
    rmSync(mark(), { force: true });

    await readGit(root);
    await readGit(join(root, 'folder'));
    for (const revision of ['HEAD', 'HEAD:a.txt', `${commit}~0`, 'none']) await resolveRevision(root, revision);
    await showRevision(root, commit, 'a.txt');
    await listRevision(root, commit, 'folder');
    expect(existsSync(mark())).toBe(false);

    if (sprung === undefined) return;
    try {
      git(...sprung);
    } catch {
      // What the program answers may be no answer.
    }
    expect(existsSync(mark()), 'the trap is one').toBe(true);
  });

  it('through the command line', async () => {
    const { root, program, git } = site;
    writeFileSync(join(root, 'pipeline.yaml'), 'name: g\nstages:\n  s: { run: [sh, s.sh], code: [s.sh] }\n');
    writeFileSync(join(root, 's.sh'), ':\n');
    writeFileSync(join(root, '.gitattributes'), '* filter=x diff=x\n');
    commitAll(root);
    git('config', 'core.fsmonitor', program);
    git('config', 'filter.x.clean', program);
    git('config', 'diff.external', program);
    hook(join(root, '.git/hooks'), program);
    rmSync(mark(), { force: true });
    const repro = join(import.meta.dirname, '../../../bin/repro.js');
    for (const words of [['run'], ['run'], ['status'], ['diff', 'HEAD', 'HEAD'], ['why', 's']]) {
      try {
        execFileSync(process.execPath, [repro, ...words], { cwd: root, stdio: 'ignore' });
      } catch {
        // A revision without a manifest ends with 2.
      }
    }
    expect(readdirSync(join(root, '.repro/manifests'))).not.toHaveLength(0);
    expect(existsSync(mark())).toBe(false);
  });
});

describe('filters', () => {
  it("the user's own run, so that what they store is not taken for a change", async () => {
    const { root, git } = site;
    // Stored in capitals, as git-lfs stores a pointer.
    writeFileSync(join(directory.path, 'gitconfig'), '[filter "x"]\n\tclean = tr a-z A-Z\n\trequired = true\n');
    writeFileSync(join(root, '.gitattributes'), '*.txt filter=x\n');
    const commit = commitAll(root);
    expect(git('show', 'HEAD:a.txt')).toBe('ONE\n');
    utimesSync(join(root, 'a.txt'), 1e9, 1e9);
    expect(await readGit(root)).toEqual({ git: { commit, dirty: null }, gaps: [], unread: false });
  });

  it("the checkout's do not, and the gap says so", async () => {
    const { root, git } = site;
    writeFileSync(join(root, '.gitattributes'), '*.txt filter=x\n');
    commitAll(root);
    git('config', 'filter.x.clean', 'tr a-z A-Z');
    writeFileSync(join(root, 'a.txt'), 'ten\n');
    const state = await readGit(root);
    expect(state.git?.dirty).toMatch(/^sha256:/);
    expect(state.gaps).toEqual([
      "Filters that the checkout's own configuration names were not run (x): files under them may count as changed",
    ]);
  });

  it("git-lfs of the user is off where the checkout's configuration gives it programs", async () => {
    const { root, program, git } = site;
    writeFileSync(program, `#!/bin/sh\ntouch "${mark()}"\ncat\n`);
    writeFileSync(join(directory.path, 'gitconfig'), `[filter "lfs"]\n\tclean = ${program}\n\trequired = true\n`);
    writeFileSync(join(root, '.gitattributes'), '*.txt filter=lfs\n');
    commitAll(root);
    git('config', 'lfs.extension.x.clean', program);
    utimesSync(join(root, 'a.txt'), 1e9, 1e9);
    rmSync(mark());
    expect((await readGit(root)).git).not.toBeNull();
    expect(existsSync(mark())).toBe(false);
  });
});
