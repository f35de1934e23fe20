// Runs of small projects of shell and TypeScript stages, in this process.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/runner/event.ts';
import { systemClock } from '../../src/runner/process/clock.ts';
import { parseDigest } from '../../src/store/digest.ts';
import { nodeFileSystem, type FileSystem } from '../../src/store/file-system.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';

const chain = `
name: chain
params: { n: 1, other: 1 }
stages:
  make:
    run: [sh, make.sh]
    code: [make.sh]
    params: [n]
    inputs: { raw: { file: raw.txt } }
    outputs: { data: data.txt }
  use:
    run: [sh, -c, 'cat ../inputs/data/data.txt > result.txt; echo more >> result.txt']
    inputs: { data: make.data }
    outputs: { result: result.txt }
`;
/** Its output depends on the raw data, and on \`n\` only when that is 2. */
const make = `
echo made > data.txt
cat "$(sed -n 's/.*"raw": "\\(.*\\)".*/\\1/p' "$REPRO_STAGE")" >> data.txt
if grep -q '"n": 2' "$REPRO_STAGE"; then echo two >> data.txt; fi
`;
const chainFiles = { 'pipeline.yaml': chain, 'make.sh': make, 'raw.txt': 'raw\n' };

const warnings = (events: readonly RunEvent[]): string[] =>
  events.flatMap((event) => (event.kind === 'warning' ? [event.message] : []));

