// The language of pipeline.yaml as people use it: words that insert, parameters of a cell, excluded cells, labels, renaming,
// passed variables, several files.
import { expect, test } from 'vitest';
import type { Manifest, StageAssignment } from '../../src/schema/types.ts';
import { Rig } from '../rig/rig.ts';

/** Of the last run, whatever it was. */
const manifestOf = (rig: Rig): Manifest =>
  JSON.parse(rig.read(`.repro/manifests/${rig.list('.repro/manifests').at(-1)!}`)) as Manifest;
const statusesOf = (rig: Rig): string[] => manifestOf(rig).stages.map(({ id, status }) => `${id} ${status}`);
const fingerprintsOf = (rig: Rig): (string | undefined)[] =>
  manifestOf(rig).stages.map(({ record }) => record?.fingerprint);

/** Writes its arguments, one a line, into the file that follows `-o`. */
const echo = `while [ $# -gt 0 ]; do
  if [ "$1" = -o ]; then output=$2; shift 2; else words="$words$1
"; shift; fi
done
printf '%s' "$words" > "$output"
`;

const words = {
  'pipeline.yaml': `name: words
params: { train: { rate: 0.1, layers: [8, 4] } }
stages:
  data: { run: [sh, echo.sh, rows, -o, '\${outputs.table}'], code: [echo.sh], outputs: { table: t.csv } }
  fit:
    run: [sh, echo.sh, '--rate=\${train.rate}', '\${train.layers}', '\${model}', '\${inputs.table}', '$\${HOME}', '\${seed}', '\${threads}', -o, '\${outputs.model}']
    code: [echo.sh]
    matrix: { model: [forest, linear] }
    inputs: { table: data.table }
    outputs: { model: m/model.txt }
`,
  'echo.sh': echo,
};

test('words of a command take what the stage is assigned, and nothing passes literally', async () => {
  await using rig = await Rig.create(words);
  expect((await rig.repro('run')).code).toBe(0);
  const lines = rig.read('artifacts/fit/model=forest/m/model.txt').split('\n');
  const { record } = manifestOf(rig).stages[1]!;
  expect(lines.slice(0, 4)).toEqual(['--rate=0.1', '8', '4', 'forest']);
  expect(lines[4]).toMatch(/^\/.*\/t\.csv$/);
  expect(lines.slice(5)).toEqual(['${HOME}', String(record!.preimage.seed), '1', '']);
  expect(record!.preimage).toMatchObject({ inserts: true, params: { train: { rate: 0.1, layers: [8, 4] } } });
  const why = await rig.repro('why', 'fit', '--set', 'train.rate=0.2');
  expect(why.stdout).toContain('params train.rate: 0.1 -> 0.2');
  expect(why.stdout).not.toContain('run: sh');
  expect((await rig.repro('verify', '--recompute', '3')).stdout).not.toContain('not recomputed');
  rig.write('pipeline.yaml', words['pipeline.yaml'].replace('${train.rate}', '${train.rte}'));
  const wrong = await rig.repro('run');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('pipeline.yaml:6:34 error unknown-parameter: Unknown parameter "train.rte"');
  expect(wrong.stderr).toContain('did you mean "train.rate"?');
});

test('one meaning has one fingerprint: spelt in full, or literal and escaped', async () => {
  await using rig = await Rig.create(words);
  await rig.repro('run');
  const before = fingerprintsOf(rig);
  const full = words['pipeline.yaml']
    .replace('${train.rate}', '${params.train.rate}')
    .replace('${model}', '${cell.model}');
  rig.write(
    'pipeline.yaml',
    full.replace('inputs: { table: data.table }', 'inputs: { table: data.table }\n    params: [train.rate]'),
  );
  await rig.repro('run');
  expect(statusesOf(rig)).toEqual(['data restored', 'fit[model=forest] restored', 'fit[model=linear] restored']);
  expect(fingerprintsOf(rig)).toEqual(before);
});

test('a change of what is of one cell reruns that cell alone: its parameters, its program', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: cells
params: { train: { forest: { size: 60 }, linear: { size: 1 } } }
stages:
  train:
    run: [sh, '\${model}.sh', '\${train.\${model}.size}', -o, '\${outputs.model}']
    code: ['\${model}.sh']
    params: ['train.\${model}']
    matrix: { model: [forest, linear], set: [a, b], exclude: [{ model: linear, set: b }] }
    outputs: { model: m.txt }
  use: { run: [sh, -c, 'cat "$1" > l.txt', sh, '\${inputs.model}'], code: [], inputs: { model: train.model }, outputs: { line: l.txt } }
`,
    'forest.sh': echo,
    'linear.sh': echo,
  });
  expect((await rig.repro('run')).code).toBe(0);
  const cells = ['model=forest,set=a', 'model=forest,set=b', 'model=linear,set=a'];
  expect(manifestOf(rig).stages.map(({ id }) => id)).toEqual(
    ['train', 'use'].flatMap((stage) => cells.map((cell) => `${stage}[${cell}]`)),
  );
  expect(rig.read('artifacts/use/model=linear,set=a/l.txt')).toBe('1\n');
  const computed = () => statusesOf(rig).filter((line) => /^train.*computed/.test(line));
  rig.write('pipeline.yaml', rig.read('pipeline.yaml').replace('size: 60', 'size: 80'));
  await rig.repro('run');
  expect(computed()).toEqual(['train[model=forest,set=a] computed', 'train[model=forest,set=b] computed']);
  rig.write('linear.sh', `${echo}# edited\n`);
  await rig.repro('run');
  expect(computed()).toEqual(['train[model=linear,set=a] computed']);
});

