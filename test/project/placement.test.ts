// Where stages run, as the configuration says it, and what is told when that is wrong: drop x.yaml into
// test/golden/configuration to add a case.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ReproError } from '../../src/error.ts';
import type { Diagnostic } from '../../src/pipeline/diagnostic.ts';
import { InvalidFile } from '../../src/project/invalid-file.ts';
import { placeCells } from '../../src/project/placement.ts';
import { planOf, texts } from '../pipeline/planning.ts';
import { temporaryDirectory } from '../rig/temporary.ts';
import { expectGolden, goldenInputs } from '../support/golden.ts';

const plan = planOf(`
name: placed
seed: 1
profiles: { default: { stages: [report, train-b] }, paper: {} }
stages:
  train-a: { run: [sh, a.sh], code: [a.sh], outputs: { model: m } }
  train-b: { run: [sh, a.sh], code: [a.sh], outputs: { model: m } }
  report: { run: [sh, a.sh], code: [a.sh], inputs: { model: train-a.model }, outputs: { page: p } }
  paper-figures: { run: [sh, a.sh], code: [a.sh], outputs: { page: p } }
`);

afterEach(() => void vi.unstubAllEnvs());

/** Where each cell runs, and what sets it up. */
async function placed(
  files: { readonly project?: string; readonly user?: string },
  chosen?: string,
): Promise<Record<string, string>> {
  using root = temporaryDirectory(files.project === undefined ? {} : { 'repro.config.yaml': files.project });
  using user = temporaryDirectory(files.user === undefined ? {} : { 'repro/config.yaml': files.user });
  vi.stubEnv('XDG_CONFIG_HOME', user.path);
  const { plan: result, placement } = await placeCells(root.path, plan, chosen);
  return Object.fromEntries(
    result.cells.map(({ id, setup }) => [id, [placement.executorOf.get(id) ?? 'local', ...setup].join('; ')]),
  );
}

const project = `
executors:
  cluster: { kind: slurm, setup: [module load cuda] }
  other: { kind: slurm }
use:
  train-a: other
  'train-*': cluster
  report: local
`;

describe('a stage runs', () => {
  test('here where nothing is configured', async () => {
    expect(await placed({})).toEqual({ 'train-a': 'local', 'train-b': 'local', report: 'local' });
  });

  test('where the first pattern that fits it says', async () => {
    const there = { 'train-a': 'other', 'train-b': 'cluster; module load cuda', report: 'local' };
    expect(await placed({ project })).toEqual(there);
    expect(await placed({ project }, 'other')).toEqual(there);
  });

  test("where the run's executor is, if the configuration says nothing of it", async () => {
    const rest = project.replace(/use:[^]*/, 'use: { report: local }');
    expect(await placed({ project: rest }, 'cluster')).toEqual({
      'train-a': 'cluster; module load cuda',
      'train-b': 'cluster; module load cuda',
      report: 'local',
    });
  });

  test('here when the run says so, whatever is configured', async () => {
    expect(await placed({ project }, 'local')).toEqual({ 'train-a': 'local', 'train-b': 'local', report: 'local' });
  });

  test("where the user's file says, which may speak of other projects too", async () => {
    const user = `
executors: { cluster: { kind: slurm, setup: [module load other] } }
use: { 'train-*': cluster, 'another-project-*': cluster }
`;
    expect(await placed({ project, user })).toEqual({
      'train-a': 'cluster; module load other',
      'train-b': 'cluster; module load other',
      report: 'local',
    });
  });
});

test('an executor that is not configured is refused, with those that are', async () => {
  await expect(placed({ project }, 'clutser')).rejects.toMatchObject({
    code: 'no-executor',
    hint: 'did you mean "cluster"?',
  });
  await expect(placed({}, 'cluster')).rejects.toThrow(ReproError);
});

const inputs = goldenInputs('configuration', '.yaml');
describe('what is wrong is told where it is', () => {
  test.each(inputs.map((file) => [path.basename(file, '.yaml'), file]))('%s', async (_name, file) => {
    const fault: unknown = await placed({ project: readFileSync(file, 'utf8') }).catch((error: unknown) => error);
    expect(fault).toBeInstanceOf(InvalidFile);
    const said = texts((fault as InvalidFile).diagnostics as readonly Diagnostic[]).replaceAll(
      /^\S*repro\.config\.yaml/gm,
      'repro.config.yaml',
    );
    await expectGolden(said, file.replace(/yaml$/, 'txt'));
  });
});

test.each(['', '\n', '# All of it is a comment.\n'])(
  'a configuration that says nothing (%j) sends nothing elsewhere',
  async (text) => {
    expect(new Set(Object.values(await placed({ project: text, user: text })))).toEqual(new Set(['local']));
  },
);
