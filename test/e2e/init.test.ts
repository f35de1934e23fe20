// `repro init`: what it writes runs, and nothing is written over.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

const program = fileURLToPath(new URL('../../bin/repro.js', import.meta.url));
const hasPython = spawnSync('python3', ['--version']).status === 0;

function reproIn(rig: Rig, ...words: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
    cwd: rig.root,
    encoding: 'utf8',
  });
  return { code: status, text: stdout + stderr };
}

test.each([
  ['', ['draw.ts', 'measure.ts']],
  ['--python', ['draw.py', 'measure.py', 'repro_stage.py']],
] as const)('init %s writes a pipeline that runs', (option, stages) => {
  if (option !== '' && !hasPython) return;
  return inProject(async (rig) => {
    expect(reproIn(rig, 'run').text).toContain('begin one with repro init');
    const { code, text } = reproIn(rig, 'init', ...(option === '' ? [] : [option]));
    expect(code, text).toBe(0);
    expect(rig.list('.').filter((path) => !path.startsWith('node_modules'))).toEqual(
      ['.gitignore', ...stages, 'pipeline.yaml'].sort(),
    );
    expect(rig.read('.gitignore')).toBe('.repro/\nartifacts/\n');
    const run = await rig.repro('run');
    expect(run.code, run.stdout + run.stderr).toBe(0);
    expect(run.stdout).toMatch(/measure\.pi +3\.1\d/);
    expect(run.stdout + run.stderr).not.toContain('warning');
    expect((await rig.repro('run', '--profile', 'quick')).code).toBe(0);
  });
});

test('nothing is written where something is; .gitignore keeps its lines', () =>
  inProject(async (rig) => {
    rig.write('draw.ts', 'mine');
    const refused = reproIn(rig, 'init');
    expect(refused.code).toBe(2);
    expect(refused.text).toContain('There is draw.ts already: nothing was written');
    expect(rig.has('pipeline.yaml')).toBe(false);
    expect(rig.read('draw.ts')).toBe('mine');
    rig.write('.gitignore', 'node_modules\n/artifacts');
    expect(reproIn(rig, 'init', '--python').code).toBe(0);
    expect(rig.read('.gitignore')).toBe('node_modules\n/artifacts\n.repro/\n');
    await Promise.resolve();
  }));

async function inProject(act: (rig: Rig) => Promise<void>): Promise<void> {
  await using rig = await Rig.create({});
  await act(rig);
}