test('a program that a stage has built is run by another, and is part of its fingerprint by its bytes', async () => {
  const built = (text: string) => `name: built
stages:
  build: { run: [sh, -c, 'printf "#!/bin/sh\\\\necho ${text}" > p && chmod +x p'], code: [], outputs: { program: p } }
  use: { run: [sh, -c, '"$1" > u.txt', sh, '\${inputs.program}'], code: [], inputs: { program: build.program }, outputs: { u: u.txt } }
  direct: { run: ['\${inputs.program}'], inputs: { program: build.program } }
  by-env: { run: [env, A=1, '\${inputs.program}'], code: [], inputs: { program: build.program } }
`;
  await using rig = await Rig.create({ 'pipeline.yaml': built('one') });
  const first = await rig.repro('run');
  expect(first.code, first.stdout + first.stderr).toBe(0);
  expect(first.stderr).toBe('');
  const { stages, gaps } = manifestOf(rig);
  expect(stages.find(({ id }) => id === 'direct')!.record!.preimage).toMatchObject({
    run: ['${inputs.program}'],
    runtime: {},
  });
  expect(gaps.filter(({ stage }) => stage === 'direct').map(({ message }) => message)).toEqual([
    'What its program loads beside itself is not recorded',
  ]);
  expect(gaps.filter(({ message }) => message.startsWith('Which program'))).toEqual([]);
  expect((await rig.repro('verify', '--recompute', '4')).code).toBe(0);
  rig.write('pipeline.yaml', built('two'));
  await rig.repro('run');
  expect(statusesOf(rig).sort()).toEqual(['build computed', 'by-env computed', 'direct computed', 'use computed']);
});

test('labels say which file is of which cell, in the order of the file', async () => {
  const pipeline = (names: string) => `name: labels
stages:
  train: { run: [sh, -c, 'echo same > m.txt'], code: [], matrix: { k: [${names}] }, outputs: { model: m.txt } }
  compare:
    run: [sh, -c, 'tr -d " \\n" < "$REPRO_STAGE" | grep -o "\\"labels\\":{[^]]*]}" > told.json; for word; do echo "$word"; done > words.txt', sh, '\${labels.models}']
    code: []
    inputs: { models: { cells: 'train[*].model' } }
    outputs: { told: told.json, words: words.txt }
`;
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline('10, 2, x') });
  expect((await rig.repro('run')).code).toBe(0);
  const told = JSON.parse(`{${rig.read('artifacts/compare/told.json')}}`) as StageAssignment;
  expect(told.labels).toEqual({ models: [{ k: 10 }, { k: 2 }, { k: 'x' }] });
  expect(rig.read('artifacts/compare/words.txt')).toBe('k=10\nk=2\nk=x\n');
  // The bytes are the same, what they are of is not.
  rig.write('pipeline.yaml', pipeline('10, 2, y'));
  expect((await rig.repro('run')).stdout).toContain('input models: cell {"k":"x"} -> {"k":"y"} (same bytes)');
  expect(statusesOf(rig).at(-1)).toBe('compare computed');
  expect((await rig.repro('verify', '--recompute', '2')).code).toBe(0);
});

test('a renamed stage keeps its seed and its results', async () => {
  const pipeline = (name: string, was = '') => `name: renamed
seed: 5
stages:
  ${name}: { run: [sh, -c, 'echo $1 > s.txt', sh, '\${seed}'], code: [], ${was}outputs: { seed: s.txt } }
  read: { run: [sh, -c, 'cp "$1" r.txt', sh, '\${inputs.seed}'], code: [], inputs: { seed: ${name}.seed }, outputs: { r: r.txt } }
`;
  await using rig = await Rig.create({ 'pipeline.yaml': pipeline('train') });
  expect((await rig.repro('run')).code).toBe(0);
  const seed = rig.read('artifacts/train/s.txt');
  rig.write('pipeline.yaml', pipeline('fit', 'was: train, '));
  expect((await rig.repro('run')).code).toBe(0);
  expect(statusesOf(rig)).toEqual(['fit restored', 'read restored']);
  expect(rig.read('artifacts/fit/s.txt')).toBe(seed);
  expect((await rig.repro('verify')).code).toBe(0);
  rig.write('pipeline.yaml', pipeline('fit'));
  await rig.repro('run');
  expect(statusesOf(rig)[0]).toBe('fit computed');
});

