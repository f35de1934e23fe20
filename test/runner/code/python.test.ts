// What a Python stage runs on is in its fingerprint: distributions, modules beside them, the interpreter's version.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { pythonPackages } from '../../../src/runner/code/python/packages.ts';
import { normalName } from '../../../src/runner/code/python/distributions.ts';
import { openStore } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';

/** The system's, with Debian's modules to make environments. */
const python = ['/usr/bin/python3', '/usr/local/bin/python3'].find(
  (path) => spawnSync(path, ['-c', 'import venv']).status === 0,
);
const { PATH = '', HOME = '' } = process.env;

const pipeline = (more = ''): string => `name: test
stages:
  s: { run: [.venv/bin/python, s.py], code: [s.py]${more}, outputs: { out: out.txt } }
`;
const program = `import numbers_lib
open('out.txt', 'w').write(numbers_lib.__version__)
`;

/** As pip does: the module, and what says that it is installed. */
function install(rig: Rig, name: string, version: string, more: { requires?: string; text?: string } = {}): void {
  const site = sites.get(rig)!;
  const module = name.replaceAll('-', '_');
  const text = more.text ?? `__version__ = ${JSON.stringify(version)}\n`;
  const info = `${module}-${version}.dist-info`;
  rig.write(`${site}/${module}/__init__.py`, text);
  const requires = more.requires === undefined ? '' : `Requires-Dist: ${more.requires}\n`;
  rig.write(
    `${site}/${info}/METADATA`,
    `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n${requires}\nText.\n`,
  );
  const digest = createHash('sha256').update(text).digest('base64url');
  rig.write(
    `${site}/${info}/RECORD`,
    `${module}/__init__.py,sha256=${digest},${text.length}\n${module}/__pycache__/__init__.cpython-311.pyc,,\n../../../bin/tool,sha256=${Math.random()},9\n${info}/RECORD,,\n`,
  );
}
const sites = new Map<Rig, string>();

function uninstall(rig: Rig, name: string, version: string): void {
  const module = name.replaceAll('-', '_');
  for (const each of [module, `${module}-${version}.dist-info`])
    rmSync(join(rig.root, sites.get(rig)!, each), { recursive: true });
}

async function project(more = ''): Promise<Rig> {
  const rig = await Rig.create({ 'pipeline.yaml': pipeline(more), 's.py': program });
  onTestFinished(() => rig[Symbol.asyncDispose]());
  const made = spawnSync(python!, ['-m', 'venv', '--without-pip', join(rig.root, '.venv')], { encoding: 'utf8' });
  expect(made.stderr).toBe('');
  const folder = spawnSync(
    join(rig.root, '.venv/bin/python'),
    ['-c', 'import site; print(site.getsitepackages()[0])'],
    {
      encoding: 'utf8',
    },
  ).stdout.trim();
  sites.set(rig, folder.slice(rig.root.length + 1));
  return rig;
}

