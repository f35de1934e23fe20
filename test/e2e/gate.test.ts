// Gates by the real command: every kind of limit on a run, what CI is told, and gates shown to be able to fail.
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';
import { quickProject } from './quick-project.ts';

const gates = `gates:
  bound: { number: measure.loss, max: 0.2 }
  same: { number: measure.loss, reference: 'artifacts/reference/\${profile}.json', tolerance: { standardErrors: 3 } }
  close: { number: 'measure[replicate=0].loss', reference: 'artifacts/reference/\${profile}.json', tolerance: { absolute: 0.001 } }
  not-worse: { number: measure.loss, against: 0.1, margin: 0.05 }
  better: { number: measure.loss, against: 0.1, margin: 0 }
`;
const files = { ...quickProject, 'pipeline.yaml': quickProject['pipeline.yaml'] + gates };

test('gates of every kind judge a run, and CI is told', async () => {
  await using project = await Rig.create(files);
  const golden = async (name: string, words: string[], code: number) => {
    const { stdout, stderr, code: actual } = await project.repro(...words);
    expect(actual, stdout + stderr).toBe(code);
    await expect(normalized(stdout + stderr, project.root)).toMatchFileSnapshot(`../golden/gates/${name}.txt`);
  };
  expect((await project.repro('run')).code).toBe(3);
  await golden('without-reference', ['gate'], 3);
  await golden('self-test-without-reference', ['gate', '--self-test'], 3);

  project.write('artifacts/reference/default.json', project.read('artifacts/manifest.json'));
  expect((await project.repro('run')).code).toBe(3);
  await golden('with-reference', ['gate', '--junit', 'gates.xml', '--summary', 'summary.md'], 3);
  await golden('self-test', ['gate', '--self-test'], 0);
  await expect(normalized(project.read('gates.xml'), project.root)).toMatchFileSnapshot('../golden/gates/gates.xml');
  await expect(normalized(project.read('summary.md'), project.root)).toMatchFileSnapshot('../golden/gates/summary.md');

  const { gates: judged } = JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
  expect(judged[1]!.reference!.digest).toMatch(/^sha256:/);

  expect((await project.repro('run', '--set', 'shift=1')).code).toBe(3);
  await golden('moved', ['gate', 'last'], 3);
});
