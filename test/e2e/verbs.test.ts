// The verbs as processes on a small project: golden output, exit codes, JSON, and what is restored, moved or refused.
import { chmodSync, existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { validate_manifest } from '../../src/schema/validators.js';
import { Control, controlledStage } from '../rig/controlled-stage.ts';
import { Rig } from '../rig/rig.ts';
import { normalized } from './normalized.ts';

const files = {
  'pipeline.yaml': `name: tiny
seed: 3
params: { steps: 4, note: plain }
profiles: { ci: { params: { steps: 2 } } }
stages:
  data: { run: [sh, data.sh], code: [data.sh], outputs: { dataset: d.txt } }
  train:
    run: train.mjs
    params: [steps]
    inputs: { dataset: data.dataset }
    matrix: { replicate: 2 }
    outputs: { curve: c.plot.json }
    numbers: n.json
  size: { run: size.mjs, params: [note], inputs: { dataset: data.dataset }, numbers: n.json }
gates:
  low: { number: train.loss, max: 0.3 }
`,
  'data.sh': 'printf hello > d.txt\n',
  'train.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { params, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
const points = Array.from({ length: params.steps + 1 }, (_, i) => [i, 1 / (1 + i)]);
for (const [step, loss] of points) {
  console.log('::repro progress ' + JSON.stringify({ step, total: params.steps, metrics: { loss } }));
}
writeFileSync(outputs.curve, JSON.stringify({ title: 'Loss', x: { label: 'step' }, y: { label: 'loss' }, series: [{ name: 'train', points }] }));
writeFileSync(numbers, JSON.stringify({ loss: { value: points.at(-1)[1], standardError: 0.01, unit: 'nats', kind: 'estimate', n: 10, better: 'lower' } }));
`,
  'size.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { inputs, numbers, params } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
console.log('read \\u001b[2J');
writeFileSync(numbers, JSON.stringify({ bytes: { value: readFileSync(inputs.dataset).length, unit: 'B', kind: 'exact', note: params.note } }));
`,
};

const latest = (project: Rig) => JSON.parse(project.read('artifacts/manifest.json')) as Manifest;

test('a run, what it says, and what every verb says of it', async () => {
  await using project = await Rig.create(files);
  const golden = async (name: string, words: string[], code: number) => {
    const { stdout, stderr, code: actual } = await project.repro(...words);
    expect(actual, stdout + stderr).toBe(code);
    await expect(normalized(stdout + stderr, project.root)).toMatchFileSnapshot(`../golden/verbs/${name}.txt`);
  };
  await golden('status-before', ['status'], 0);
  await golden('run-first', ['run', '--cpus', '1'], 0);
  const first = latest(project);
  expect(validate_manifest(first), JSON.stringify(validate_manifest.errors)).toBe(true);
  expect(first.stages.every((stage) => stage.status === 'computed')).toBe(true);

  await golden('run-again', ['run'], 0);
  expect(latest(project)).toEqual(first);

  await golden('verify', ['verify'], 0);
  await golden('log', ['log', 'size'], 0);
  await golden('why-number', ['why', 'train[replicate=1].loss'], 0);
  await golden('why-part-of-an-address', ['why', 'train.loss'], 2);
  await golden('why-stage', ['why', 'train', '--set', 'steps=3'], 0);
  await golden('run-fails-gate', ['run', '--profile', 'ci', '--cpus', '1'], 3);
  await golden('gate-fail', ['gate'], 3);
  await golden('diff-attributed', ['diff', first.run.id, 'latest'], 0);
});

test('every verb prints JSON that says the same', async () => {
  await using project = await Rig.create(files);
  const run = await project.repro('run', '--json', '--report');
  const events = run.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { kind: string });
  expect(events[0]).toMatchObject({ kind: 'run-started', stages: { length: 4 } });
  expect(events.at(-1)).toMatchObject({ kind: 'run-finished', outcome: 'complete', computed: 4, restored: 0 });
  expect(events.filter((event) => event.kind === 'stage-finished')).toHaveLength(4);
  const { numbers, run: facts } = latest(project);
  const document = async (...words: string[]) =>
    JSON.parse((await project.repro(...words, '--json')).stdout) as unknown;
  expect(await document('numbers')).toEqual({ run: facts, profile: null, overrides: {}, numbers });
  expect(await document('gate')).toMatchObject({ passed: true, gates: [{ verdict: 'PASS' }] });
  expect(await document('verify')).toMatchObject({ problems: [] });
  expect(await document('status')).toMatchObject({ stages: [{ state: 'current' }, {}, {}, {}] });
  expect(await document('why', 'size')).toMatchObject({ stages: [{ stage: 'size', state: 'current', reasons: [] }] });
  expect(await document('why', 'size.bytes')).toMatchObject({ stages: [{ id: 'data' }, { id: 'size' }] });
  expect(await document('log', 'size')).toMatchObject({ stage: 'size', lines: [expect.stringContaining('\u001b')] });
  expect(await document('diff', 'latest')).toMatchObject({ numbers: [{ class: 'unchanged' }, {}, {}] });
  expect(await document('numbers', 'nothing')).toMatchObject({ error: { code: 'no-manifest' } });
  expect(project.read('artifacts/report.html')).toContain('<!doctype html>');
});