describe.skipIf(python === undefined)('Python (needs python3-venv)', () => {
  let rig: Rig;
  const repro = (...words: string[]) => rig.start(...words).result;

  describe('in a virtual environment of the project', () => {
    beforeEach(async () => {
      rig = await project();
      install(rig, 'numbers-lib', '1.26.4');
      install(rig, 'other', '3.0');
    });

    it('an upgraded package reruns the stage, and is named', async () => {
      const first = await repro('run');
      expect(first.stderr + first.stdout).not.toContain('warning');
      expect(rig.read('artifacts/s/out.txt')).toBe('1.26.4');
      expect((await repro('run')).stdout).toContain('nothing has changed since');
      uninstall(rig, 'numbers-lib', '1.26.4');
      install(rig, 'numbers-lib', '2.1.0');
      expect((await repro('why', 's')).stdout).toContain('python package numbers-lib 1.26.4 -> 2.1.0');
      expect((await repro('run')).stdout).toContain('started (python package numbers-lib 1.26.4 -> 2.1.0)');
      expect(rig.read('artifacts/s/out.txt')).toBe('2.1.0');
      expect((await repro('diff')).stdout).toContain('numbers-lib');
    });

    it('a package of the same version with other contents reruns it, one that is installed again does not', async () => {
      await repro('run');
      install(rig, 'other', '3.0');
      expect((await rig.run()).statuses).toEqual(['s restored']);
      install(rig, 'other', '3.0', { text: 'changed = True\n' });
      expect((await repro('why', 's')).stdout).toContain('python package other 3.0 has other contents');
    });

    it('what lies beside the packages counts by its files', async () => {
      await repro('run');
      rig.write(`${sites.get(rig)!}/helpers.py`, 'A = 1\n');
      expect((await repro('why', 's')).stdout).toContain('python module helpers added');
      await repro('run');
      expect((await repro('run')).stdout).toContain('nothing has changed since');
      rig.write(`${sites.get(rig)!}/helpers.py`, 'A = 2\n');
      expect((await repro('why', 's')).stdout).toContain('python module helpers has other contents');
    });

    it('a package that is installed in place counts by its files, wherever they lie', async () => {
      await using elsewhere = await Rig.create({ 'src/mine/__init__.py': 'A = 1\n', 'README.md': 'Mine.\n' });
      const site = sites.get(rig)!;
      rig.write(`${site}/mine-0.1.dist-info/METADATA`, 'Metadata-Version: 2.1\nName: mine\nVersion: 0.1\n');
      rig.write(`${site}/mine-0.1.dist-info/RECORD`, '__editable__.mine-0.1.pth,,\n');
      const url = { url: `file://${elsewhere.root}`, dir_info: { editable: true } };
      rig.write(`${site}/mine-0.1.dist-info/direct_url.json`, JSON.stringify(url));
      rig.write(`${site}/__editable__.mine-0.1.pth`, `${elsewhere.root}/src\n`);
      await repro('run');
      elsewhere.write('README.md', 'Mine, and nobody else’s.\n');
      expect((await repro('run')).stdout).toContain('nothing has changed since');
      elsewhere.write('src/mine/__init__.py', 'A = 2\n');
      expect((await repro('why', 's')).stdout).toContain('python package mine 0.1 has other contents');
    });

    it('of the project itself, installed in place, the gap is named', async () => {
      const site = sites.get(rig)!;
      rig.write(`${site}/mine-0.1.dist-info/METADATA`, 'Metadata-Version: 2.1\nName: mine\nVersion: 0.1\n');
      const url = { url: `file://${rig.root}`, dir_info: { editable: true } };
      rig.write(`${site}/mine-0.1.dist-info/direct_url.json`, JSON.stringify(url));
      const gap = 'Python package "mine" is installed in place, from the project: list its files in "code"';
      expect((await repro('run')).stdout).toContain(gap);
      expect((await rig.run()).cells[0]!.gaps).toEqual([gap]);
    });

    it('a script with #! is no other', async () => {
      rig.write('pipeline.yaml', pipeline().replace('[.venv/bin/python, s.py]', '[s.py]'));
      rig.write('s.py', `#!${rig.root}/.venv/bin/python\n${program}`);
      const { cells } = await rig.run();
      expect(Object.keys(cells[0]!.record!.preimage.packages)).toContain('pypi:numbers-lib@1.26.4');
    });
  });

  it('where a stage names packages, only those count, and what they require', async () => {
    rig = await project(', packages: [numbers_lib]');
    install(rig, 'numbers-lib', '1.0', { requires: 'Deep.Thought (>=1) ; python_version > "3"' });
    install(rig, 'deep-thought', '4.2', { requires: 'more ; extra == "test"' });
    install(rig, 'more', '1.0');
    const { cells } = await rig.run();
    const names = Object.keys(cells[0]!.record!.preimage.packages);
    expect(names.filter((name) => !name.startsWith('python@'))).toEqual([
      'pypi:deep-thought@4.2',
      'pypi:numbers-lib@1.0',
    ]);
    uninstall(rig, 'more', '1.0');
    expect((await rig.run()).statuses).toEqual(['s restored']);
    uninstall(rig, 'deep-thought', '4.2');
    expect((await repro('why', 's')).stdout).toContain('python package deep-thought 4.2 removed');
    uninstall(rig, 'numbers-lib', '1.0');
    const failed = await repro('run');
    expect(failed.code).toBe(1);
    expect(failed.stdout).toContain('Python package "numbers_lib", which "packages" names, is not installed');
  });

  it('distributions are those that Python itself finds, with their versions', async () => {
    rig = await Rig.create({});
    onTestFinished(() => rig[Symbol.asyncDispose]());
    const ask = `import importlib.metadata as m, json
print(json.dumps({d.metadata["Name"]: d.version for d in reversed(list(m.distributions())) if d.metadata["Name"]}))`;
    const answer = spawnSync(python!, ['-c', ask], { cwd: '/', encoding: 'utf8', env: { PATH, HOME } });
    const theirs = JSON.parse(answer.stdout) as Record<string, string>;
    const found = await pythonPackages(python!, null, { store: openStore(rig.root), environment: { PATH, HOME } });
    const expected = Object.entries(theirs).map(([name, version]) => `pypi:${normalName(name)}@${version}`);
    const ours = Object.keys(found.packages).filter((name) => name.startsWith('pypi:'));
    expect(ours.sort()).toEqual(expected.sort());
    expect(found.gaps).toEqual([]);
  });
});
