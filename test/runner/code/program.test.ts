// Which program a command really runs with, behind shims, wrappers and first lines.
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findRuntime } from '../../../src/runner/code/program.ts';
import { afterEnv, execTarget, shebangWords } from '../../../src/runner/code/script.ts';
import { openStore } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';
import { temporaryDirectory } from '../../rig/temporary.ts';
import { buildManifest } from '../../../src/manifest/manifest.ts';

const { PATH = '' } = process.env;
afterEach(() => void (process.env['PATH'] = PATH));

const pipeline = (run: string, more = ''): string =>
  `name: test\nstages: { s: { run: ${run}, code: [s.txt]${more}, outputs: { out: out.txt } } }\n`;

async function digest(path: string): Promise<string> {
  using directory = temporaryDirectory();
  return openStore(directory.path).statCache.digest(path);
}

/** Two programs that do the same and are not the same file. */
const programs = ['/bin/sh', '/bin/bash'] as const;

function install(from: string, ...to: string[]): void {
  mkdirSync(dirname(join(...to)), { recursive: true });
  copyFileSync(from, join(...to));
}

function script(rig: Rig, path: string, text: string): void {
  rig.write(path, text);
  chmodSync(join(rig.root, path), 0o755);
}

interface Tool {
  /** Where its shims lie. */
  readonly shims: string;
  /** Chooses a version. */
  readonly choose: (version: string) => void;
}

/** A shim `tool` that chooses between versions `1.0` and `2.0`, by files as the manager lays them out. */
const managers: readonly (readonly [string, (rig: Rig) => Tool])[] = [
  [
    'pyenv',
    (rig) => {
      const root = join(rig.root, 'home/.pyenv');
      install(programs[0], root, 'versions/1.0.5/bin/tool');
      install(programs[1], root, 'versions/2.0.0/bin/tool');
      const read = `$(cat "${rig.root}/.python-version" 2>/dev/null || cat "${root}/version")`;
      script(rig, 'home/.pyenv/libexec/pyenv', `#!/bin/sh\nshift 2\nexec ${root}/versions/${read}*/bin/tool "$@"\n`);
      script(
        rig,
        'home/.pyenv/shims/tool',
        `#!/usr/bin/env bash\nset -e\nprogram="\${0##*/}"\nexport PYENV_ROOT="${root}"\nexec "${root}/libexec/pyenv" exec "$program" "$@"\n`,
      );
      rig.write('home/.pyenv/version', '1.0\n');
      return { shims: 'home/.pyenv/shims', choose: (version) => rig.write('.python-version', `${version}\n`) };
    },
  ],
  [
    'asdf',
    (rig) => {
      const root = join(rig.root, 'home/.asdf');
      install(programs[0], root, 'installs/lang/1.0/bin/tool');
      install(programs[1], root, 'installs/lang/2.0/bin/tool');
      script(
        rig,
        'home/.asdf/bin/asdf',
        `#!/bin/sh\nshift 2\nversion=$(sed -n 's/lang //p' ${rig.root}/.tool-versions)\nexec ${root}/installs/lang/$version/bin/tool "$@"\n`,
      );
      script(
        rig,
        'home/.asdf/shims/tool',
        `#!/usr/bin/env bash\n# asdf-plugin: lang 1.0\n# asdf-plugin: lang 2.0\nexec ${root}/bin/asdf exec "tool" "$@"\n`,
      );
      rig.write('.tool-versions', 'other 3\nlang 1.0\n');
      return { shims: 'home/.asdf/shims', choose: (version) => rig.write('.tool-versions', `lang ${version}\n`) };
    },
  ],
  [
    'a wrapper',
    (rig) => {
      install(programs[0], rig.root, 'opt/1.0/tool');
      install(programs[1], rig.root, 'opt/2.0/tool');
      const choose = (version: string): void =>
        script(
          rig,
          'wrappers/tool',
          `#!/bin/sh\n# The tool.\nexport A=1\nexec "${rig.root}/opt/${version}/tool" "$@"\n`,
        );
      choose('1.0');
      return { shims: 'wrappers', choose };
    },
  ],
];

