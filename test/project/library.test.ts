// The tool as a library: what `import { openProject } from 'repro'` gives, and that it leaves the process alone.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { InvalidFile, openProject, type RunEvent } from '../../src/project/index.ts';
import { Rig } from '../rig/rig.ts';
import { quickProject } from '../e2e/quick-project.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'exit'] as const;
const listeners = () => signals.map((name) => process.listenerCount(name));
let before: number[];
const written = vi.fn();

beforeEach(() => {
  before = listeners();
  written.mockReset();
  for (const stream of [process.stdout, process.stderr]) vi.spyOn(stream, 'write').mockImplementation(written);
});
afterEach(() => {
  vi.restoreAllMocks();
  expect(written).not.toHaveBeenCalled();
  expect(listeners()).toEqual(before);
});

test('a project is run, explained, compared and verified from a program', async () => {
  await using rig = await Rig.create({
    ...quickProject,
    'pipeline.yaml': `${quickProject['pipeline.yaml']}gates: { low: { number: measure.loss, max: 0.2 } }\n`,
  });
  const project = await openProject(rig.root);
  expect(project.file).toBe(join(rig.root, 'pipeline.yaml'));
  expect((await project.status()).cells.map(({ state }) => state.kind)).toEqual(['stale', 'stale', 'stale']);

  const events: RunEvent[] = [];
  const onEvent = (event: RunEvent) => {
    events.push(event);
    expect(listeners()).toEqual(before);
  };
  const first = await project.run({ onEvent });
  expect(first).toMatchObject({ isUpToDate: false, outcome: 'complete', verdict: 'ok' });
  expect(first.stages.map(({ id, status }) => `${id} ${status}`)).toContain('measure[replicate=2] computed');
  expect(events.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['run-started', 'run-finished']));

  events.length = 0;
  const again = await project.run({ onEvent });
  expect(again).toMatchObject({ isUpToDate: true, id: first.id, verdict: 'ok', numbers: first.numbers });
  expect(events).toEqual([]);

  const moved = await project.run({ set: { shift: 1 } });
  expect(moved.verdict).toBe('gate');
  expect((await project.run({ set: ['shift=1'] })).verdict).toBe('gate');
  expect((await project.gate(moved.id)).hasPassed).toBe(false);
  expect((await project.testGates()).gates).toMatchObject([{ gate: 'low', canFail: true }]);

  const comparison = await project.diff(first.id, moved.id);
  expect(comparison.difference.numbers.map((number) => number.class)).toEqual(Array(3).fill('attributed'));
  const { numbers } = await project.attribute(comparison);
  expect(numbers[0]).toMatchObject({ delta: 1, effects: [{ delta: 1, factor: { kind: 'parameter' } }] });

  const why = await project.why('measure[replicate=1].loss', { set: { shift: 1 } });
  expect(why.kind === 'number' && why.lineage.number.number.value).toBe(1.11);
  expect(await project.why('measure')).toMatchObject({ kind: 'stage' });
  const { manifest } = await project.manifest(first.id);
  expect(manifest.numbers).toEqual(first.numbers);
  expect((await project.verify()).verification.problems).toEqual([]);
  expect(await project.recompute(first.id, { count: 1, seed: 2 })).toMatchObject({
    seed: 2,
    stages: [{ verdict: 'bitwise' }],
  });
});

test('an audit executes the stages that are asked for, and what they need', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: two
stages:
  one: { run: [sh, a.sh], code: [a.sh], outputs: { out: out.txt } }
  other: { run: [sh, a.sh], code: [a.sh], outputs: { out: out.txt } }
`,
    'a.sh': 'echo a > out.txt\n',
  });
  const { manifest, stages } = await (await openProject(rig.root)).audit({ stages: ['one'] });
  expect(manifest.stages.map(({ id }) => id)).toEqual(['one']);
  expect(stages).toMatchObject([{ id: 'one', audit: { executions: 2, outputs: { out: 'bitwise' } } }]);
});

test('an abort ends a run, a failure is in its summary, and a wrong file is thrown with what is wrong in it', async () => {
  await using rig = await Rig.create({
    'pipeline.yaml': `name: bad
stages:
  fails: { run: [sh, fails.sh], code: [fails.sh] }
  slow: { run: [sh, slow.sh], code: [slow.sh] }
`,
    'fails.sh': 'exit 3\n',
    'slow.sh': 'sleep 100\n',
    'wrong.yaml': 'name: wrong\nstages: { a: { runs: x.mjs } }\n',
  });
  const project = await openProject(rig.root);
  const failed = await project.run({ stages: ['fails'] });
  expect(failed).toMatchObject({ outcome: 'failed', verdict: 'failed', stages: [{ failure: { code: 'exit-code' } }] });

  const controller = new AbortController();
  const onEvent = ({ kind }: RunEvent) => void (kind === 'stage-started' && controller.abort());
  const aborted = await project.run({ stages: ['slow'], signal: controller.signal, onEvent });
  expect(aborted).toMatchObject({ outcome: 'interrupted', verdict: 'interrupted' });

  const wrong = await openProject(join(rig.root, 'wrong.yaml'));
  const thrown: unknown = await wrong.plan().catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(InvalidFile);
  expect((thrown as InvalidFile).diagnostics.map(({ code }) => code)).toContain('unknown-key');
  await expect(project.manifest('nowhere')).rejects.toMatchObject({ code: 'no-manifest' });
});

test('warnings of a pipeline file are told, also of one that was answered from the last run', async () => {
  const more = `profiles: { small: { matrix: { measure: { replicate: 1 } } } }
gates: { third: { number: 'measure[replicate=2].loss', max: 1 } }
`;
  await using rig = await Rig.create({
    ...quickProject,
    'pipeline.yaml': `${quickProject['pipeline.yaml']}${more}`,
  });
  const codes: string[] = [];
  const project = await openProject(rig.root, { onWarning: ({ code }) => codes.push(code) });
  for (const isUpToDate of [false, true]) {
    codes.length = 0;
    expect(await project.run({ profile: 'small' })).toMatchObject({ isUpToDate });
    expect(codes).toEqual(['gate-left-out']);
  }
});

test('docs/library.md begins with a program that runs, on packages that are dependencies', async () => {
  await using rig = await Rig.create(quickProject);
  const page = readFileSync('docs/library.md', 'utf8');
  const [, example = ''] = /```js\n(.*?)```/s.exec(page) ?? [];
  rig.write('example.mjs', example.replace("'repro'", "'./library/index.js'"));
  const { metafile } = await build({
    entryPoints: ['src/project/index.ts'],
    outdir: join(rig.root, 'library'),
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    metafile: true,
    logLevel: 'error',
  });
  const printed = execFileSync(process.execPath, ['example.mjs'], { cwd: rig.root, encoding: 'utf8' }).split('\n');
  expect(printed.filter((line) => /^measure\[replicate=\d\] took [\d.]+ s$/.test(line))).toHaveLength(3);
  expect(printed).toContain('ok false');
  expect(printed).toContain('measure[replicate=2].loss 0.62 nats');
  expect(printed).toContain("[ 'measure[replicate=0]' ]");

  const { dependencies, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<string, object>;
  // Peers are optional: what needs one says how to install it.
  const packages = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path))
    .filter((path) => !path.startsWith('node:'))
    .map((path) =>
      path
        .split('/')
        .slice(0, path.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  expect(Object.keys({ ...dependencies, ...peerDependencies })).toEqual(expect.arrayContaining([...new Set(packages)]));
});
