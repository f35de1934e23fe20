// How much of a move each change explains, as a process: changes made one at a time to the recorded stages.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Attribution } from '../../src/manifest/comparison/attribution.ts';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const files = {
  'pipeline.yaml': `name: attributed
seed: 1
params: { model: { steps: 4 } }
stages:
  data: { run: data.mjs, inputs: { raw: { file: raw.txt } }, outputs: { set: d.txt } }
  train: { run: train.ts, params: [model], inputs: { set: data.set }, outputs: { model: m.txt }, numbers: n.json }
  nll: { run: nll.ts, inputs: { model: train.model }, numbers: n.json }
  other: { run: other.ts, numbers: n.json }
`,
  '.gitignore': '.repro\nnode_modules\nartifacts/*\n!artifacts/reference\n',
  'raw.txt': '3\n',
  'data.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.set, readFileSync(inputs.raw));
`,
  'train.ts': `import { readFileSync, writeFileSync } from 'node:fs';
import { rate } from './src/rate.ts';
const { inputs, outputs, numbers, params } = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
const value = (rate * Number(readFileSync(inputs.set, 'utf8'))) / params.model.steps;
writeFileSync(outputs.model, String(value));
writeFileSync(numbers, JSON.stringify({ steps: { value: params.model.steps, unit: '1', kind: 'exact' } }));
`,
  'src/rate.ts': 'export const rate = 1;\n',
  'nll.ts': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
const value = Number(readFileSync(inputs.model, 'utf8'));
writeFileSync(numbers, JSON.stringify({ nll: { value, standardError: 0.01, unit: 'nats', kind: 'estimate', better: 'lower' } }));
`,
  'other.ts': `import { readFileSync, writeFileSync } from 'node:fs';
const { numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
writeFileSync(numbers, JSON.stringify({ one: { value: 1, unit: '1', kind: 'exact' } }));
`,
};

function git(project: Rig, ...words: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...identity, ...words], { cwd: project.root, encoding: 'utf8' }).trim();
}

function commit(project: Rig, message: string): void {
  git(project, 'add', '-A');
  git(project, 'commit', '-q', '-m', message);
}

test('between two commits each change is replayed alone, once, and nothing in the tree moves', async () => {
  await using project = await Rig.create(files);
  git(project, 'init', '-q');
  commit(project, 'one');
  await project.repro('run');
  project.write('src/rate.ts', 'export const rate = 2;\n');
  project.write('pipeline.yaml', files['pipeline.yaml'].replace('steps: 4', 'steps: 5'));
  project.write('raw.txt', '6\n');
  commit(project, 'two');
  await project.repro('run');
  const artifacts = project.read('artifacts/manifest.json');

  const first = await project.repro('diff', 'HEAD~1', 'HEAD', '--attribute');
  expect(first.code, first.stdout + first.stderr).toBe(0);
  const told = first.stdout.slice(first.stdout.indexOf('\nEach change alone'));
  await expect(normalized(told, project.root)).toMatchFileSnapshot('../golden/diff/attribution.txt');

  const again = await project.repro('diff', 'HEAD~1', 'HEAD', '--attribute', '--json');
  const { attribution } = JSON.parse(again.stdout) as { attribution: Attribution };
  expect(attribution.factors.map(({ kind, computed }) => [kind, computed])).toEqual([
    ['parameter', []],
    ['input', []],
    ['program', []],
  ]);
  // 0.75 to 2.4: steps alone 0.75 to 0.6, data alone to 1.5, rate alone to 1.5; all but the rest is what each does alone.
  const nll = attribution.numbers.find(({ address }) => address === 'nll.nll')!;
  const effects = [...nll.effects.map(({ delta }) => delta!), nll.rest].map((value) => Number(value.toFixed(9)));
  expect(effects.reduce((sum, value) => sum + value)).toBeCloseTo(nll.delta, 9);
  expect(attribution.numbers.find(({ address }) => address === 'train.steps')!.rest).toBe(0);
  expect(project.read('artifacts/manifest.json')).toBe(artifacts);
  expect(git(project, 'status', '--porcelain')).toBe('');
});

test('a seed moves what depends on it, and code that fails alone is said so', async () => {
  await using project = await Rig.create({
    ...files,
    'train.ts': files['train.ts']
      .replace('params }', 'params, seed }')
      .replace('/ params.model.steps', '/ params.model.steps + seed'),
  });
  await project.repro('run');
  // The new code needs the new parameter: neither can be had alone, the code not at all.
  project.write(
    'pipeline.yaml',
    files['pipeline.yaml'].replace('seed: 1', 'seed: 2').replace('steps: 4', 'steps: 4, scale: 2'),
  );
  project.write(
    'src/rate.ts',
    `import { readFileSync } from 'node:fs';
const { params } = JSON.parse(readFileSync(process.env.REPRO_STAGE!, 'utf8'));
if (params.model.scale === undefined) throw new Error('no scale');
export const rate: number = params.model.scale;
`,
  );
  await project.repro('run');
  const { stdout, code } = await project.repro('diff', '--attribute', '--json');
  expect(code, stdout).toBe(0);
  const { attribution } = JSON.parse(stdout) as { attribution: Attribution };
  expect(attribution.factors.map(({ kind, failure }) => [kind, failure])).toEqual([
    ['parameter', null],
    ['seed', null],
    ['program', 'train: Ended with exit code 1'],
  ]);
  const nll = attribution.numbers.find(({ address }) => address === 'nll.nll')!;
  expect(nll.effects.map(({ delta }) => (delta === null ? null : delta !== 0))).toEqual([false, true, null]);
});

test('a revision gives the manifest that is committed there, by name or by profile', async () => {
  await using project = await Rig.create(files);
  git(project, 'init', '-q');
  commit(project, 'without');
  await project.repro('run');
  const reference = project.read('artifacts/manifest.json');
  project.write('artifacts/reference/default.json', reference);
  project.write('artifacts/reference/small.json', reference);
  commit(project, 'with');
  const run = (JSON.parse(reference) as { run: { id: string } }).run.id;
  const from = async (...words: string[]) =>
    (JSON.parse((await project.repro('diff', ...words, run, '--json')).stdout) as { from: string }).from;
  expect(await from('HEAD')).toBe(run);
  expect(await from('git:HEAD')).toBe(run);
  expect(await from('--profile', 'small', 'HEAD')).toBe(run);
  expect(await from('HEAD:artifacts/reference/small.json')).toBe(run);
  // No manifest is committed there, but a run was made at that commit.
  expect(await from('HEAD~1')).toBe(run);
  const none = await project.repro('numbers', 'HEAD:nothing.json');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('HEAD:artifacts/reference/small.json');
});