describe.each(managers)('behind %s', (_, lay) => {
  let rig: Rig;
  let tool: Tool;
  beforeEach(async () => {
    rig = await Rig.create({ 'pipeline.yaml': pipeline(`[tool, -c, 'echo > out.txt']`), 's.txt': '' });
    tool = lay(rig);
    process.env['PATH'] = `${join(rig.root, tool.shims)}:${PATH}`;
  });
  afterEach(() => rig[Symbol.asyncDispose]());
  const repro = (...words: string[]) => rig.startWith({ environment: { PATH: process.env['PATH']! } }, ...words).result;

  it('the program that runs is recorded, and another choice is noticed and said', async () => {
    expect((await repro('run')).code).toBe(0);
    expect((await repro('run')).stdout).toContain('nothing has changed since');
    const { cells } = await rig.run();
    expect(cells[0]!.status).toBe('restored');
    expect(cells[0]!.record!.preimage.runtime['tool']).toBe(await digest(programs[0]));
    expect(cells[0]!.gaps).toEqual([]);
    tool.choose('2.0');
    expect((await repro('why', 's')).stdout).toMatch(/runtime tool: sha256:.*-> sha256:/);
    expect((await repro('run')).stdout).toMatch(/started \(runtime tool/);
    expect((await rig.run()).cells[0]!.record!.preimage.runtime['tool']).toBe(await digest(programs[1]));
    expect((await repro('diff')).stdout).toMatch(/s: changed.*\n.*because runtime tool sha256:.* → sha256:.* \(s\)/);
  });
});

describe('first lines', () => {
  it('a script of the project runs with the interpreter that it names', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline('[./run.tool]', ''), 's.txt': '' });
    rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('[s.txt]', '[run.tool]'));
    script(rig, 'run.tool', '#!/usr/bin/env -S tool -e\necho > out.txt\n');
    install(programs[0], rig.root, 'opt/tool');
    process.env['PATH'] = `${join(rig.root, 'opt')}:${PATH}`;
    const first = await rig.run();
    expect(first.cells[0]!.record!.preimage.runtime).toEqual({ tool: await digest(programs[0]) });
    rmSync(join(rig.root, 'opt/tool'));
    install(programs[1], rig.root, 'opt/tool');
    expect((await rig.run()).cells[0]!.reasons.join()).toMatch(/^runtime tool: /);
  });

  it.each<[string, string[] | null]>([
    ['#!/bin/sh\n', ['/bin/sh']],
    ['#! /usr/bin/env python3\r\nimport x', ['/usr/bin/env', 'python3']],
    ['#!/usr/bin/awk -f -x\n', ['/usr/bin/awk', '-f -x']],
    ['\x7fELF', null],
    ['#!\n', null],
  ])('%j', (head, words) => expect(shebangWords(head)).toEqual(words));

  it.each<[string[], string[] | null]>([
    [
      ['python3', 's.py'],
      ['python3', 's.py'],
    ],
    [
      ['-i', 'A=1', '-u', 'B', 'x', '-i'],
      ['x', '-i'],
    ],
    [
      ['-S python3 -u', 's.py'],
      ['python3', '-u', 's.py'],
    ],
    [
      ['-S', 'A=1 python3', 's.py'],
      ['python3', 's.py'],
    ],
    [['--', 'x'], ['x']],
    [['A=1'], null],
    [['PATH=/x', 'python3'], null],
    [['-S', 'python3 ${X}'], null],
  ])('env %j', (words, command) => expect(afterEnv(words)).toEqual(command));

  it.each<[string, ReturnType<typeof execTarget>]>([
    ['#!/bin/sh\nexec /a/python3 "$@"', { words: ['/a/python3'], isAll: true }],
    ['#!/bin/sh\nexport A="b c"\nexec "/a b/python3" -u "$@"\n', { words: ['/a b/python3', '-u'], isAll: true }],
    ['#!/bin/sh\nmodule load x\nexec python3 "$@"', { words: ['python3'], isAll: false }],
    ['#!/bin/sh\nA=$(date)\nexec python3 "$@"', { words: ['python3'], isAll: false }],
    ['#!/bin/sh\nexec "$PYTHON" "$@"', null],
    ['#!/bin/sh\n/a/python3 "$@"', null],
  ])('%j', (text, target) => expect(execTarget(text)).toEqual(target));
});