test('after one parameter changes only what declares it runs, and chosen stages run alone', async () => {
  await using project = await Rig.create(files);
  expect((await project.repro('run')).code).toBe(0);
  const changed = await project.repro('run', 'size', '--set', 'note="evil \\u001b[31m"');
  expect(changed.code, changed.stdout).toBe(0);
  const last = project.list('.repro/manifests').at(-1)!;
  const manifest = JSON.parse(project.read(`.repro/manifests/${last}`)) as Manifest;
  expect(manifest.stages.map((stage) => [stage.id, stage.status])).toEqual([
    ['data', 'restored'],
    ['size', 'computed'],
  ]);
  // The gate on a stage that was left out is named, and does not decide.
  expect(manifest.gates).toMatchObject([{ verdict: 'UNMEASURED' }]);
  expect(changed.stdout).not.toContain('\u001b');
  expect(changed.stdout).toContain('evil \\u001b[31m');
});

test('a stage that fails is told with its log and the command that repeats it', async () => {
  await using project = await Rig.create({
    ...files,
    'size.mjs': 'console.error("bad \\u001b[2J"); process.exit(3);\n',
  });
  const failed = await project.repro('run', '--profile', 'ci', '--cpus', '1');
  expect(failed.code).toBe(1);
  const told = failed.stdout.slice(failed.stdout.indexOf('FAILED size'));
  await expect(normalized(told, project.root)).toMatchFileSnapshot('../golden/verbs/failed-stage.txt');
  expect(latest(project).numbers).toHaveLength(2);
  const log = /log: (\S+)/.exec(failed.stdout)![1]!;
  expect(project.read(log)).toContain('bad');
  // What succeeded is kept.
  project.write('size.mjs', files['size.mjs']);
  await project.repro('run', '--profile', 'ci');
  expect(latest(project).stages.map((stage) => stage.status)).toEqual(['restored', 'restored', 'restored', 'computed']);
});

test('verify finds damage, and the next run repairs it', async () => {
  await using project = await Rig.create(files);
  await project.repro('run');
  const artifact = path.join(project.root, 'artifacts/data/d.txt');
  writeFileSync(artifact, 'HELLO');
  const edited = await project.repro('verify');
  expect(edited.code).toBe(4);
  expect(edited.stdout).toContain('changed data: "artifacts/data/d.txt" has been changed');

  const hex = latest(project).stages[0]!.record!.outputs.dataset!.digest.slice('sha256:'.length);
  const object = path.join(project.root, '.repro/objects', hex.slice(0, 2), hex.slice(2));
  chmodSync(object, 0o644);
  writeFileSync(object, 'hellO');
  const damaged = await project.repro('verify', 'latest');
  expect(damaged.code).toBe(4);
  expect(damaged.stdout).toContain('damaged data: Output "dataset" is damaged in the store');

  expect((await project.repro('run')).code).toBe(0);
  expect((await project.repro('verify')).code).toBe(0);
});

test('numbers that move though nothing changed end diff with 4', async () => {
  await using project = await Rig.create(files);
  const noisy = `import { readFileSync, writeFileSync } from 'node:fs';
const { numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
writeFileSync(numbers, JSON.stringify({ bytes: { value: Number(process.hrtime.bigint() % 1000000007n), unit: 'B', kind: 'exact' } }));
`;
  project.write('size.mjs', noisy);
  await project.repro('run');
  // Forgetting a result is the way to have it computed again.
  for (const record of readdirSync(path.join(project.root, '.repro/records'))) {
    rmSync(path.join(project.root, '.repro/records', record));
  }
  await project.repro('run');
  const { code, stdout } = await project.repro('diff');
  expect(code, stdout).toBe(4);
  expect(stdout).toContain('Moved though nothing recorded changed: 1 number');
  expect(stdout).toContain('because stage size gave other results from the same inputs (number bytes)');
});

