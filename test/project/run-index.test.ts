// The index against a run that looks at everything: whatever moves, both come to the same.
import * as fs from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '../../src/project/run-answer.ts';
import { answerOf as answerIn, digestConfiguration, readIndex } from '../../src/project/run-index.ts';
import type { RunEvent } from '../../src/runner/event.ts';
import { canonicalJson } from '../../src/store/canonical-json.ts';
import { digestBytes } from '../../src/store/digest.ts';
import { everyFlip, everyTruncation } from '../rig/damage.ts';
import { Rig } from '../rig/rig.ts';
import { type Asked, runHere } from '../rig/run-here.ts';

const files = {
  'pipeline.yaml': `name: index
params: { n: 1, path: null }
profiles: { two: { params: { n: 2 } } }
stages:
  command:
    run: [sh, tools/go.sh]
    code: ['tools/**/*.sh']
    params: [n]
    env: [RUN_INDEX_TEST]
    inputs: { raw: { file: raw.txt }, all: { dir: data }, none: { file: "\${path}", optional: true } }
    outputs: { out: out.txt, tree: tree/ }
  module:
    run: lib/stage.mjs
    inputs: { in: command.out }
    matrix: { i: [1, 2] }
    outputs: { out: out.txt }
    numbers: n.json
gates:
  low: { number: module.n, max: 1 }
`,
  'tools/go.sh': 'cp stage.json out.txt; mkdir -p tree/deep; echo x > tree/deep/x.txt; echo y > tree/y.txt\n',
  'tools/deep/other.sh': '',
  'lib/stage.mjs': `import { writeFileSync } from 'node:fs'; import { n } from './n'; import 'commander';
const caveat = import.meta.url;
writeFileSync('out.txt', String(n)); writeFileSync('n.json', JSON.stringify({ n: { value: n, unit: '1', kind: 'exact' } }));`,
  'lib/n.js': 'export const n = 1;',
  'raw.txt': 'raw\n',
  'data/a/b.txt': 'b\n',
};

const variable = 'RUN_INDEX_TEST';
afterEach(() => {
  delete process.env[variable];
  vi.restoreAllMocks();
});

const answerOf = async (rig: Rig, asked: Asked): Promise<Answer | null> => {
  const index = readIndex(rig.root);
  if (index === null) return null;
  return answerIn(index, {
    file: join(rig.root, 'pipeline.yaml'),
    root: rig.root,
    text: rig.read('pipeline.yaml'),
    configured: digestConfiguration(rig.root),
    ...asked,
  });
};

/** What must be the same with the index and without: all but names of runs and times. */
function comparable({ code, events }: { code: number; events: RunEvent[] }): unknown {
  return [
    code,
    events
      .map((event) => {
        if (event.kind === 'run-started') return { ...event, run: '' };
        if (event.kind === 'run-finished') return { ...event, manifest: '', seconds: 0 };
        return event;
      })
      // Keys of an object have no order in JSON.
      .map((event) => canonicalJson(event))
      .sort(),
  ];
}

/** Published results by path. */
function published(rig: Rig): Record<string, string> {
  const names = rig.list('artifacts').filter((name) => name !== 'manifest.json');
  return Object.fromEntries(names.map((name) => [name, rig.read(join('artifacts', name))]));
}

/** One of the files below a folder. */
const pickFile = (rig: Rig, folder: string, pick: number): string => {
  const names = rig.list(folder).filter((name) => name !== 'manifest.json');
  return join(rig.root, folder, names[pick % names.length]!);
};
/** The object of a result. */
const resultObject = (rig: Rig): string => {
  const hex = digestBytes(fs.readFileSync(join(rig.root, 'artifacts/module/i=1/out.txt'))).slice('sha256:'.length);
  return join(rig.root, '.repro/objects', hex.slice(0, 2), hex.slice(2));
};
const damage = (path: string): void => {
  if (!fs.existsSync(path)) return;
  fs.chmodSync(path, 0o644);
  fs.writeFileSync(path, 'damaged');
};
const rewrite = (rig: Rig, path: string, from: string | RegExp, to: string): void =>
  rig.write(path, rig.read(path).replace(from, to));

