// What "latest" means: the last whole run of a profile without --set. Others are named as what they are, wherever they are quoted.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { commitAll } from '../rig/git.ts';
import { Rig } from '../rig/rig.ts';

const project = {
  'pipeline.yaml': `name: sums
params: { scale: 1 }
stages:
  data: { run: data.mjs, params: [scale], outputs: { table: table.txt } }
  sum: { run: sum.mjs, inputs: { table: data.table }, outputs: { text: sum.txt }, numbers: n.json }
  twice: { run: sum.mjs, inputs: { table: data.table }, outputs: { text: sum.txt }, numbers: n.json }
gates:
  low: { number: sum.total, max: 90 }
  other: { number: twice.total, max: 90 }
profiles:
  default: {}
  small: { params: { scale: 0.5 } }
`,
  'data.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { params, outputs } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(outputs.table, String(params.scale * 4));
`,
  'sum.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const value = Number(readFileSync(inputs.table, 'utf8')) + 1;
writeFileSync(outputs.text, String(value));
writeFileSync(numbers, JSON.stringify({ total: { value, unit: 'words', kind: 'exact' } }));
`,
  '.gitignore': '.repro\nartifacts\nnode_modules\n',
};

const latestOf = (rig: Rig): Manifest => JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;

/** Runs, and gives the id of the run that it made. */
async function run(rig: Rig, ...words: string[]): Promise<string> {
  const { code, stdout, stderr } = await rig.repro('run', ...words);
  expect(code, stdout + stderr).toBe(0);
  return /\.repro\/manifests\/(\S+)\.json/.exec(stdout)![1]!;
}

const value = async (rig: Rig, ...words: string[]): Promise<number> => {
  const { stdout } = await rig.repro('numbers', ...words, '--json');
  return (JSON.parse(stdout) as { numbers: { number: { value: number } }[] }).numbers[0]!.number.value;
};

test('a run with --set leaves the latest alone, says what it replaced, and is quoted as what it is', async () => {
  await using rig = await Rig.create(project);
  const whole = await run(rig);
  const { code, stdout } = await rig.repro('run', '--set', 'scale=2');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain(`latest    is still run ${whole}`);
  expect(stdout).toContain('artifacts artifacts/data, artifacts/sum, artifacts/twice: now of this run');
  expect(latestOf(rig).run.id).toBe(whole);
  expect([await value(rig), await value(rig, 'last')]).toEqual([5, 9]);
  expect((await rig.repro('numbers', 'last')).stdout).toContain(': with scale=2\n');
  expect((await rig.repro('why', 'sum.total', '--set', 'scale=2')).stdout).toContain('profile default, with scale=2');
  expect((await rig.repro('why', 'sum.total', '--set', 'scale=3')).stderr).toContain('kept with scale=3');
  expect((await rig.repro('gate', 'last')).stdout).toContain(': with scale=2\n');
  await rig.repro('report', 'last');
  expect(rig.read('artifacts/report.html')).toContain('with scale=2');
  expect((await rig.repro('cite', 'last')).stderr).toContain('with scale=2');
  expect(rig.read('artifacts/numbers.tex')).toContain('with scale=2');
  // What lies in artifacts is not what the latest run wrote, and nobody takes that for damage.
  const verified = await rig.repro('verify');
  expect(verified.code, verified.stdout).toBe(0);
  expect(verified.stdout).toContain('they belong to a later run');
  await run(rig);
  expect(rig.read('artifacts/sum/sum.txt')).toBe('5');
  expect((await rig.repro('verify')).stdout).not.toContain('they belong to a later run');
});

test('a run of one stage is no whole run, is judged by its own gates alone, and ends with 0', async () => {
  await using rig = await Rig.create(project);
  // Before there is a whole run, a part of one is better than nothing.
  const part = await run(rig, 'sum');
  expect(latestOf(rig).run).toMatchObject({ id: part, selected: ['sum'] });
  const whole = await run(rig);
  rig.write('sum.mjs', project['sum.mjs'].replace('+ 1', '+ 2'));
  const { code, stdout } = await rig.repro('run', 'sum');
  expect(code, stdout).toBe(0);
  expect(stdout).toContain('artifacts artifacts/sum: now of this run');
  expect(stdout).toContain('1 gate: 1 PASS');
  expect(stdout).not.toMatch(/UNMEASURED|FAIL/);
  expect(latestOf(rig).run.id).toBe(whole);
  expect((await rig.repro('numbers', 'last')).stdout).toContain('of sum alone');
  // Asked again, it knows the same.
  const again = await rig.repro('run', 'sum');
  expect(again.stdout).toContain(`latest    is still run ${whole}`);
  // A part that is everything is the whole.
  const all = await run(rig, 'data', 'sum', 'twice');
  expect(latestOf(rig).run).toMatchObject({ id: all });
  expect(latestOf(rig).run.selected).toBeUndefined();
});

