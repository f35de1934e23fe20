// Metrics that stages print with their progress: kept beside the log, drawn in the report, exported as CSV, for MLflow and for TensorBoard.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';
import { crc32c, readEvents } from '../rig/event-reader.ts';

const project = {
  'pipeline.yaml': `name: curves
params: { rate: 0.5, note: 1e5 }
stages:
  train:
    run: train.mjs
    params: [rate]
    matrix: { model: [a, b] }
    numbers: n.json
    outputs: { out: o.txt }
  silent: { run: silent.mjs, outputs: { out: o.txt } }
gates:
  low: { number: train.loss, max: 9 }
`,
  'train.mjs': `import { existsSync, readFileSync, writeFileSync } from 'node:fs';
const { cell, params, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const from = existsSync('scratch/step') ? Number(readFileSync('scratch/step', 'utf8')) : 0;
for (let step = from; step < 5; step++) {
  console.log('::repro progress ' + JSON.stringify({ step, total: 5, metrics: { loss: params.rate / (1 + step), 'odd name/[x]': from } }));
  if (params.rate === 2 && step === 3 && from === 0) { writeFileSync('scratch/step', '2'); process.exit(1); }
}
writeFileSync(outputs.out, 'x');
writeFileSync(numbers, JSON.stringify({ loss: { value: params.rate / 5, unit: 'nats', kind: 'estimate' } }));
`,
  'silent.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
writeFileSync(JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8')).outputs.out, 'x');
`,
};

const latest = (rig: Rig): Manifest => JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;

test('curves are kept with the result, drawn, exported, verified, and no garbage', async () => {
  await using rig = await Rig.create(project);
  expect((await rig.repro('run', '--report')).code).toBe(0);
  expect(latest(rig).stages.map(({ id, record }) => [id, record!.curves !== undefined])).toEqual([
    ['train[model=a]', true],
    ['train[model=b]', true],
    ['silent', false],
  ]);
  const page = rig.read('artifacts/report.html');
  expect(page).toContain('<h2>Curves</h2>');
  expect(page).toContain('train: loss');
  expect(page).toContain('model=b');

  expect((await rig.repro('export', 'curves')).stdout).toBe('artifacts/curves.csv\n');
  const lines = rig.read('artifacts/curves.csv').trimEnd().split('\n');
  expect(lines[0]).toBe('run,stage,model,metric,step,value');
  expect(lines).toHaveLength(1 + 2 * 2 * 5);
  expect(lines[2]).toBe(`${latest(rig).run.id},train,a,loss,1,0.25`);

  await rig.repro('gc', '--delete');
  const verified = await rig.repro('verify');
  expect(verified.code, verified.stdout).toBe(0);
  const digest = latest(rig).stages[0]!.record!.curves!.slice('sha256:'.length);
  expect(rig.has(`.repro/objects/${digest.slice(0, 2)}/${digest.slice(2)}`)).toBe(true);
});

test('a stage that goes on from a checkpoint, in a later run, has one curve', async () => {
  await using rig = await Rig.create(project);
  expect((await rig.repro('run', '--set', 'rate=2')).code).toBe(1);
  expect((await rig.repro('run', '--set', 'rate=2')).code).toBe(0);
  await rig.repro('export', 'curves', 'last', '-o', 'curves.csv');
  const rows = rig.read('curves.csv').split('\n');
  expect(rows[0]).toBe('run,rate,stage,model,metric,step,value');
  const steps = rows.filter((row) => row.includes(',train,b,loss,')).map((row) => row.split(',')[5]);
  expect(steps).toEqual(['0', '1', '2', '3', '4']);
});

test('runs are exported as the file store of MLflow', async () => {
  await using rig = await Rig.create(project);
  await rig.repro('run');
  await rig.repro('run', '--set', 'rate=3');
  const exported = await rig.repro('export', 'mlflow', 'latest', 'last');
  expect(exported, exported.stderr).toMatchObject({ code: 0, stdout: 'mlruns\n' });
  const first = rig.list('mlruns');
  const read = (file: string) => parse(rig.read(`mlruns/${file}`), { version: '1.1' }) as Record<string, unknown>;
  const experiments = first.filter((file) => file.split('/').length === 2);
  expect(experiments).toHaveLength(1);
  const experiment = experiments[0]!.split('/')[0]!;
  // What MLflow's own reader asks of it: ids that it validates, names that it takes, and keys of its classes.
  expect(experiment).toMatch(/^\d{18}$/);
  expect(read(experiments[0]!)).toMatchObject({ experiment_id: experiment, lifecycle_stage: 'active', name: 'curves' });
  const metas = first.filter((file) => file.endsWith('meta.yaml') && file.split('/').length === 3);
  expect(metas).toHaveLength(2 * (1 + 3));
  for (const meta of metas) {
    const [, id] = meta.split('/');
    expect(id).toMatch(/^[a-zA-Z0-9][\w-]{0,255}$/);
    const content = read(meta);
    expect(content).toMatchObject({ run_id: id, run_uuid: id, experiment_id: experiment, status: 3, source_type: 4 });
    expect(fileURLToPath(content['artifact_uri'] as string)).toBe(
      path.join(rig.root, 'mlruns', experiment, id!, 'artifacts'),
    );
    for (const time of ['start_time', 'end_time']) expect(Number.isInteger(content[time])).toBe(true);
  }
  const folders = { metrics: /^-?[\d]+ \S+ \d+$/, params: /^.+$/, tags: /^.+$/ };
  const kept = first.filter((file) => file.split('/').length > 3);
  for (const file of kept) {
    const [, , folder, name] = file.split('/') as [string, string, keyof typeof folders, string];
    expect(name).toMatch(/^[/\w.\- ]+$/);
    for (const line of rig.read(`mlruns/${file}`).trimEnd().split('\n')) expect(line).toMatch(folders[folder]);
  }
  const cells = metas.filter((meta) => read(meta)['run_name'] === 'train[model=a]').map((meta) => path.dirname(meta));
  const values = cells.map((cell) => [
    rig.read(`mlruns/${cell}/params/model`),
    rig.read(`mlruns/${cell}/params/rate`),
    rig.read(`mlruns/${cell}/metrics/loss`).split(' ')[1],
    rig
      .read(`mlruns/${cell}/metrics/progress.loss`)
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ').slice(1).join('@')),
  ]);
  expect(values.sort()).toEqual([
    ['a', '0.5', '0.1', ['0.5@0', '0.25@1', `${0.5 / 3}@2`, '0.125@3', '0.1@4']],
    ['a', '3', '0.6', ['3@0', '1.5@1', '1@2', '0.75@3', '0.6@4']],
  ]);
  expect(rig.list(`mlruns/${cells[0]!}/metrics`)).toContain('progress.odd name_.x');
  const parents = metas
    .filter((meta) => rig.has(`mlruns/${path.dirname(meta)}/tags/repro.run`))
    .map((meta) => path.dirname(meta));
  expect(parents.map((parent) => rig.read(`mlruns/${parent}/metrics/train.model_b.loss`).split(' ')[1]).sort()).toEqual(
    ['0.1', '0.6'],
  );
  expect(parents.map((parent) => path.basename(parent))).toContain(
    rig.read(`mlruns/${cells[0]!}/tags/mlflow.parentRunId`),
  );
  // The same runs are the same files.
  await rig.repro('export', 'mlflow', 'latest', 'last');
  expect(rig.list('mlruns')).toEqual(first);
  expect((await rig.repro('export', 'ro-crate', 'latest', 'last')).code).toBe(2);
});

test('curves are exported as event files of TensorBoard', async () => {
  await using rig = await Rig.create({
    ...project,
    'train.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { cell, params, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const progress = (step, metrics) => console.log('::repro progress ' + JSON.stringify({ step, total: 1e12, metrics }));
for (const step of [0, 1, 300, 1e12]) progress(step, { loss: params.rate / (1 + step), 'éval/acc': step === 300 ? null : -step });
progress(2, { late: 7 });
progress(-3, { early: 1e300 });
writeFileSync(outputs.out, 'x');
writeFileSync(numbers, JSON.stringify({ loss: { value: 1, unit: 'nats', kind: 'estimate' } }));
`,
  });
  await rig.repro('run');
  await rig.repro('run', '--set', 'rate=3');
  const exported = await rig.repro('export', 'tensorboard', 'latest', 'last');
  expect(exported, exported.stderr).toMatchObject({ code: 0, stdout: 'tensorboard\n' });
  const { run, stages } = latest(rig);
  const files = rig.list('tensorboard');
  const seconds = Date.parse(stages[0]!.record!.finishedAt) / 1000;
  const name = `events.out.tfevents.${Math.floor(seconds)}.repro`;
  expect(files.map((file) => path.dirname(file))).toEqual([
    `${run.id}/train_model=a`,
    `${run.id}/train_model=b`,
    expect.stringMatching(/^[\w-]+_with_rate=3\/train_model=a$/),
    expect.stringMatching(/^[\w-]+_with_rate=3\/train_model=b$/),
  ]);
  expect(files[0]).toBe(`${run.id}/train_model=a/${name}`);

  const bytes = () => files.map((file) => readFileSync(path.join(rig.root, 'tensorboard', file)));
  const before = bytes();
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  const [head, ...events] = readEvents(before[0]!);
  expect(head).toEqual({ wallTime: seconds, fileVersion: 'brain.Event:2', scalars: {} });
  const f = Math.fround;
  expect(events.map(({ wallTime }) => wallTime)).toEqual(events.map(() => seconds));
  expect(events.map(({ step, scalars }) => [step, scalars])).toEqual([
    [-3n, { early: Infinity }],
    [0n, { loss: 0.5, 'éval/acc': 0 }],
    [1n, { loss: 0.25, 'éval/acc': -1 }],
    [2n, { late: 7 }],
    [300n, { loss: f(0.5 / 301), 'éval/acc': NaN }],
    [1_000_000_000_000n, { loss: f(0.5 / (1 + 1e12)), 'éval/acc': f(-1e12) }],
  ]);
  expect(readEvents(before[2]!)[2]!.scalars).toMatchObject({ loss: 3 });

  await rig.repro('export', 'tensorboard', 'latest', 'last');
  expect(rig.list('tensorboard')).toEqual(files);
  expect(bytes()).toEqual(before);
});

test('a run without curves is not exported for TensorBoard, and nothing is written', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': 'name: none\nstages: { silent: { run: silent.mjs, outputs: { out: o.txt } } }\n',
    'silent.mjs': project['silent.mjs'],
  });
  await rig.repro('run');
  const exported = await rig.repro('export', 'tensorboard');
  expect(exported.code).toBe(1);
  expect(exported.stderr).toContain('error no-curves: No stage printed metrics with its progress');
  expect(rig.has('tensorboard')).toBe(false);
});