describe('what cannot be known', () => {
  const gapsOf = async (rig: Rig): Promise<string[]> => {
    const result = await rig.run();
    expect(result.outcome).toBe('complete');
    const facts = { pipelineDigest: '', git: null, gitGaps: [], references: {} } as unknown as Parameters<
      typeof buildManifest
    >[2];
    return buildManifest(rig.plan(), result, facts).gaps.flatMap(({ stage, message }) =>
      stage === 's' ? [message] : [],
    );
  };

  it.each<[string, (rig: Rig) => void, RegExp]>([
    [
      'a wrapper that computes what it starts',
      (rig) => script(rig, 'bin/tool', `#!/bin/sh\nexec "$(command -v sh)" "$@"\n`),
      /^"tool" is a script of the shell, .*\/bin\/tool: what it starts is not known for certain$/,
    ],
    [
      'a shim whose manager does not say',
      (rig) => {
        install(programs[0], rig.root, 'bin/volta-shim');
        symlinkSync('volta-shim', join(rig.root, 'bin/tool'));
      },
      /^"tool" is a shim of volta, .*: which program it starts is not known$/,
    ],
  ])('%s is a gap', async (_, lay, gap) => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline(`[tool, -c, 'echo > out.txt']`), 's.txt': '' });
    lay(rig);
    process.env['PATH'] = `${join(rig.root, 'bin')}:${PATH}`;
    expect(await gapsOf(rig)).toContainEqual(expect.stringMatching(gap));
  });

  it('what a launcher starts is a gap', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': pipeline(`[nice, -n, '1', sh, -c, 'echo > out.txt']`),
      's.txt': '',
    });
    expect(await gapsOf(rig)).toContainEqual(
      expect.stringMatching(/^Which program "nice -n 1 sh .*" starts is not known$/),
    );
  });

  it('Python, through a wrapper that is not understood, says itself which file it is', async () => {
    const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
    if (python.status !== 0) return;
    await using rig = await Rig.create({ 's.txt': '' });
    await using elsewhere = await Rig.create({});
    script(elsewhere, 'python3', `#!/bin/sh\nchosen=${python.stdout.trim()}\nexec "$chosen" "$@"\n`);
    const found = await findRuntime(
      { kind: 'command', words: ['python3'], code: [], packages: null },
      {},
      openStore(rig.root),
      {
        PATH: `${elsewhere.root}:${PATH}`,
        HOME: homedir(),
      },
    );
    expect(found.runtime['python3']).toBe(await digest(python.stdout.trim()));
    // Nothing that is seen decides: the next run asks again.
    expect(found.asked).toBe(true);
    expect(found.gaps).toHaveLength(1);
  });

  it('packages of a Python that says nothing are a gap of each stage, and one warning of a run', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: test
stages:
  s: { run: [python3, -c, ''], code: [s.txt] }
  t: { run: [python3, -c, ' '], code: [s.txt] }
  u: { run: [sh, -c, ''], code: [s.txt] }
`,
      's.txt': '',
    });
    install('/bin/true', rig.root, 'bin/python3');
    process.env['PATH'] = `${join(rig.root, 'bin')}:${PATH}`;
    const { events, cells } = await rig.run();
    const warnings = events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));
    expect(warnings).toEqual([
      'Packages that Python loads are not recorded: after an upgrade of one, earlier results stay',
    ]);
    expect(cells.map(({ gaps }) => gaps)).toEqual([warnings, warnings, []]);
  });
});

const pyenv = join(homedir(), '.pyenv');
const hasPyenv = existsSync(join(pyenv, 'shims/python3')) && existsSync(join(pyenv, 'libexec/pyenv'));

describe.skipIf(!hasPyenv)('pyenv itself (needs ~/.pyenv)', () => {
  it.each(['', '3.10', '3.11', 'system', '3.99 system', 'system:3.10'])(
    'is foretold, with .python-version "%s"',
    async (text) => {
      await using rig = await Rig.create(text === '' ? {} : { '.python-version': `${text}\n` });
      const environment = { PATH: `${join(pyenv, 'shims')}:${PATH}`, HOME: homedir() };
      const which = spawnSync(join(pyenv, 'libexec/pyenv'), ['which', 'python3'], {
        cwd: rig.root,
        encoding: 'utf8',
        env: environment,
      });
      if (which.status !== 0) return;
      const run = { kind: 'command', words: ['python3'], code: [], packages: null } as const;
      const found = await findRuntime(run, {}, openStore(rig.root), environment);
      expect(found).toMatchObject({ runtime: { python3: await digest(which.stdout.trim()) }, gaps: [], asked: false });
    },
  );
});
