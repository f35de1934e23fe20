// Packages that are links: workspaces, whose files are files of the project, and links that lead elsewhere.
import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const stage = `
import { value } from '@work/lib';
import { more } from '@work/lib/more';
import old from 'old';
import { writeFileSync } from 'node:fs';
writeFileSync('n.json', JSON.stringify({ sum: { value: value + more + old.value, unit: '1', kind: 'exact' } }));
`;

const files = {
  'pipeline.yaml': 'name: test\nstages: { s: { run: stages/s.ts, numbers: n.json } }\n',
  'package.json': '{"name": "root", "private": true, "workspaces": ["packages/*"]}',
  'stages/s.ts': stage,
  'packages/lib/package.json': JSON.stringify({
    name: '@work/lib',
    version: '1.2.0',
    type: 'module',
    exports: {
      '.': { module: './src/never.js', import: './src/index.ts' },
      './more': './src/deep/more.ts',
    },
  }),
  'packages/lib/src/index.ts': `import { one } from './one.ts';\nexport const value: number = one;\n`,
  'packages/lib/src/one.ts': 'export const one = 1;\n',
  'packages/lib/src/two.ts': 'export const value = 2;\n',
  'packages/lib/src/never.js': 'export const value = NaN;\n',
  'packages/lib/src/deep/more.ts': 'export const more = 10;\n',
  'packages/old/package.json': '{"name": "old", "version": "1.0.0", "main": "lib"}',
  'packages/old/lib/index.js': `exports.value = require('./part').value * require('node:path').sep.length;\n`,
  'packages/old/lib/part.js': 'exports.value = 100;\n',
};

function link(rig: Rig, from: string, to: string): void {
  mkdirSync(dirname(join(rig.root, from)), { recursive: true });
  symlinkSync(to, join(rig.root, from));
}

const layouts: readonly (readonly [string, (rig: Rig) => void])[] = [
  [
    'npm itself',
    (rig) => {
      const words = ['install', '--offline', '--no-audit', '--no-fund', '--ignore-scripts'];
      const npm = spawnSync('npm', words, { cwd: rig.root, encoding: 'utf8' });
      expect(npm.status, npm.stderr).toBe(0);
    },
  ],
  [
    'pnpm, whose packages are links into a store and seen by those who declare them only',
    (rig) => {
      link(rig, 'node_modules/@work/lib', '../../packages/lib');
      link(rig, 'node_modules/old', '../packages/old');
      const store = 'node_modules/.pnpm/dep@3.0.0/node_modules/dep';
      rig.write(`${store}/package.json`, '{"name": "dep", "version": "3.0.0", "main": "i.js"}');
      rig.write(`${store}/i.js`, 'exports.one = 1;\n');
      link(rig, 'packages/lib/node_modules/dep', `../../../${store}`);
      rig.write('packages/lib/src/one.ts', `import dep from 'dep';\nexport const one = dep.one;\n`);
    },
  ],
  [
    'a link of a link, as of an alias',
    (rig) => {
      link(rig, 'node_modules/@work/lib', '../../links/lib');
      link(rig, 'links/lib', '../packages/lib');
      link(rig, 'node_modules/old', '../packages/older');
      renameSync(join(rig.root, 'packages/old'), join(rig.root, 'packages/older'));
    },
  ],
];