describe('runPipeline', () => {
  it('computes, publishes, and restores everything the second time', async () => {
    await using rig = await Rig.create(chainFiles);
    const first = await rig.run();
    expect(first.outcome).toBe('complete');
    expect(first.statuses).toEqual(['make computed', 'use computed']);
    expect(first.cells.map(({ reasons }) => reasons)).toEqual([['no earlier execution'], ['no earlier execution']]);
    expect(rig.read('artifacts/use/result.txt')).toBe('made\nraw\nmore\n');
    expect(rig.list('.repro/work')).toEqual([]);

    const second = await rig.run();
    expect(second.statuses).toEqual(['make restored', 'use restored']);
    expect(second.cells.map(({ record }) => record)).toEqual(first.cells.map(({ record }) => record));
    expect(second.cells.map(({ published }) => published)).toEqual(['artifacts/make', 'artifacts/use']);
    expect(second.cells.map(({ sources }) => sources)).toEqual([
      { raw: 'raw.txt' },
      { data: { cell: 'make', output: 'data' } },
    ]);
  });

  it('waits for the disk to have what took a second to compute, results before records, and not for what is quick', async () => {
    for (const step of [0.001, 1]) {
      await using rig = await Rig.create(chainFiles);
      const synced: string[] = [];
      const paths = new Map<number, string>();
      const fileSystem: FileSystem = {
        ...nodeFileSystem,
        openSync: ((...words: Parameters<typeof fs.openSync>) => {
          const file = fs.openSync(...words);
          paths.set(file, String(words[0]));
          return file;
        }) as typeof fs.openSync,
        fsyncSync: (file) => void synced.push(paths.get(file)!),
      };
      const store = openStore(rig.root, fileSystem);
      let seconds = 0;
      const clock = { now: () => systemClock.now(), seconds: () => (seconds += step) };
      const { cells } = await rig.run({ store, clock });
      for (const { outputs, log } of cells.map(({ record }) => record!)) {
        for (const digest of [log, ...Object.values(outputs).map((output) => output.digest)]) {
          const place = synced.indexOf(store.objects.path(parseDigest(digest)));
          expect(place >= 0).toBe(step === 1);
          expect(place).toBeLessThan(synced.lastIndexOf(join(store.directory, 'records')) + (step === 1 ? 0 : 1));
        }
      }
    }
  });

  it('stops at a stage whose output came out the same, and names what changed', async () => {
    await using rig = await Rig.create(chainFiles);
    await rig.run();
    const same = await rig.run({ overrides: { n: 3 } });
    expect(same.statuses).toEqual(['make computed', 'use restored']);
    expect(same.cells[0]?.reasons).toEqual(['params n: 1 -> 3']);
    const other = await rig.run({ overrides: { n: 2 } });
    expect(other.statuses).toEqual(['make computed', 'use computed']);
    expect(other.cells[1]?.reasons).toEqual([
      expect.stringMatching(/^input data changed \(make\.data sha256:.* -> .*\)$/),
    ]);
    expect((await rig.run({ overrides: { other: 5 } })).statuses).toEqual(['make restored', 'use restored']);
    rig.write('make.sh', `${make}# a comment\n`);
    expect((await rig.run()).cells[0]?.reasons).toEqual(['code make.sh changed']);
  });

  it('runs the code it hashed: editing it during the run changes nothing until the next', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: edit
stages:
  first: { run: [sh, -c, 'true'], numbers: n.json }
  second: { run: [sh, second.sh], code: [second.sh], outputs: { out: out.txt } }
  third: { run: third.ts, outputs: { out: out.txt } }
`.replace("[sh, -c, 'true'], numbers: n.json", `[sh, -c, 'echo {} > n.json'], numbers: n.json`),
      'second.sh': 'echo old > out.txt',
      'third.ts': `import { word } from './word.ts';\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('out.txt', word as string);`,
      'word.ts': `export const word: string = 'old';`,
    });
    const edited = await rig.run({
      cpus: 1,
      emit: (event) => {
        if (event.kind !== 'stage-started' || event.stage !== 'first') return;
        rig.write('second.sh', 'echo new > out.txt');
        rig.write('word.ts', `export const word: string = 'new';`);
      },
    });
    expect(edited.outcome).toBe('complete');
    expect(rig.read('artifacts/second/out.txt')).toBe('old\n');
    expect(rig.read('artifacts/third/out.txt')).toBe('old');
    const next = await rig.run();
    expect(next.statuses).toEqual(['first restored', 'second computed', 'third computed']);
    expect(next.cells[2]?.reasons).toEqual(['code word.ts changed (third.ts -> word.ts)']);
    expect(rig.read('artifacts/third/out.txt')).toBe('new');
  });

  it('does not keep a result whose input changed while it was computed', async () => {
    await using rig = await Rig.create(chainFiles);
    const run = await rig.run({
      emit: (event) => {
        if (event.kind === 'stage-started') rig.write('raw.txt', 'other\n');
      },
    });
    expect(run.statuses).toEqual(['make failed', 'use blocked']);
    expect(run.cells[0]?.failure).toMatchObject({ code: 'input-changed' });
    expect(rig.list('.repro/records')).toEqual([]);
  });

  it.each([
    ['a small one, of which it has a copy', 'raw\n', ['make restored', 'use computed'], []],
    ['a large one, to which it has a link', 'raw\n'.repeat(5000), ['make computed', 'use computed'], ['is damaged']],
  ])(
    'does not keep a result of a stage that wrote into an input from another stage: %s',
    async (_, raw, again, warned) => {
      await using rig = await Rig.create({
        ...chainFiles,
        'raw.txt': raw,
        'pipeline.yaml': chain.replace(
          `'cat`,
          `'chmod u+w ../inputs/data/data.txt; echo evil >> ../inputs/data/data.txt; cat`,
        ),
      });
      const run = await rig.run();
      expect(run.statuses).toEqual(['make computed', 'use failed']);
      expect(run.cells[1]?.failure).toMatchObject({ code: 'input-changed' });
      expect(warnings(run.events)).toEqual(warned.map((text) => expect.stringContaining(text)));
      rig.write('pipeline.yaml', chain);
      expect((await rig.run()).statuses).toEqual(again);
      expect(rig.read('artifacts/use/result.txt')).toBe(`made\n${raw}more\n`);
    },
  );

  it('lets a stage delete the copy of a small input that it is done with', async () => {
    const done = chain.replace('echo more', 'rm -f ../inputs/data/data.txt; echo more');
    await using rig = await Rig.create({ ...chainFiles, 'pipeline.yaml': done });
    expect((await rig.run()).statuses).toEqual(['make computed', 'use computed']);
  });

  it('fails a cell whose data or code is missing, and goes on with the others', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: missing
stages:
  data: { run: [sh, -c, 'true'], inputs: { raw: { file: nowhere.txt } } }
  kind: { run: [sh, -c, 'true'], inputs: { raw: { file: here } } }
  code: { run: [sh, x.sh], code: ['*.sh'] }
  program: { run: [no-such-program] }
  module: { run: nowhere.ts }
  syntax: { run: broken.ts }
  package: { run: imports.ts }
  fine: { run: [sh, -c, 'true'] }
`,
      'here/file': '',
      'broken.ts': 'const x = ;',
      'imports.ts': `import 'no-such-package';`,
    });
    const { cells } = await rig.run();
    expect(Object.fromEntries(cells.map(({ cell, failure, status }) => [cell.id, failure?.code ?? status]))).toEqual({
      data: 'missing-input',
      kind: 'missing-input',
      code: 'missing-code',
      program: 'missing-program',
      module: 'bad-code',
      syntax: 'bad-code',
      package: 'unknown-package',
      fine: 'computed',
    });
    const message = (id: string): string | undefined => cells.find(({ cell }) => cell.id === id)?.failure?.message;
    const hint = (id: string): string | undefined => cells.find(({ cell }) => cell.id === id)?.failure?.hint;
    expect(message('module')).toBe('The module "nowhere.ts" does not exist, declared as run');
    expect(hint('module')).toBe('correct "run" of the stage in the pipeline file, or write the module');
    expect(hint('code')).toBe('correct "code" of the stage in the pipeline file, or make the file');
    expect(message('syntax')).toBe('broken.ts:1:11: Unexpected ";"');
    expect(message('package')).toBe('Cannot find package "no-such-package", imported by "imports.ts"');
  });

  it.each([
    ['interpreter', '[./bad.sh]', '#!/no/such/interpreter\n', 0o755, 'its dynamic loader'],
    ['permission', '[./bad.sh]', '#!/etc\n', 0o644, 'chmod +x'],
    ['room for its arguments', `[sh, bad.sh, "${'x'.repeat(2 ** 18)}"]`, '', 0o644, 'longer than the system allows'],
    ['words that can be given', '[sh, bad.sh, "\\0"]', '', 0o644, 'NUL character'],
  ])('says how to start a program without its %s', async (_, run, script, mode, hint) => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: unstarted\nstages:\n  a: { run: ${run}, code: [bad.sh], outputs: { o: o.txt } }\n`,
      'bad.sh': script,
    });
    fs.chmodSync(join(rig.root, 'bad.sh'), mode);
    const { cells } = await rig.run();
    expect(cells[0]?.failure).toMatchObject({ code: 'not-started', hint: expect.stringContaining(hint) as string });
  });

  it.each([
    ['missing-output', 'true', 'Did not write its output "out.txt"'],
    ['missing-output', 'mkdir dir; echo x > out.txt; rmdir dir', 'Did not write its output "dir/"'],
    ['bad-output', 'mkdir dir out.txt', 'Its output "out.txt" is not a file'],
    ['bad-output', 'echo x > out.txt; echo x > dir', 'Its output "dir" is not a directory'],
    ['bad-output', 'mkdir dir; ln -s /etc/hostname out.txt', 'Its output "out.txt" is a symbolic link'],
    ['bad-file', 'mkdir dir; echo x > out.txt; ln -s /etc dir/link', /dir\/+link" is a symbolic link/],
    [
      'unexpected-output',
      'mkdir dir sub; echo x > out.txt; touch sub/a b',
      'Left "b", "sub/a" in its directory, which it does not declare',
    ],
    ['exit-code', 'exit 7', 'Ended with exit code 7'],
  ])('refuses with %s what "%s" leaves', async (code, script, message) => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: outputs
stages:
  a: { run: [sh, -c, '${script}'], outputs: { out: out.txt, dir: dir/ } }
`,
    });
    const { cells } = await rig.run();
    expect(cells[0]?.failure).toMatchObject({
      code,
      message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
    });
    expect(rig.list('.repro/records')).toEqual([]);
    expect(rig.list('artifacts')).toEqual([]);
  });

  it('gives a stage its assignment, and nothing of the surroundings but what it declares', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: env
seed: 7
params: { a: { b: [1, 2], hidden: 1 } }
stages:
  a:
    run: [sh, -c, 'env | sort > env.txt; cp stage.json copy.json; echo x > tmp/x; test -d scratch']
    params: [a.b]
    env: [RUN_TEST_SEEN, RUN_TEST_UNSET]
    outputs: { env: env.txt, copy: copy.json }
    resources: { cpus: 2 }
    matrix: { toy: [x] }
`,
    });
    process.env['RUN_TEST_SEEN'] = 'seen';
    process.env['RUN_TEST_HIDDEN'] = 'hidden';
    const { cells } = await rig.run();
    const names = rig
      .read('artifacts/a/toy=x/env.txt')
      .trim()
      .split('\n')
      .map((line) => line.split('=')[0]);
    const own = ['PWD', 'OLDPWD', 'SHLVL', '_']; // The shell's.
    expect(names.filter((name) => !own.includes(name!)).sort()).toEqual(
      [
        'PATH',
        'HOME',
        'TMPDIR',
        'LANG',
        'TZ',
        'OMP_NUM_THREADS',
        'OPENBLAS_NUM_THREADS',
        'MKL_NUM_THREADS',
        'RUN_TEST_SEEN',
        'REPRO_STAGE',
      ].sort(),
    );
    const assignment = JSON.parse(rig.read('artifacts/a/toy=x/copy.json')) as Record<string, unknown>;
    expect(assignment).toMatchObject({
      protocol: 1,
      stage: 'a',
      cell: { toy: 'x' },
      threads: 2,
      params: { a: { b: [1, 2] } },
      inputs: {},
    });
    expect(assignment['seed']).toBe(cells[0]?.record?.preimage.seed);
    expect(JSON.stringify(assignment)).not.toContain('hidden');
    process.env['RUN_TEST_SEEN'] = 'other';
    expect((await rig.run()).cells[0]?.reasons).toEqual(['env RUN_TEST_SEEN changed']);
    delete process.env['RUN_TEST_SEEN'];
    delete process.env['RUN_TEST_HIDDEN'];
  });

  it('hands over directories, gathered cells in order, optional inputs and outside directories', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: inputs
params: { path: null }
stages:
  cell:
    run: [sh, -c, 'mkdir -p d/s; grep -o "\\"i\\": [0-9]*" stage.json > d/s/i.txt; cp d/s/i.txt i.txt; chmod +x i.txt; cp i.txt d/run']
    matrix: { i: [10, 9] }
    outputs: { dir: d/, file: i.txt }
  join:
    run: [sh, -c, 'cat ../inputs/files/*/i.txt ../inputs/dir/d/s/i.txt > all.txt; test -x ../inputs/dir/d/run; find ../inputs | sort >> all.txt']
    inputs: { files: "cell[*].file", dir: "cell[i=9].dir", none: { file: "\${path}", optional: true }, raw: { dir: raw } }
    outputs: { all: all.txt }
`,
      'raw/x/y': 'z',
    });
    const first = await rig.run();
    expect(first.outcome).toBe('complete');
    expect(rig.read('artifacts/join/all.txt')).toBe(
      `"i": 10
"i": 9
"i": 9
../inputs
../inputs/dir
../inputs/dir/d
../inputs/dir/d/run
../inputs/dir/d/s
../inputs/dir/d/s/i.txt
../inputs/files
../inputs/files/0
../inputs/files/0/i.txt
../inputs/files/1
../inputs/files/1/i.txt
`,
    );
    expect(rig.list('artifacts/cell')).toEqual([
      'i=10/d/run',
      'i=10/d/s/i.txt',
      'i=10/i.txt',
      'i=9/d/run',
      'i=9/d/s/i.txt',
      'i=9/i.txt',
    ]);
    expect((await rig.run()).statuses.every((status) => status.endsWith('restored'))).toBe(true);
    rig.write('raw/x/new', '');
    expect((await rig.run()).cells[2]?.reasons).toEqual([expect.stringMatching(/^input raw changed \(raw\/ /)]);
  });

  it('runs a command from copies of its declared code, and of nothing else', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: command
stages:
  a: { run: [./bin/go.sh, lib/one.txt], code: [bin/go.sh, 'lib/**/*.txt'], outputs: { out: out.txt } }
`,
      'bin/go.sh':
        '#!/bin/sh\ncat "$1" "$(dirname "$0")"/../lib/deep/two.txt > out.txt; ls "$(dirname "$0")"/../lib >> out.txt\n',
      'lib/one.txt': 'one\n',
      'lib/deep/two.txt': 'two\n',
      'lib/undeclared.py': '',
    });
    fs.chmodSync(join(rig.root, 'bin/go.sh'), 0o755);
    const { cells } = await rig.run();
    expect(rig.read('artifacts/a/out.txt')).toBe('one\ntwo\ndeep\none.txt\n');
    const { code, runtime, run } = cells[0]!.record!.preimage;
    expect(Object.keys(code)).toEqual(['bin/go.sh', 'lib/deep/two.txt', 'lib/one.txt']);
    expect([Object.keys(runtime), run]).toEqual([['sh'], ['bin/go.sh', 'lib/one.txt']]);
    rig.write('lib/deep/three.txt', '');
    expect((await rig.run()).cells[0]?.reasons).toEqual(['code lib/deep/three.txt added']);
  });

  it('recomputes exactly what lost its result to a damaged or missing object, and says so', async () => {
    await using rig = await Rig.create(chainFiles);
    const { cells } = await rig.run();
    const object = (i: number, name: string): string => {
      const hex = cells[i]!.record!.outputs[name]!.digest.slice('sha256:'.length);
      return join(rig.root, '.repro/objects', hex.slice(0, 2), hex.slice(2));
    };
    fs.chmodSync(object(0, 'data'), 0o644);
    fs.writeFileSync(object(0, 'data'), 'bad');
    const healed = await rig.run();
    expect(healed.statuses).toEqual(['make computed', 'use restored']);
    expect(healed.cells[0]?.reasons).toEqual(['results of the earlier execution are missing or damaged']);
    expect(warnings(healed.events)).toEqual([expect.stringContaining('is damaged')]);
    fs.rmSync(object(1, 'result'), { force: true });
    expect((await rig.run()).statuses).toEqual(['make restored', 'use computed']);
  });

  it('warns when a forced execution gives another result', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `
name: random
stages:
  a:
    run: [sh, -c, 'echo $$ > out.txt; echo "{\\"pid\\": {\\"value\\": $$, \\"unit\\": \\"1\\", \\"kind\\": \\"exact\\"}}" > n.json']
    outputs: { out: out.txt }
    numbers: n.json
`,
    });
    const first = await rig.run();
    const second = await rig.run({ force: new Set(['a']) });
    const [was, is] = [first, second].map(({ cells }) => cells[0]?.record?.numbers['pid']?.value);
    expect(warnings(second.events)).toEqual([`The same inputs gave another result: outputs out; pid ${was} -> ${is}`]);
  });

  it('warns of an import that cannot be followed, with its place, and points errors at the source', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': 'name: module\nstages:\n  a: { run: stages/a.ts, numbers: n.json }\n',
      'stages/a.ts': `const name: string = './x.js';\n\nif (process.argv.length > 9) await import(name);\nthrow new Error('oops');\n`,
    });
    const { events, cells } = await rig.run();
    expect(warnings(events)).toEqual([
      'stages/a.ts:3:36: the name of what is imported is computed: its code is not followed',
    ]);
    expect(cells[0]?.failure?.tail.join('\n')).toMatch(/stages\/a\.ts:4/);
  });
});