test('each profile has its latest run, and one that takes the place of another says so', async () => {
  await using rig = await Rig.create(project);
  const whole = await run(rig);
  const { stdout } = await rig.repro('run', '--profile', 'small');
  expect(stdout).toContain(`latest    in the place of run ${whole}`);
  expect((await rig.repro('numbers')).stdout).toContain(': profile small\n');
  expect([await value(rig), await value(rig, '--profile', 'default')]).toEqual([3, 5]);
  expect((await rig.repro('why', 'sum.total', '--profile', 'default')).stdout).toContain('sum.total = 5 words');
  type Judged = { readonly run: { readonly id: string }; readonly passed: boolean };
  const judged = async (...words: string[]): Promise<unknown> => {
    const { run, passed } = JSON.parse((await rig.repro('gate', '--json', ...words)).stdout) as Judged;
    expect(passed).toBe(true);
    return run.id;
  };
  expect(await judged('--profile', 'default')).toBe(whole);
  expect(await judged('--self-test', '--profile', 'default')).toBe(whole);
  expect(await judged()).not.toBe(whole);
  expect(await run(rig)).not.toBe(whole);
  expect(await value(rig, '--profile', 'small')).toBe(3);
});

test('an audit of one stage is not the latest run', async () => {
  await using rig = await Rig.create(project);
  const whole = await run(rig);
  expect((await rig.repro('audit', 'sum')).code).toBe(0);
  expect(latestOf(rig).run.id).toBe(whole);
  expect((await rig.repro('numbers', 'last')).stdout).toContain('of sum alone, an audit');
  // The next run knows of it, although nothing else has changed.
  await run(rig);
  expect((await rig.repro('numbers')).stdout).toContain('bitwise');
});

test('previous is the run before the latest that was asked the same', async () => {
  await using rig = await Rig.create(project);
  const first = await run(rig);
  await run(rig, '--set', 'scale=2');
  expect((await rig.repro('diff')).stderr).toContain('There is no run before the latest');
  rig.write('data.mjs', project['data.mjs'].replace('* 4', '* 5'));
  const second = await run(rig);
  await run(rig, '--set', 'scale=3');
  expect((await rig.repro('diff')).stdout).toContain(`${first} → ${second}`);
  const { stdout } = await rig.repro('diff', 'latest', 'last');
  expect(stdout).toContain('with scale=3');
  expect(stdout).toContain('parameter scale 1 → 3');
});

test('diff of branches compares whole runs of their commits, and says where there are none', async () => {
  await using rig = await Rig.create(project);
  const git = (...words: string[]) => execFileSync('git', words, { cwd: rig.root, encoding: 'utf8' });
  await run(rig);
  rig.write('artifacts/reference/default.json', rig.read('artifacts/manifest.json'));
  rig.write('.gitignore', '.repro\n/artifacts/*\n!/artifacts/reference\nnode_modules\n');
  commitAll(rig.root);
  git('branch', 'main-line');
  git('checkout', '-q', '-b', 'feature');
  rig.write('data.mjs', project['data.mjs'].replace('* 4', '* 5'));
  commitAll(rig.root);
  // Both have the same committed reference: it is not compared with itself.
  const none = await rig.repro('diff', 'main-line', 'feature');
  expect(none.code).toBe(2);
  expect(none.stderr).toContain('there are no runs of the two commits to compare');

  const feature = await run(rig);
  await run(rig, '--set', 'scale=2');
  const half = await rig.repro('diff', 'main-line', 'feature');
  expect(half.stdout).toContain('it is committed there, and no whole run made at that commit is kept');
  git('checkout', '-q', 'main-line');
  const main = await run(rig);
  await run(rig, '--set', 'scale=3');
  const both = await rig.repro('diff', 'main-line', 'feature');
  expect(both.stdout).toContain(`${main} → ${feature}`);
  expect(both.stdout).toContain('code data.mjs');
  expect(both.stdout).not.toContain('scale');
});