describe.each(layouts)('workspaces laid out by %s', (_, install) => {
  const create = async (): Promise<Rig> => {
    const rig = await Rig.create(files);
    rmSync(join(rig.root, 'node_modules'));
    install(rig);
    return rig;
  };

  it('are code: an edit is noticed, said and makes another number', async () => {
    await using rig = await create();
    expect((await rig.repro('run')).stdout).toContain('complete');
    expect((await rig.repro('run')).stdout).toContain('nothing has changed since');
    const { cells } = await rig.run();
    const { code, packages } = cells[0]!.record!.preimage;
    expect(cells[0]!.record!.numbers['sum']?.value).toBe(111);
    expect(Object.keys(code)).toContain('packages/lib/src/one.ts');
    expect(Object.keys(code)).toContain('packages/lib/package.json');
    expect(Object.keys(packages).filter((name) => !name.startsWith('dep@'))).toEqual([]);
    expect(cells[0]!.gaps).toEqual([]);

    rig.write('packages/lib/src/one.ts', 'export const one = 2;\n');
    const changed = 'code packages/lib/src/one.ts changed';
    expect((await rig.repro('status')).stdout).toContain(changed);
    expect((await rig.repro('why', 's')).stdout).toContain(
      `${changed} (stages/s.ts -> packages/lib/src/index.ts -> packages/lib/src/one.ts)`,
    );
    expect((await rig.repro('run', '--strict')).stdout).toContain('sum');
    expect((await rig.run()).cells[0]!.record!.numbers['sum']?.value).toBe(112);
    expect((await rig.repro('diff')).stdout).toContain('code packages/lib/src/one.ts');
  });

  it('are resolved as their package.json says, which is code, too', async () => {
    await using rig = await create();
    await rig.repro('run');
    rig.write('packages/lib/package.json', rig.read('packages/lib/package.json').replace('src/index.ts', 'src/two.ts'));
    expect((await rig.repro('run')).stdout).toContain('code packages/lib/package.json changed');
    expect((await rig.run()).cells[0]!.record!.numbers['sum']?.value).toBe(112);
  });

  it('can be executed again from what was recorded, whatever has become of their files', async () => {
    await using rig = await create();
    await rig.repro('run');
    rig.write('packages/lib/src/one.ts', 'syntax error');
    const again = await rig.repro('verify', '--recompute', '1');
    expect(again.stdout).toContain('bitwise equal');
    expect(again.code).toBe(0);
  });
});

describe('other links', () => {
  const outside = () =>
    temporaryDirectory({
      'package.json': '{"name": "far", "version": "1.0.0", "type": "module", "main": "i.js"}',
      'i.js': 'export const value = 1;',
    });
  const project = {
    'pipeline.yaml': 'name: test\nstages: { s: { run: stages/s.ts } }\n',
    'stages/s.ts': `import 'far';\n`,
  };

  it('are a gap and a warning: out of the project', async () => {
    using far = outside();
    await using rig = await Rig.create(project);
    rmSync(join(rig.root, 'node_modules'));
    link(rig, 'node_modules/far', far.path);
    const message = `Package "far", imported by "stages/s.ts", is a link to "${far.path}": a change of its files goes unnoticed`;
    expect((await rig.repro('run')).stdout).toContain(message);
    const { gaps } = JSON.parse(rig.read('artifacts/manifest.json')) as { gaps: unknown };
    expect(gaps).toContainEqual({ stage: 's', message });
    // Another link is noticed, and so is a package in its place.
    rmSync(join(rig.root, 'node_modules/far'));
    rig.write('node_modules/far/package.json', '{"name": "far", "version": "2.0.0", "type": "module", "main": "i.js"}');
    rig.write('node_modules/far/i.js', '');
    const next = await rig.repro('run');
    expect(next.stdout).toContain('package far 1.0.0 -> 2.0.0');
    expect(next.stdout).not.toContain('warning');
  });

  it('are a gap and a warning: a workspace that only an installed package needs', async () => {
    await using rig = await Rig.create({ ...project, 'packages/near/package.json': '{"version": "1.0.0"}' });
    rmSync(join(rig.root, 'node_modules'));
    rig.write('node_modules/far/package.json', '{"version": "1.0.0", "main": "i.js", "dependencies": {"near": "*"}}');
    rig.write('node_modules/far/i.js', '');
    link(rig, 'node_modules/near', '../packages/near');
    expect((await rig.run()).cells[0]!.gaps).toEqual([
      'Package "near", needed by "far", is a link to "packages/near": a change of its files goes unnoticed',
    ]);
  });

  it('is none: a package beside the file that imports it, where the bundle would find another', async () => {
    await using rig = await Rig.create({
      ...project,
      'stages/s.ts': `import { name } from 'far';\nif (name !== 'beside') throw new Error(name);\n`,
    });
    rmSync(join(rig.root, 'node_modules'));
    for (const [place, name] of [
      ['.', 'root'],
      ['stages', 'beside'],
    ] as const) {
      const version = name === 'root' ? '1.0.0' : '2.0.0';
      rig.write(
        `${place}/node_modules/far/package.json`,
        `{"version": "${version}", "type": "module", "main": "i.js"}`,
      );
      rig.write(`${place}/node_modules/far/i.js`, `export const name = '${name}';`);
    }
    expect((await rig.repro('run', '--strict')).stdout).toContain('complete');
    const { cells } = await rig.run();
    expect(Object.keys(cells[0]!.record!.preimage.packages)).toEqual(['far@2.0.0']);
    expect(cells[0]!.gaps).toEqual([]);
  });
});
