// `repro figure`: figures of a run as files, tied to it, and what is refused.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Manifest } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';

const plot = {
  title: 'Training',
  x: { label: 'step' },
  y: { label: 'loss' },
  series: [{ name: 'ce', points: [[0, 2], [1, 1]] }], // prettier-ignore
};
/** Of one pixel. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==';

const files = {
  'pipeline.yaml': `name: figures
params: { shift: 0 }
stages:
  train:
    run: [sh, train.sh]
    code: [train.sh]
    params: [shift]
    matrix: { replicate: 2 }
    outputs: { curves: curves.plot.json, samples: out/grid.png, log: log.txt }
  check: { run: [sh, check.sh], code: [check.sh], outputs: { figure: f.plot.json } }
  plain: { run: [sh, plain.sh], code: [plain.sh], outputs: { text: t.txt } }
  wrong: { run: [sh, wrong.sh], code: [wrong.sh], outputs: { figure: f.plot.json } }
`,
  'train.sh': `mkdir -p out
printf '%s' '${JSON.stringify(plot)}' > curves.plot.json
printf '%s' '${png}' | base64 -d > out/grid.png
printf x > log.txt
`,
  'check.sh': `printf '%s' '${JSON.stringify({ ...plot, title: 'Check' })}' > f.plot.json\n`,
  'plain.sh': 'printf x > t.txt\n',
  'wrong.sh': `printf '%s' '${JSON.stringify({ ...plot, series: [{ name: 'ce', points: [[0]] }] })}' > f.plot.json\n`,
};

async function finishedProject(): Promise<Rig> {
  const project = await Rig.create(files);
  const { code, stderr } = await project.repro('run');
  expect(code, stderr).toBe(0);
  return project;
}

const latest = (project: Rig): Manifest => JSON.parse(project.read('artifacts/manifest.json')) as Manifest;
const metadataOf = (svg: string): object => JSON.parse(/<metadata>([^]*)<\/metadata>/.exec(svg)![1]!) as object;

test('a plot becomes an SVG that says which run it is of, the same each time', async () => {
  await using project = await finishedProject();
  const { code, stdout, stderr } = await project.repro('figure', 'train[replicate=1].curves');
  expect(code, stderr).toBe(0);
  expect(stdout).toBe('artifacts/figures/train[replicate=1].curves.svg\n');
  const svg = project.read(stdout.trim());
  expect(svg).toContain('<title>Training</title>');
  const manifest = latest(project);
  const stage = manifest.stages.find(({ id }) => id === 'train[replicate=1]')!;
  expect(metadataOf(svg)).toEqual({
    address: 'train[replicate=1].curves',
    output: {
      path: 'artifacts/train/replicate=1/curves.plot.json',
      digest: stage.record!.outputs['curves']!.digest,
      sizeBytes: JSON.stringify(plot).length,
    },
    stage: 'train[replicate=1]',
    run: manifest.run.id,
    computed: manifest.run.id,
    pipeline: { name: 'figures', digest: manifest.pipeline.digest, profile: null, overrides: {} },
    git: null,
    fingerprint: stage.record!.fingerprint,
    closure: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
  });

  const again = await project.repro(
    'figure',
    'train[replicate=1].curves',
    manifest.run.id,
    '-o',
    'there.svg',
    '--json',
  );
  expect(JSON.parse(again.stdout)).toEqual({ written: 'there.svg', ...metadataOf(svg) });
  expect(project.read('there.svg')).toBe(svg);
});

test('a stage with one figure is short for it', async () => {
  await using project = await finishedProject();
  expect((await project.repro('figure', 'check')).stdout).toBe('artifacts/figures/check.figure.svg\n');
});

test('an image is copied bit for bit, and what it is of is printed', async () => {
  await using project = await finishedProject();
  const { code, stdout } = await project.repro('figure', 'train[replicate=0].samples');
  expect(code).toBe(0);
  const copy = 'artifacts/figures/train[replicate=0].samples.png';
  const bytes = readFileSync(join(project.root, copy));
  expect(bytes.toString('base64')).toBe(png);
  const manifest = latest(project);
  expect(stdout.split('\n')).toEqual([
    copy,
    `  train[replicate=0].samples of run ${manifest.run.id}`,
    `  output   sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    expect.stringMatching(/^ {2}closure {2}sha256:[0-9a-f]{64}$/),
    `  pipeline ${manifest.pipeline.digest}`,
    '',
  ]);
  const json = await project.repro('figure', 'train[replicate=0].samples', '-o', 'grid.png', '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ written: 'grid.png', run: manifest.run.id });
  expect(readFileSync(join(project.root, 'grid.png'))).toEqual(bytes);
});

test('who quotes another run than a whole one is told', async () => {
  await using project = await finishedProject();
  await project.repro('run', '--set', 'shift=2');
  const { stderr, stdout } = await project.repro('figure', 'check', 'last');
  expect(stderr).toMatch(/^Quoted is run \S+: with shift=2\n$/);
  expect(metadataOf(project.read(stdout.trim()))).toMatchObject({ pipeline: { overrides: { shift: 2 } } });
});

test('figures that are not there are refused, and near ones named', async () => {
  await using project = await finishedProject();
  const all = ['train[replicate=0].curves', 'train[replicate=1].samples', 'check.figure'];
  const cases: [address: string, why: string, hints: string[]][] = [
    ['chekc.figure', 'has no figure "chekc.figure"', ['did you mean: "check.figure"\n']],
    ['chekc', 'has no figure "chekc"', ['did you mean: "check.figure"\n']],
    ['nothing-like-it', 'has no figure "nothing-like-it"', all],
    ['plain', 'has no figure in the outputs of "plain"', all],
    ['plain.text', '"plain.text": it is t.txt, and figures end in .plot.json or .png', all],
    ['plain.constructor', 'has no output "constructor" of "plain"', all],
    ['check.loss', 'has no output "loss" of "check"', ['figures: "check.figure"\n']],
    ['train', '"train" has 4 figures, and one is copied at a time', all.slice(0, 2)],
    ['train[replicate=0]', '"train[replicate=0]" has 2 figures', all.slice(0, 1)],
    ['train.curves', '"train.curves" has 2 figures', ['"train[replicate=0].curves", "train[replicate=1].curves"\n']],
  ];
  const check = async () => {
    for (let next = cases.pop(); next !== undefined; next = cases.pop()) {
      const [address, why, hints] = next;
      const { code, stderr } = await project.repro('figure', address);
      expect(code, address).toBe(2);
      expect(stderr).toContain(`error no-figure: `);
      expect(stderr).toContain(why);
      for (const hint of hints) expect(stderr).toContain(hint);
    }
  };
  await Promise.all([check(), check()]);
  expect(project.has('artifacts/figures')).toBe(false);
});

test('a file of another kind, a plot that is none, and bytes that are gone are told as such', async () => {
  await using project = await finishedProject();
  const refused = async (...words: string[]) => {
    const { code, stderr } = await project.repro('figure', ...words);
    return [code, ...stderr.trimEnd().split('\n')];
  };
  expect(await refused('check', '-o', 'check.pdf')).toEqual([
    2,
    'error bad-usage: "check.figure" is a plot, which is written as .svg, not to "check.pdf"',
    '  hint: other programs make a .pdf of the .svg: rsvg-convert, Inkscape, or a browser',
  ]);
  expect(await refused('train[replicate=0].samples', '-o', 'grid.svg')).toEqual([
    2,
    'error bad-usage: "train[replicate=0].samples" is an image, which is copied as .png, not to "grid.svg"',
  ]);
  expect(await refused('wrong')).toEqual([
    1,
    expect.stringContaining(
      'bad-plot: artifacts/wrong/f.plot.json cannot be drawn: series[0].points[0] is [0]: a point is',
    ),
    '  hint: the stage "wrong" writes it: docs/stage-protocol.md says what a plot is',
  ]);
  for (const folder of readdirSync(join(project.root, '.repro/objects'))) {
    rmSync(join(project.root, '.repro/objects', folder), { recursive: true });
  }
  expect(await refused('check')).toEqual([
    1,
    'error missing-object: The bytes of "check.figure" are no longer in the store',
    '  hint: run it again: repro run check',
  ]);
});

test('a run without figures, and a stage without a result, are told as such', async () => {
  await using project = await Rig.create({
    ...files,
    'pipeline.yaml': `name: none
stages:
  plain: { run: [sh, plain.sh], code: [plain.sh], outputs: { text: t.txt } }
  fails: { run: [sh, fails.sh], code: [fails.sh], outputs: { figure: f.plot.json } }
`,
    'fails.sh': 'exit 3\n',
  });
  await project.repro('run');
  const failed = await project.repro('figure', 'fails.figure', 'last');
  expect(failed.stderr).toContain('has no result of "fails"');
  expect(failed.stderr).toContain('hint: a run has one where a stage has an output that ends in .plot.json or .png');
});

test('completion offers the figures of the latest run', async () => {
  await using project = await finishedProject();
  const offered = async (...words: string[]) =>
    (await project.repro('complete', '--', ...words)).stdout.trim().split('\n');
  expect(await offered('fig')).toEqual(['figure']);
  expect(await offered('figure', 'train[replicate=1].')).toEqual([
    'train[replicate=1].curves',
    'train[replicate=1].samples',
  ]);
  expect(await offered('figure', 'check.figure', 'lat')).toEqual(['latest']);
  writeFileSync(join(project.root, 'artifacts/manifest.json'), '{"numbers":[],"stages":[{"record":1}]}');
  expect(await offered('figure', '')).toEqual(['']);
});
