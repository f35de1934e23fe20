// Runs over time: their list, a number over them, several side by side, tables for other tools, and sweeps.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { expect, test } from 'vitest';
import { Rig } from '../rig/rig.ts';

/** `train[model=m,replicate=r].loss` is `width / 10 + r / 100`, for the model `b` one more. */
const project = {
  'pipeline.yaml': `name: over
params: { width: 1, label: x }
stages:
  train:
    run: train.mjs
    params: [width, label]
    matrix: { model: [a, b], replicate: 2 }
    outputs: { model: model.txt }
    numbers: n.json
gates:
  low: { number: train.loss, max: 1.5 }
`,
  'train.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { cell, params, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
if (params.width === 13) process.exit(3);
const value = params.width / 10 + cell.replicate / 100 + (cell.model === 'b' ? 1 : 0);
writeFileSync(outputs.model, String(value));
writeFileSync(numbers, JSON.stringify({ loss: { value, unit: 'nats', kind: 'estimate', standardError: 0.05 } }));
`,
};

const idOf = (stdout: string): string => /\.repro\/manifests\/(\S+)\.json/.exec(stdout)![1]!;

interface Row {
  run: string;
  name: string;
  value: number;
  [column: string]: unknown;
}

test('runs lists each run with what it was; history tells when a number moved and why', async () => {
  await using rig = await Rig.create(project);
  expect((await rig.repro('runs')).stdout).toBe('There are no runs yet: repro run makes one.\n');
  const first = idOf((await rig.repro('run')).stdout);
  await rig.repro('tag', 'good');
  const trial = idOf((await rig.repro('run', '--set', 'width=9')).stdout);
  await rig.repro('run', 'train[model=a]', '--force');
  rig.write('train.mjs', project['train.mjs'].replace('/ 10 ', '/ 5 '));
  const latest = idOf((await rig.repro('run')).stdout);
  rig.write('.repro/manifests/20200101T000000Z-dead.json', '{ "format": ');

  const list = JSON.parse((await rig.repro('runs', '--json')).stdout) as { runs: object[]; unreadable: object[] };
  expect(list.runs).toMatchObject([
    { run: { id: latest }, verdict: 'ok', gates: { PASS: 1 }, isLatest: true, tags: [] },
    { run: { selected: ['train[model=a]'] }, verdict: 'ok', gates: {}, isLatest: false },
    { run: { id: trial }, verdict: 'gate', gates: { FAIL: 1 }, pipeline: { overrides: { width: 9 } } },
    { run: { id: first }, verdict: 'ok', isLatest: false, tags: ['good'], numbers: 4 },
  ]);
  expect(list.unreadable).toMatchObject([{ run: '20200101T000000Z-dead' }]);
  const { stdout, code } = await rig.repro('runs');
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^${trial} .* gate +1 FAIL +with width=9$`, 'm'));
  expect(stdout).toContain('20200101T000000Z-dead.json" is not a manifest');

  const history = await rig.repro('history', 'train[model=a,replicate=1].loss');
  expect(history.code, history.stderr).toBe(0);
  // The part that was computed again gave the same: it is no line of its own.
  expect(history.stdout).toMatch(new RegExp(`^${first} .* 2 +0\\.110 +0\\.050 +nats$`, 'm'));
  expect(history.stdout).toMatch(new RegExp(`^${latest} .* 1 +0\\.210 +0\\.050 +nats$`, 'm'));
  expect(history.stdout).toContain('because code train.mjs');
  expect(history.stdout).toContain('▁▁█  train[model=a,replicate=1].loss, 0.11 to 0.21');
  expect(history.stdout).not.toContain(trial);

  const all = await rig.repro('history', 'train[model=a].loss', '--all', '--csv');
  const lines = all.stdout.trimEnd().split('\n');
  expect(lines[0]).toBe('run,startedAt,commit,uncommitted,profile,set,value,standardError,unit,cells,changes');
  expect(lines.slice(1).map((line) => line.split(',').filter((_, index) => [5, 6, 9].includes(index)))).toEqual([
    ['', '0.10500000000000001', '2'],
    ['width=9', '0.905', '2'],
    ['', '0.10500000000000001', '2'],
    ['', '0.20500000000000002', '2'],
  ]);
  const wrong = await rig.repro('history', 'train[model=a,replicate=1].los');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean') as string });
});