test.each<[string, string[], string]>([
  ['an unknown verb', ['rnu'], 'Did you mean run?'],
  ['an unknown stage', ['run', 'trian'], 'did you mean "train"?'],
  ['an unknown parameter', ['status', '--set', 'stesp=1'], 'did you mean "steps"?'],
  ['no runs', ['numbers'], 'repro run'],
  ['a file that is no manifest', ['gate', 'pipeline.yaml'], 'not a manifest'],
  ['another file', ['run', '--file', 'none.yaml'], 'it does not exist'],
])('%s is refused with 2 and a cure', async (_, words, cure) => {
  await using project = await Rig.create(files);
  const { code, stderr, stdout } = await project.repro(...words);
  expect(code, stdout + stderr).toBe(2);
  expect(stderr).toContain(cure);
});

test.each([
  ['standard output', '', ['run', '--profile', 'ci', '--cpus', '1'], 3],
  ['standard output', '', ['numbers', '--json'], 2],
  ['standard error', '2>&1 >/dev/null', ['run', 'trian'], 2],
])('a reader of %s that goes away changes no exit code', async (_, redirected, words, code) => {
  await using project = await Rig.create(files);
  const within = ['sh', '-c', `("$@" ${redirected}; echo $? > code.txt) | true`, 'sh'];
  await project.startWith({ within }, ...words).result;
  expect(Number(project.read('code.txt'))).toBe(code);
  if (code === 3) expect(latest(project).run.outcome).toBe('complete');
});

test.skipIf(!existsSync('/dev/full'))(
  'where the output cannot be written, the verb still ends as it should',
  async () => {
    await using project = await Rig.create(files);
    const full = async (...words: string[]) =>
      project.startWith({ within: ['sh', '-c', '"$@" > /dev/full', 'sh'] }, ...words).result;
    const { code, stderr } = await full('run', '--cpus', '1');
    expect(code, stderr).toBe(1);
    expect(stderr).toBe('error file-system: Cannot write all of the output: ENOSPC: no space left on device, write\n');
    expect(latest(project).run.outcome).toBe('complete');
    expect(project.has('.repro/lock')).toBe(false);
    // Another exit code says more.
    expect((await full('run', 'trian', '--json')).code).toBe(2);
  },
);

test('a wrong pipeline file is shown with its line', async () => {
  await using project = await Rig.create({
    'pipeline.yaml': files['pipeline.yaml'].replace('inputs: { dataset', 'inptus: { dataset'),
  });
  const { code, stderr } = await project.repro('run');
  expect(code).toBe(2);
  await expect(stderr).toMatchFileSnapshot('../golden/verbs/wrong-file.txt');
});

test('Ctrl-C ends a run with 130 and keeps what is finished, also when pressed twice', async () => {
  await using control = await Control.listen();
  const slow = `size: { run: ${control.run('slow')}, code: [controlled.mjs], inputs: { dataset: data.dataset } }\n`;
  await using project = await Rig.create({
    ...files,
    'pipeline.yaml': files['pipeline.yaml'].replace(/size: .*\n/, slow),
    'controlled.mjs': controlledStage,
  });
  const run = project.start('run', '--json');
  const stage = await control.stage('slow');
  await stage.order('ignore', 'SIGTERM');
  run.signal('SIGINT');
  run.signal('SIGINT');
  run.signal('SIGTERM');
  const stopped = await run.result;
  expect(stopped.code, stopped.stdout + stopped.stderr).toBe(130);
  expect(stopped.stdout).toContain('"outcome":"interrupted"');
  expect(stopped.stdout).toContain('Stopping');
  const manifest = latest(project);
  expect(manifest.run.outcome).toBe('interrupted');
  const status = (id: string) => manifest.stages.find((candidate) => candidate.id === id)?.status;
  expect(status('data')).toBe('computed');
  expect(status('size')).toBe('cancelled');
});

test('gc says what nothing needs, deletes it when asked to, and a run goes on as before', async () => {
  await using project = await Rig.create(files);
  expect((await project.repro('run')).code).toBe(0);
  expect((await project.repro('run', '--profile', 'ci')).code).toBe(3);
  expect((await project.repro('gc')).stdout).toMatch(/^kept {5}2 runs, .*\ngarbage {2}nothing\n$/);
  const before = project.list('.repro/objects');
  const dry = await project.repro('gc', '--keep', '1');
  expect(dry.stdout).toMatch(
    /^kept {5}1 run, .*\ngarbage {2}1 run, 2 records, \d+ objects?: .*\nNothing was deleted: /,
  );
  expect(project.list('.repro/objects')).toEqual(before);
  expect((await project.repro('gc', '--keep', '1', '--delete')).code).toBe(0);
  expect(project.list('.repro/manifests')).toHaveLength(1);
  expect((await project.repro('verify')).code).toBe(0);
  expect((await project.repro('run', '--profile', 'ci')).stdout).toContain('4 restored');
});
