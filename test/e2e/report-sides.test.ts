// `repro report` of several runs and of all, as a process on a real project.
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';

const project = {
  'pipeline.yaml': `name: sides
params: { rate: 1 }
stages:
  train: { run: train.mjs, params: [rate], outputs: { curve: c.plot.json }, numbers: n.json }
gates:
  low: { number: train.loss, max: 1.5 }
`,
  'train.mjs': `import { readFileSync, writeFileSync } from 'node:fs';
const { params, outputs, numbers } = JSON.parse(readFileSync(process.env.REPRO_STAGE, 'utf8'));
for (let step = 0; step < 3; step++) console.log('::repro progress ' + JSON.stringify({ step, total: 3, metrics: { loss: params.rate / (1 + step) } }));
writeFileSync(outputs.curve, JSON.stringify({ title: 'Loss', x: { label: 'x' }, y: { label: 'y' }, series: [{ name: 's', points: [[0, params.rate], [1, 0]] }] }));
writeFileSync(numbers, JSON.stringify({ loss: { value: params.rate, standardError: 0.1, unit: 'nats', kind: 'estimate', better: 'lower' } }));
`,
};

const textOf = (html: string): string => parseHTML(html).document.body.textContent.replace(/\s+/g, ' ');
const idOf = (stdout: string): string => /\.repro\/manifests\/(\S+)\.json/.exec(stdout)![1]!;

test('two runs stand side by side, and with --attribute it is said what explains a move', async () => {
  await using rig = await Rig.create(project);
  const first = idOf((await rig.repro('run')).stdout);
  await rig.repro('tag', 'before');
  rig.write('pipeline.yaml', project['pipeline.yaml'].replace('rate: 1 ', 'rate: 2 '));
  const second = idOf((await rig.repro('run')).stdout);

  const written = await rig.repro('report', 'before', 'latest');
  expect(written, written.stderr).toMatchObject({ code: 0, stdout: 'artifacts/comparison.html\n' });
  const text = textOf(rig.read('artifacts/comparison.html'));
  // A tag stays what it is; "latest" will be another run.
  expect(text).toContain(`${second}, compared with before: 1 of 1 number moved, 1 beyond chance`);
  expect(text).toContain('1.00 ± 0.10 2.00 ± 0.10 +1, 7.1 σ, worse');
  expect(text).toMatch(/low train\.loss at most 1\.5 PASS 1\.00 FAIL 2\.00/);
  expect(text).toContain('train: loss');
  expect(text).not.toContain('How much each change explains');

  const answer = await rig.repro('report', first, second, '--attribute', '--json', '-o', 'pages/both.html');
  expect(JSON.parse(answer.stdout)).toEqual({ runs: [first, second], report: 'pages/both.html' });
  expect(textOf(rig.read('pages/both.html'))).toContain('train.loss +1 +1 100% parameter rate 1 → 2 (train)');
});

test('what is not known is said in its place: lost outputs, another pipeline, the same run twice', async () => {
  await using rig = await Rig.create(project);
  const first = idOf((await rig.repro('run')).stdout);
  const other = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
  other.pipeline.name = 'strange';
  other.run.id = 'stranger';
  other.stages[0]!.record!.outputs['curve']!.digest = `sha256:${'0'.repeat(64)}`;
  rig.write('other.json', JSON.stringify(other));
  await rig.repro('run', '--set', 'rate=2');
  const written = await rig.repro('report', first, 'last', 'other.json', first);
  expect(written, written.stderr).toMatchObject({ code: 0 });
  const text = textOf(rig.read('artifacts/comparison.html'));
  expect(text).toContain('with rate=2');
  expect(text).toContain('it is a run of the pipeline "strange", the first one of "sides"');
  expect(text).toContain('this is the same run as the first: nothing is compared');
  expect(text).toMatch(/other\.json: \S+c\.plot\.json cannot be read: its bytes are no longer in the store/);
});

test('all runs stand on one page, which leads to the pages of those that have one', async () => {
  await using rig = await Rig.create(project);
  const first = idOf((await rig.repro('run')).stdout);
  const second = idOf((await rig.repro('run', '--set', 'rate=2')).stdout);
  rig.write('.repro/manifests/20200101T000000Z-dead.json', '{ "format": ');
  await rig.repro('report', first, '-o', `artifacts/reports/${first}.html`);
  expect(await rig.repro('report', '--history')).toMatchObject({ code: 0, stdout: 'artifacts/history.html\n' });
  const page = rig.read('artifacts/history.html');
  const { document } = parseHTML(page);
  expect([...document.querySelectorAll('#runs tbody a')].map((link) => link.getAttribute('href'))).toEqual([
    `reports/${first}.html`,
  ]);
  const text = textOf(page);
  expect(text).toMatch(
    new RegExp(`2 ${second} \\S+ \\S+ UTC .*with rate=2 .* gate 0 of 1 gate passed the first of its kind`),
  );
  expect(text).toContain('20200101T000000Z-dead.json" is not a manifest');
  expect(await rig.repro('report', '--history', first)).toMatchObject({ code: 2 });
  expect(await rig.repro('report', '--attribute')).toMatchObject({ code: 2 });
});
