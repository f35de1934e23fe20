// Stages that import the kit from the installed package: what of the tool is a part of them.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestBytes } from '../../src/store/digest.ts';
import { builtKit, installTool, kitFolder } from '../rig/installed-tool.ts';
import type { InstalledTool, Layout } from '../rig/installed-tool.ts';
import { Rig } from '../rig/rig.ts';

const stage = `
import { runStage } from 'repro/stage';
import { one } from '../lib/one.ts';
await runStage((stage) => stage.report('n', { value: one, unit: '1', kind: 'exact' }));
`;

const files = {
  'pipeline.yaml': 'name: test\nstages: { s: { run: stages/s.ts, numbers: n.json } }\n',
  'package.json': '{"name": "project", "private": true}',
  'stages/s.ts': stage,
  'lib/one.ts': 'export const one: number = 1;\n',
};

const kit = builtKit();
const first: InstalledTool = { version: '1.0.0', kit };

async function project(layout: Layout, tool: InstalledTool = first, more = {}): Promise<Rig> {
  const rig = await Rig.create({ ...files, ...more });
  installTool(rig, layout, tool);
  return rig;
}

const preimageOf = async (rig: Rig) => (await rig.run()).cells[0]!.record!.preimage;

describe.each(['npm', 'pnpm'] as const)('a stage that imports the kit, installed by %s', (layout) => {
  it('has in its fingerprint the kit and what it imports itself, and nothing else of the tool', async () => {
    await using rig = await project(layout);
    expect((await rig.repro('run')).stdout).toContain('complete');
    const { code, packages } = await preimageOf(rig);
    expect(packages).toEqual({});
    const ofKit = Object.entries(kit).map(([name, text]) => [`npm:repro/stage/${name}`, digestBytes(text)]);
    expect(code).toEqual({
      'stages/s.ts': digestBytes(stage),
      'lib/one.ts': digestBytes(files['lib/one.ts']),
      ...Object.fromEntries(ofKit),
    });
  });

  it('stays what it is with new versions of the tool and of what the tool depends on', async () => {
    await using rig = await project(layout);
    await rig.repro('run');
    installTool(rig, layout, { version: '2.0.0', kit, versions: { yaml: '3.0.0', added: '1.0.0' } });
    expect((await rig.repro('status')).stdout).toContain('A run would execute nothing');
    expect((await rig.run()).statuses).toEqual(['s restored']);
  });

  it('runs again with another kit, and says so', async () => {
    await using rig = await project(layout);
    await rig.repro('run');
    installTool(rig, layout, { ...first, kit: { ...kit, 'stage.js': `${kit['stage.js']!}// another\n` } });
    const chain = 'stages/s.ts -> repro/stage/index.js -> repro/stage/stage.js';
    expect((await rig.repro('why', 's')).stdout).toContain(`code npm:repro/stage/stage.js changed (${chain})`);
    expect((await rig.run()).statuses).toEqual(['s computed']);
  });

  it('notices an edit of the installed kit, at once', async () => {
    await using rig = await project(layout);
    await rig.repro('run');
    const path = join('node_modules/repro', kitFolder, 'checkpoint.js');
    rig.write(path, `${rig.read(path)}// edited\n`);
    expect((await rig.repro('run')).stdout).toContain('code npm:repro/stage/checkpoint.js changed');
  });

  it('is executed again from what was recorded, whatever has become of the tool, also in strict mode', async () => {
    await using rig = await project(layout);
    expect((await rig.repro('run', '--strict')).stdout).toContain('complete');
    rmSync(join(rig.root, 'node_modules/repro'), { recursive: true });
    expect((await rig.repro('verify', '--recompute', '1')).stdout).toContain('bitwise equal');
    // Another's store has no code: it is taken from what is installed, where that is the same.
    copyFileSync(join(rig.root, 'artifacts/manifest.json'), join(rig.root, 'theirs.json'));
    rmSync(join(rig.root, '.repro'), { recursive: true });
    expect((await rig.repro('verify', '--recompute', '1', 'theirs.json')).stdout).toContain(
      'Its code "npm:repro/stage/',
    );
    installTool(rig, layout, { ...first, version: '3.0.0' });
    expect((await rig.repro('verify', '--recompute', '1', 'theirs.json')).stdout).toContain('bitwise equal');
  });
});

describe('the kit', () => {
  it('imports its own files and what Node has: any other import of it is refused', async () => {
    await using rig = await project('npm', { ...first, kit: { ...kit, 'checkpoint.js': `import 'yaml';` } });
    const { stderr, stdout } = await rig.repro('run');
    expect(stdout + stderr).toContain('The kit "repro/stage" imports "yaml", which is no file of it');
  });

  it('is missed by name where the package is not whole', async () => {
    const { 'checkpoint.js': _, ...rest } = kit;
    await using rig = await project('pnpm', { ...first, kit: rest });
    const { stderr, stdout } = await rig.repro('run');
    expect(stdout + stderr).toMatch(/The kit "repro\/stage" has no file ".*checkpoint\.js"/);
  });

  it('is one for a stage: a part of the project with another one has that as a package', async () => {
    await using rig = await project('npm', first, {
      'lib/one.ts': `import { Stage } from 'repro/stage';\nexport const one: number = Stage.name.length;\n`,
      'lib/node_modules/repro/package.json': JSON.stringify({
        version: '0.5.0',
        type: 'module',
        exports: { './stage': { default: './i/index.js' } },
      }),
      'lib/node_modules/repro/i/index.js': 'export class Stage {}\n',
    });
    await rig.repro('run');
    const { code, packages } = await preimageOf(rig);
    expect(Object.keys(packages)).toEqual(['repro@0.5.0']);
    expect(Object.keys(code)).toContain('npm:repro/stage/index.js');
    expect((await rig.repro('verify', '--recompute', '1')).stdout).toContain('bitwise equal');
  });

  it('was a package to earlier versions, whose records can be executed again', async () => {
    // The same as a package without this layout is treated now.
    await using rig = await project('npm');
    const path = 'node_modules/repro/package.json';
    rig.write(join('node_modules/repro', kitFolder, 'kit.js'), `export * from './index.js';\n`);
    rig.write(path, rig.read(path).replace('stage/index.js', 'stage/kit.js'));
    expect((await rig.repro('run')).stdout).toContain('complete');
    const { code, packages } = await preimageOf(rig);
    expect(Object.keys(packages)).toEqual(['repro@1.0.0', 'yaml@2.0.0']);
    expect(Object.keys(code)).toEqual(['lib/one.ts', 'stages/s.ts']);
    expect((await rig.repro('verify', '--recompute', '1')).stdout).toContain('bitwise equal');
  });
});