describe('inspectPipeline', () => {
  it('says what a run would do and why, without running anything', async () => {
    await using rig = await Rig.create(chainFiles);
    expect(await rig.inspect()).toEqual({
      make: { kind: 'stale', since: null, reasons: ['no earlier execution'], hasFailed: false },
      use: { kind: 'waiting', on: ['make'], since: null, reasons: ['no earlier execution'] },
    });
    expect(rig.list('.repro/records')).toEqual([]);
    const { runId: run } = await rig.run();
    expect(await rig.inspect()).toMatchObject({ make: { kind: 'current' }, use: { kind: 'current' } });
    expect(await rig.inspect({ n: 2 })).toMatchObject({
      make: { kind: 'stale', since: { run }, reasons: ['params n: 1 -> 2'] },
      use: { kind: 'waiting', on: ['make'], since: { run }, reasons: [] },
    });
    rig.write('pipeline.yaml', chain.replace('echo more', 'echo less'));
    const { make, use } = await rig.inspect();
    expect(make).toMatchObject({ kind: 'current' });
    expect(use).toMatchObject({
      kind: 'stale',
      since: { run },
      reasons: [expect.stringMatching(/^run: .*echo more .* -> .*echo less /)],
    });
    fs.rmSync(join(rig.root, 'raw.txt'));
    expect((await rig.inspect())['make']).toMatchObject({ kind: 'broken', failure: { code: 'missing-input' } });
  });

  it('agrees with the run that follows', async () => {
    await using rig = await Rig.create(chainFiles);
    const { runId: run } = await rig.run();
    rig.write('make.sh', `${make}\n`);
    const before = await rig.inspect();
    const { cells } = await rig.run();
    expect(before['make']).toMatchObject({ kind: 'stale', since: { run }, reasons: cells[0]?.reasons });
  });
});