test('numbers stand side by side, as tables with axes and settings as columns, and as a pivot', async () => {
  await using rig = await Rig.create(project);
  const first = idOf((await rig.repro('run')).stdout);
  const second = idOf((await rig.repro('run', '--set', 'width=2', '--set', 'label=a,"b"')).stdout);
  const beside = await rig.repro('numbers', first, 'last');
  expect(beside.stdout).toContain(`as it is: run ${first}\n`);
  expect(beside.stdout).toMatch(/^train\[model=b,replicate=0\]\.loss +1\.100 ± 0\.050 +1\.200 ± 0\.050 +nats$/m);

  const csv = await rig.repro('numbers', first, second, '--format', 'csv');
  const lines = csv.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(9);
  expect(lines[0]).toBe(
    'run,profile,label,width,stage,model,replicate,name,value,standardError,unit,n,kind,better,closure',
  );
  expect(lines[1]).toContain(`${first},,,,train,a,0,loss,0.1,0.05,nats,,estimate,,sha256:`);
  expect(lines[5]).toContain(`${second},,"a,""b""",2,train,a,0,loss,0.2,`);
  const rows = JSON.parse((await rig.repro('numbers', first, '--format', 'json')).stdout) as Row[];
  expect(rows.map(({ model, replicate, value }) => [model, replicate, value])).toEqual([
    ['a', 0, 0.1],
    ['a', 1, 0.11],
    ['b', 0, 1.1],
    ['b', 1, 1.11],
  ]);
  expect((await rig.repro('numbers', '--format', 'markdown')).stdout).toMatch(
    /^\| run \| stage \| model \| replicate \|/,
  );

  expect((await rig.repro('numbers', '--format', 'parquet')).code).toBe(2);
  await rig.repro('numbers', first, second, '--format', 'parquet', '-o', 'n.parquet');
  const file = new Uint8Array(readFileSync(join(rig.root, 'n.parquet'))).buffer;
  const read = (await parquetReadObjects({ file })) as Row[];
  expect(
    read
      .map(({ run, width, label, model, replicate, value, better }) => [
        run,
        width,
        label,
        model,
        replicate,
        value,
        better,
      ])
      .slice(3, 5),
  ).toEqual([
    [first, null, null, 'b', 1, 1.11, null],
    [second, 2, 'a,"b"', 'a', 0, 0.2, null],
  ]);

  const pivot = await rig.repro('numbers', first, second, '--by', 'width,model');
  expect(pivot.stdout).toMatch(/^number +width +model=a +model=b +unit$/m);
  expect(pivot.stdout).toMatch(/^train\.loss +2 +0\.2050 ± 0\.0071 \(2\) +1\.2050 ± 0\.0071 \(2\) +nats$/m);
  const pivoted = await rig.repro('numbers', '--by', 'model', '--format', 'csv', '-o', 'by.csv');
  expect(pivoted.stdout).toBe('by.csv\n');
  expect(rig.read('by.csv')).toMatch(
    /^stage,name,model,mean,sd,n,unit\ntrain,loss,a,0\.105[0-9]*,0\.00707[0-9]*,2,nats\n/,
  );
  const wrong = await rig.repro('numbers', '--by', 'modle');
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean "model"?') as string });
});

test('a sweep is a run each and one table; it goes on where it was, and leaves the latest and artifacts alone', async () => {
  await using rig = await Rig.create(project);
  await rig.repro('run');
  const latest = rig.read('artifacts/manifest.json');
  const model = 'artifacts/train/model=a,replicate=0/model.txt';
  const sweep = () => rig.repro('sweep', '--set', 'width=2,4', '--set', 'label=x,y', 'train[model=a]');
  const first = await sweep();
  expect(first.code, first.stdout + first.stderr).toBe(0);
  expect(first.stdout).toContain('3 of 4: with label=x, width=4\n');
  expect(first.stdout).toMatch(
    /^number +label=x, width=2 +label=y, width=2 +label=x, width=4 +label=y, width=4 +unit$/m,
  );
  expect(first.stdout).toMatch(/^train\[model=a,replicate=1\]\.loss +0\.210 ± 0\.050 +0\.210 ± 0\.050 +0\.410 /m);
  expect(rig.read('artifacts/manifest.json')).toBe(latest);
  expect(rig.read(model)).toBe('0.1');
  expect((await rig.repro('numbers', 'last')).stdout).toContain(
    'with label=y, width=4, of train[model=a] alone, of a sweep',
  );
  const runs = rig.list('.repro/manifests').length;

  const again = await sweep();
  expect(again.stdout).toContain('4 runs, 4 of them known');
  expect(rig.list('.repro/manifests')).toHaveLength(runs);

  const failing = await rig.repro('sweep', '--set', 'width=13,4', '--set', 'label=x', '--json', 'train[model=a]');
  expect(failing.code).toBe(1);
  expect(JSON.parse(failing.stdout)).toMatchObject([
    { set: { width: 13 }, run: { outcome: 'failed' }, isKnown: false },
    { set: { width: 4 }, run: { outcome: 'complete' }, isKnown: true, numbers: [{}, {}] },
  ]);
  // Nothing runs where one of the values cannot be set.
  const wrong = await rig.repro('sweep', '--set', 'width=5', '--set', 'labl=x,y');
  expect(wrong.code).toBe(2);
  expect(rig.list('.repro/manifests')).toHaveLength(runs + 1);
  expect((await rig.repro('sweep', '--set', 'width=')).stderr).toContain('is no list of values');
});