/** Everything that can happen between two runs. */
const events: Record<string, (rig: Rig, pick: number) => void> = {
  nothing: () => {},
  'a comment in the pipeline': (rig) => rewrite(rig, 'pipeline.yaml', /$/, '# more\n'),
  'another parameter': (rig, pick) => rewrite(rig, 'pipeline.yaml', /n: \d+/, `n: ${pick % 3}`),
  'data of the same size': (rig, pick) => rig.write('raw.txt', `ra${pick % 3}\n`),
  'data touched': (rig) => fs.utimesSync(join(rig.root, 'raw.txt'), 1, 1),
  'a file more in a directory': (rig, pick) => rig.write(`data/a/new${pick % 3}.txt`, ''),
  'an empty directory in a directory': (rig) => fs.mkdirSync(join(rig.root, 'data/empty'), { recursive: true }),
  'code edited': (rig, pick) => rig.write('tools/deep/other.sh', `# ${pick % 3}\n`),
  'code that a glob finds': (rig, pick) => rig.write(`tools/deep/new${pick % 2}.sh`, ''),
  'code in a new directory': (rig) => rig.write('tools/more/new.sh', ''),
  'a file that no glob finds': (rig) => rig.write('tools/notes.txt', 'x'),
  'an imported module': (rig, pick) => rig.write('lib/n.js', `export const n = ${pick % 3};`),
  'a file that shadows an import': (rig) => rig.write('lib/n.ts', 'export const n = 3;'),
  'a lock file': (rig, pick) =>
    rig.write(
      'package-lock.json',
      `{"packages": {"node_modules/commander": {"version": "14.0.${pick % 3}", "integrity": "sha512-${pick % 3}"}}}`,
    ),
  'an environment variable': (_rig, pick) => void (process.env[variable] = String(pick % 3)),
  'a record lost': (rig, pick) => fs.rmSync(pickFile(rig, '.repro/records', pick)),
  'a record damaged': (rig, pick) => damage(pickFile(rig, '.repro/records', pick)),
  'an object lost': (rig) => fs.rmSync(resultObject(rig), { force: true }),
  'any object lost': (rig, pick) => fs.rmSync(pickFile(rig, '.repro/objects', pick), { force: true }),
  'an object damaged': (rig) => damage(resultObject(rig)),
  'a result deleted': (rig, pick) => fs.rmSync(pickFile(rig, 'artifacts', pick)),
  'a result edited': (rig) => rig.write('artifacts/command/tree/y.txt', 'mine'),
  'a result replaced by a link': (rig) => {
    const path = join(rig.root, 'artifacts/command/out.txt');
    fs.renameSync(path, join(rig.root, 'moved.txt'));
    fs.symlinkSync(join(rig.root, 'moved.txt'), path);
  },
  'the latest manifest lost': (rig) => fs.rmSync(join(rig.root, 'artifacts/manifest.json')),
  'the caches lost': (rig) => fs.rmSync(join(rig.root, '.repro/cache'), { recursive: true, force: true }),
  'something configured': (rig, pick) => rig.write('repro.config.yaml', ['', '# Nothing.\n', '{}\n'][pick % 3]!),
  'the index lost': (rig) => fs.rmSync(join(rig.root, '.repro/index.json'), { force: true }),
};

/** What needs not be noticed. */
const harmless = ['nothing', 'any object lost', 'the caches lost'];

const asked: readonly Asked[] = [{}, {}, {}, { profile: 'two' }, { set: ['n=5'] }, { stages: ['command'] }];

