// What a run of part of the plan says of gates, and which run a name comes to.
import { expect, test } from 'vitest';
import { commitAll } from '../rig/git.ts';
import { Rig } from '../rig/rig.ts';
import { quickProject } from './quick-project.ts';

const gates = `gates:
  all: { number: measure.loss, max: 5 }
  first: { number: 'measure[replicate=0].loss', max: 5 }
`;

test('a gate that needs cells which a run left out neither passes nor fails it', async () => {
  await using project = await Rig.create({ ...quickProject, 'pipeline.yaml': quickProject['pipeline.yaml'] + gates });
  const sentence = '1 gate needs stages that this run left out (all): neither passed nor failed.';
  const run = await project.repro('run', 'measure[replicate=0]');
  expect(run.code, run.stdout + run.stderr).toBe(0);
  expect(run.stdout).toContain(sentence);
  expect(await project.repro('run', 'measure[replicate=0]')).toMatchObject({
    code: 0,
    stdout: expect.stringContaining(sentence) as string,
  });
  const gate = await project.repro('gate');
  expect(gate.code).toBe(3);
  expect(gate.stdout).toContain(sentence);
  // A value outside the limits fails whatever the others are.
  expect((await project.repro('run', 'measure[replicate=0]', '--set', 'shift=9')).code).toBe(3);
});

test('diff of revisions says which run it reads, and that it is not of the pipeline there', async () => {
  await using project = await Rig.create({ ...quickProject, '.gitignore': '.repro\nartifacts/measure\n' });
  await project.repro('run', '--set', 'shift=1');
  project.write('artifacts/reference/default.json', project.read('artifacts/manifest.json'));
  project.write('pipeline.yaml', quickProject['pipeline.yaml'].replace('shift: 0', 'shift: 2'));
  commitAll(project.root);
  await project.repro('run');
  const { stdout, code } = await project.repro('diff', 'HEAD:artifacts/reference/default.json', 'latest');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('HEAD:artifacts/reference/default.json is run ');
  expect(stdout).toContain(
    'it is not of the pipeline at HEAD:artifacts/reference/default.json: pipeline.yaml is another',
  );
  expect(stdout).toContain('; with shift=1');
  expect((await project.repro('diff', 'latest', 'latest')).stdout).toContain('Both are the same run');
});

test('what a run publishes is no change of the code: the next run answers at once', async () => {
  await using project = await Rig.create({ ...quickProject, '.gitignore': 'node_modules\n' });
  commitAll(project.root);
  await project.repro('run');
  expect((await project.repro('run')).stdout).toContain('nothing has changed since');
  const { git } = JSON.parse(project.read('artifacts/manifest.json')) as { git: { dirty: string | null } };
  expect(git.dirty).toBe(null);
});