test('diff compares the numbers of a renamed stage with those of what it was, and says what moved them', async () => {
  const pipeline = (name: string, rate: number, was = '') => `name: renamed
params: { rate: ${rate} }
stages:
  ${name}:
    run: [sh, measure.sh, '\${rate}', '\${k}', '\${numbers}']
    code: [measure.sh]
    ${was}
    matrix: { k: [1, 2] }
    numbers: n.json
`;
  await using rig = await Rig.create({
    'pipeline.yaml': pipeline('train', 1),
    'measure.sh': `printf '{ "loss": { "value": %s, "unit": "1", "kind": "exact" } }' "$(($1 * $2))" > "$3"\n`,
  });
  expect((await rig.repro('run')).code).toBe(0);
  rig.write('pipeline.yaml', pipeline('fit', 3, 'was: train'));
  expect((await rig.repro('run')).code).toBe(0);
  const { stdout, code } = await rig.repro('diff', '--attribute');
  expect(code, stdout).toBe(0);
  expect(stdout).toMatch(/fit\[k=2\]\.loss +2 +6 +\+4/);
  expect(stdout).not.toContain('train');
  expect(stdout).toMatch(/fit\[k=1\]\.loss moved by \+2\n +\+2 +100% +parameter rate 1 → 3/);
  expect((await rig.repro('diff', 'latest', 'previous')).stdout).toMatch(/train\[k=2\]\.loss +6 +2 +-4/);
});

test('a passed variable reaches the stage and no file, and its change reruns nothing', async () => {
  const secret = 'c0ffee-very-secret-5d41402a';
  await using rig = await Rig.create({
    'pipeline.yaml': `name: passed
stages:
  report: { run: [sh, -c, 'echo $\${#KEY} > n.txt'], code: [], env: { pass: [KEY] }, outputs: { n: n.txt } }
`,
  });
  const first = await rig.startWith({ environment: { KEY: secret } }, 'run').result;
  expect(first.code).toBe(0);
  expect(rig.read('artifacts/report/n.txt')).toBe(`${secret.length}\n`);
  const again = await rig.startWith({ environment: { KEY: 'other' } }, 'run').result;
  expect(again.stdout).toContain('nothing has changed since');
  const others = [first.stdout, first.stderr, again.stdout];
  for (const text of [
    ...others,
    ...rig
      .list('.')
      .filter((path) => !path.startsWith('node_modules'))
      .map((path) => rig.read(path)),
  ]) {
    expect(text).not.toContain(secret);
  }
  expect(manifestOf(rig).gaps.map(({ message }) => message)).toContain(
    'Sees KEY of the environment, of which nothing is recorded: a change goes unnoticed',
  );
  expect((await rig.repro('verify')).code).toBe(0);
});

test('a pipeline in several files: digests of each, and a change of any is noticed', async () => {
  const part = `stages:
  toy: { run: [sh, -c, 'echo 1 > t.txt'], params: [toy], outputs: { t: t.txt } }
`;
  await using rig = await Rig.create({
    'pipeline.yaml': `name: files
include: [parts/toys.yaml]
params: { toy: 1 }
stages:
  use: { run: [sh, -c, 'cp "$1" u.txt', sh, '\${inputs.t}'], code: [], inputs: { t: toy.t }, outputs: { u: u.txt } }
`,
    'parts/toys.yaml': part,
  });
  const first = await rig.repro('run');
  expect(first.code).toBe(0);
  expect(first.stderr).toContain('parts/toys.yaml:2:10 warning missing-code');
  expect(manifestOf(rig).pipeline.included).toEqual([
    { file: 'parts/toys.yaml', digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string },
  ]);
  await rig.repro('export', 'ro-crate');
  expect(rig.read('ro-crate-metadata.json')).toContain('"@id": "parts/toys.yaml"');
  const again = await rig.repro('run');
  expect(again.stdout).toContain('nothing has changed since');
  expect(again.stderr).toContain('parts/toys.yaml:2:10 warning missing-code');
  rig.write('parts/toys.yaml', part.replace('echo 1', 'echo 2'));
  await rig.repro('run');
  expect(rig.read('artifacts/use/u.txt')).toBe('2\n');
  rig.write('parts/toys.yaml', part.replace('outputs', 'outptus'));
  const wrong = await rig.repro('run');
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('parts/toys.yaml:2:58 error unknown-key: Unknown key "outptus"');
});