describe('a run', () => {
  it('that the index answers is the run that looks at everything, whatever happened before', async () => {
    const step = fc.tuple(
      fc.constantFrom(...Object.keys(events), ...Array<string>(15).fill('nothing')),
      fc.nat(20),
      fc.constantFrom(...asked),
    );
    const chosen: [string, number, Asked] = ['nothing', 0, { stages: ['command'] }];
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 5 }), async (steps) => {
        delete process.env[variable];
        await using rig = await Rig.create(files);
        await runHere(rig, {});
        for (const [name, pick, question] of steps) {
          events[name]!(rig, pick);
          const before = published(rig);
          const answer = await answerOf(rig, question);
          if (answer === null) {
            await runHere(rig, question);
            continue;
          }
          answered++;
          const short = await runHere(rig, question);
          fs.rmSync(join(rig.root, '.repro/index.json'));
          const long = await runHere(rig, question);
          expect(comparable(short), name).toEqual(comparable(long));
          expect(published(rig), name).toEqual(before);
        }
      }),
      { numRuns: 6, examples: [[[chosen, chosen]]] },
    );
    expect(answered).toBeGreaterThan(0);
  });

  it.each(Object.keys(events).filter((name) => !harmless.includes(name)))(
    'notices %s, and settles again',
    async (name) => {
      await using rig = await Rig.create(files);
      await runHere(rig, {});
      expect(await answerOf(rig, {})).not.toBeNull();
      events[name]!(rig, 2);
      expect(await answerOf(rig, {})).toBeNull();
      const { events: seen } = await runHere(rig, {});
      expect(seen.at(-1)).toMatchObject({ kind: 'run-finished', outcome: 'complete' });
      expect(await answerOf(rig, {})).not.toBeNull();
    },
  );

  it('rests on a latest manifest that is a file: a link to that of another run is replaced, and that run left alone', async () => {
    await using rig = await Rig.create(files);
    await runHere(rig, { set: ['n=1'] });
    const [kept] = rig.list('.repro/manifests');
    const latest = join(rig.root, 'artifacts/manifest.json');
    fs.rmSync(latest);
    fs.symlinkSync(`../.repro/manifests/${kept}`, latest);
    const before = rig.read('artifacts/manifest.json');
    await runHere(rig, { set: ['n=2'] });
    expect(rig.read(`.repro/manifests/${kept}`)).toBe(before);
    expect(fs.lstatSync(latest).isFile()).toBe(true);
  });

  it('is answered for a run judged by a reference, until that is another', async () => {
    const band = 'low: { number: module.n, reference: reference.json, tolerance: { absolute: 0.5 } }';
    await using rig = await Rig.create({
      ...files,
      'pipeline.yaml': files['pipeline.yaml'].replace(/low: .*/, band),
    });
    expect((await runHere(rig, {})).code).toBe(3);
    expect(await answerOf(rig, {})).toMatchObject({ verdict: 'gate', gates: [{ verdict: 'UNMEASURED' }] });
    rig.write('reference.json', rig.read('artifacts/manifest.json'));
    expect(await answerOf(rig, {})).toBeNull();
    expect((await runHere(rig, {})).code).toBe(0);
    expect(await answerOf(rig, {})).toMatchObject({ verdict: 'ok' });
    rig.write('reference.json', `${rig.read('reference.json')}\n`);
    expect(await answerOf(rig, {})).toBeNull();
  });

  it('is answered only when it is asked the same', async () => {
    await using rig = await Rig.create(files);
    await runHere(rig, { set: ['n=1'] });
    expect(await answerOf(rig, { set: ['n=1'] })).not.toBeNull();
    for (const question of [{}, { profile: 'two' }, { set: ['n=2'] }, { set: ['n=1'], stages: ['command'] }]) {
      expect(await answerOf(rig, question)).toBeNull();
    }
    rig.write('.repro/lock', '');
    expect(await answerOf(rig, { set: ['n=1'] })).toBeNull();
  });

  it('ignores an index that is cut short or has a flipped bit', async () => {
    await using rig = await Rig.create(files);
    await runHere(rig, {});
    const path = join(rig.root, '.repro/index.json');
    const bytes = fs.readFileSync(path);
    for (const damaged of [...everyTruncation(bytes, 41), ...everyFlip(bytes, 41)]) {
      fs.writeFileSync(path, damaged);
      expect(await answerOf(rig, {})).toBeNull();
    }
    fs.writeFileSync(path, bytes);
    expect(await answerOf(rig, {})).not.toBeNull();
  });
});
