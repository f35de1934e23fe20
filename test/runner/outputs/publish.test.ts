import * as fs from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { verifyManifest } from '../../../src/manifest/verification/verify.ts';
import type { Manifest } from '../../../src/schema/types.ts';
import { digestBytes } from '../../../src/store/digest.ts';
import { nodeFileSystem } from '../../../src/store/file-system.ts';
import { sealJson } from '../../../src/store/sealed-json.ts';
import { openStore } from '../../../src/store/store.ts';
import { Rig } from '../../rig/rig.ts';
import { runHere } from '../../rig/run-here.ts';

const pipeline = (script: string, outputs: string): string => `
name: publish
stages:
  a: { run: [sh, -c, '${script}'], outputs: ${outputs} }
`;
const two = pipeline('mkdir d; echo 1 > d/one; echo 2 > d/two; echo 3 > f', '{ d: d/, f: f }');

describe('publishing', () => {
  it('rewrites only what differs, and restores what was edited or deleted', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    const inode = (path: string): number => fs.statSync(join(rig.root, path)).ino;
    const before = inode('artifacts/a/d/one');
    rig.write('artifacts/a/d/two', 'edited');
    fs.rmSync(join(rig.root, 'artifacts/a/f'));
    expect((await rig.run()).statuses).toEqual(['a restored']);
    expect(rig.read('artifacts/a/d/two')).toBe('2\n');
    expect(rig.read('artifacts/a/f')).toBe('3\n');
    expect(inode('artifacts/a/d/one')).toBe(before);
  });

  it('removes what an earlier result had and this one has not; never what people put there or changed', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    rig.write('artifacts/a/mine', 'mine');
    rig.write('artifacts/a/f', 'edited');
    rig.write('pipeline.yaml', pipeline('mkdir -p d/deep; echo 2 > d/two; echo x > d/deep/x', '{ d: d/ }'));
    await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/deep/x', 'd/two', 'f', 'mine']);
    rig.write('pipeline.yaml', pipeline('mkdir d; echo 2 > d/two', '{ d: d/ }'));
    await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/two', 'f', 'mine']);
    expect(rig.has('artifacts/a/d/deep')).toBe(false);
    expect(rig.list('.repro/replaced')).toEqual([]);
  });

  it('keeps what somebody puts into a directory as it is about to be removed', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': pipeline('mkdir -p d/deep; echo 1 > d/deep/x', '{ d: d/ }'),
    });
    await rig.run();
    rig.write('pipeline.yaml', pipeline('mkdir d; echo 2 > d/two', '{ d: d/ }'));
    const before = (path: fs.PathLike): void => {
      if (String(path).endsWith('artifacts/a/d/deep')) fs.writeFileSync(join(String(path), 'mine'), 'mine');
    };
    const store = openStore(rig.root, {
      ...nodeFileSystem,
      rmSync: (path, options) => (before(path), fs.rmSync(path, options)),
      rmdirSync: (path) => (before(path), fs.rmdirSync(path)),
    });
    await rig.run({ store });
    expect(rig.list('artifacts/a')).toEqual(['d/two']);
    expect(rig.list('.repro/replaced').map((path) => path.slice(path.indexOf('/') + 1))).toEqual([
      'artifacts/a/d/deep/mine',
    ]);
  });

  const changes: [string, (path: (name: string) => string) => void, moved: Record<string, string>][] = [
    ['an edited file', (path) => fs.writeFileSync(path('f'), 'mine'), { f: 'mine' }],
    ['an edited file of a directory', (path) => fs.writeFileSync(path('d/one'), 'mine'), { 'd/one': 'mine' }],
    ['a file put into a directory', (path) => fs.writeFileSync(path('d/.DS_Store'), 'mine'), { 'd/.DS_Store': 'mine' }],
    [
      'a folder put into a directory',
      (path) => {
        fs.mkdirSync(path('d/deep/er'), { recursive: true });
        fs.writeFileSync(path('d/deep/er/x'), 'mine');
        fs.chmodSync(path('d/deep'), 0o555);
      },
      { 'd/deep/er/x': 'mine' },
    ],
    [
      'a directory in place of a file',
      (path) => {
        fs.rmSync(path('f'));
        fs.mkdirSync(path('f'));
        fs.writeFileSync(path('f/x'), 'mine');
      },
      { 'f/x': 'mine' },
    ],
    [
      'a file in place of a directory',
      (path) => {
        fs.rmSync(path('d'), { recursive: true });
        fs.writeFileSync(path('d'), 'mine');
      },
      { d: 'mine' },
    ],
    [
      'a link in place of the folder of the stage',
      (path) => {
        fs.renameSync(path('.'), path('../elsewhere'));
        fs.symlinkSync('elsewhere', path('.').replace(/\/$/, ''));
      },
      {},
    ],
    [
      'a link in place of a file',
      (path) => {
        fs.renameSync(path('f'), path('g'));
        fs.symlinkSync('g', path('f'));
      },
      {},
    ],
    ['permission to execute', (path) => fs.chmodSync(path('f'), 0o755), {}],
    ['permission lost', (path) => fs.chmodSync(path('d/two'), 0o644), {}],
    ['an empty directory', (path) => fs.mkdirSync(path('d/empty')), {}],
    ['a file deleted', (path) => fs.rmSync(path('d/one')), {}],
    ['everything deleted', (path) => fs.rmSync(path('.'), { recursive: true }), {}],
  ];

  it.each(changes)(
    '%s is seen by the next run and mended; what was there is kept, and said to be',
    async (_, change, moved) => {
      await using rig = await Rig.create({
        'pipeline.yaml': pipeline(
          'mkdir d; echo 1 > d/one; echo 2 > d/two; chmod +x d/two; echo 3 > f',
          '{ d: d/, f: f }',
        ),
      });
      await runHere(rig, {});
      await runHere(rig, {});
      change((name) => `${rig.root}/artifacts/a/${name === '.' ? '' : name}`);
      const { code, events } = await runHere(rig, {});
      expect(code).toBe(0);
      expect(rig.list('artifacts/a')).toEqual(expect.arrayContaining(['d/one', 'd/two', 'f']));
      expect(rig.list('artifacts/a/d')).toEqual(['one', 'two']);
      expect([rig.read('artifacts/a/d/one'), rig.read('artifacts/a/f')]).toEqual(['1\n', '3\n']);
      expect(fs.existsSync(join(rig.root, 'artifacts/a/d/empty'))).toBe(false);
      const modes = ['d/one', 'd/two', 'f'].map(
        (name) => fs.lstatSync(join(rig.root, 'artifacts/a', name)).mode & 0o111,
      );
      expect(modes.map(Boolean)).toEqual([false, true, false]);
      const run = events.find((event) => event.kind === 'run-started')!.run;
      for (const [name, text] of Object.entries(moved)) {
        expect(rig.read(`.repro/replaced/${run}/artifacts/a/${name}`)).toBe(text);
        const top = name
          .split('/')
          .slice(0, name.startsWith('d/') ? 2 : 1)
          .join('/');
        const message = expect.stringMatching(new RegExp(`artifacts/a/${top}.*\\.repro/replaced/${run}`)) as string;
        expect(events).toContainEqual({ kind: 'warning', stage: 'a', message });
      }
      const manifest = JSON.parse(rig.read('artifacts/manifest.json')) as Manifest;
      expect(
        (await verifyManifest(manifest, openStore(rig.root), { published: true, references: new Map() })).problems,
      ).toEqual([]);
      const again = (await runHere(rig, {})).events.find((event) => event.kind === 'run-started')!.run;
      expect(again, 'nothing has changed since').toBe(run);
    },
  );

  it('heals where its memory was lost and the result has changed since', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    fs.rmSync(join(rig.root, '.repro/cache'), { recursive: true });
    rig.write('pipeline.yaml', pipeline('mkdir d; echo 2 > d/two; echo 4 > f', '{ d: d/, f: f }'));
    const { runId, events } = await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/two', 'f']);
    expect(rig.list(`.repro/replaced/${runId}/artifacts/a`)).toEqual(['d/one', 'f']);
    expect(events.filter(({ kind }) => kind === 'warning')).toHaveLength(1);
  });

  it('keeps what it finds where two runs, or a folder and a file, replace the same place', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline('mkdir m; echo 1 > m/x', '{ m: m/ }') });
    await rig.run();
    rig.write('artifacts/a/m/mine', 'mine');
    rig.write('pipeline.yaml', pipeline('echo 1 > m', '{ m: m }'));
    const { runId } = await rig.run();
    expect(rig.read('artifacts/a/m')).toBe('1\n');
    expect(rig.list(`.repro/replaced/${runId}`)).toEqual(['artifacts/a/m/mine']);
    rig.write('artifacts/a/m', 'edited');
    rig.write('pipeline.yaml', pipeline('mkdir m; echo 1 > m/x', '{ m: m/ }'));
    const back = await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['m/x']);
    expect(rig.read(`.repro/replaced/${back.runId}/artifacts/a/m`)).toBe('edited');
  });

  it('deletes nothing that a forged memory names', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two, 'mine.txt': '1\n' });
    await rig.run();
    const digest = digestBytes('1\n');
    const paths = ['mine.txt', 'artifacts/a/../../mine.txt', 'artifacts/a/link/mine.txt'];
    fs.symlinkSync(rig.root, join(rig.root, 'artifacts/a/link'));
    const cells = { a: Object.fromEntries(paths.map((path) => [path, digest])) };
    rig.write('.repro/cache/published.json', sealJson({ format: 'repro.published/1', cells }));
    await rig.run();
    expect(rig.read('mine.txt')).toBe('1\n');
  });

  it('makes way when a file becomes a directory and back', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': pipeline('echo 1 > x', '{ x: x }') });
    await rig.run();
    rig.write('pipeline.yaml', pipeline('mkdir x; echo 1 > x/y', '{ x: x/ }'));
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.list('artifacts/a')).toEqual(['x/y']);
    rig.write('pipeline.yaml', pipeline('echo 1 > x', '{ x: x }'));
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.list('artifacts/a')).toEqual(['x']);
  });

  it('leaves what it does not know to be its own, when its memory is lost', async () => {
    await using rig = await Rig.create({ 'pipeline.yaml': two });
    await rig.run();
    rig.write('.repro/cache/published.json', 'damaged');
    rig.write('pipeline.yaml', pipeline('echo 3 > f', '{ f: f }'));
    await rig.run();
    expect(rig.list('artifacts/a')).toEqual(['d/one', 'd/two', 'f']);
  });
});

describe('names', () => {
  const longest = 'x'.repeat(255);

  it('may be as long as the file system takes, wherever they are copied to', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': `name: long
stages:
  a: { run: [sh, -c, 'mkdir d; echo 1 > d/${longest}; echo 2 > ${longest}'], outputs: { d: d/, f: ${longest} } }
  b: { run: [sh, -c, 'cat ../inputs/d/d/x* ../inputs/f/x* > o'], inputs: { d: a.d, f: a.f }, outputs: { o: o } }
`,
    });
    expect((await rig.run()).statuses).toEqual(['a computed', 'b computed']);
    expect(rig.read('artifacts/b/o')).toBe('1\n2\n');
    fs.rmSync(join(rig.root, 'artifacts'), { recursive: true });
    expect((await rig.run()).statuses).toEqual(['a restored', 'b restored']);
    expect(rig.list('artifacts/a')).toEqual([`d/${longest}`, longest]);
  });

  it('of cells and stages that are too long for a directory are cut, and stay apart', async () => {
    const stage = `s${'x'.repeat(300)}`;
    const values = ['a', 'b'].map((end) => `${'v'.repeat(300)}${end}`);
    await using rig = await Rig.create({
      'pipeline.yaml': `name: long
stages:
  ${stage}: { run: [sh, -c, 'echo 1 > o'], matrix: { text: [${values.join(', ')}], size: [1] }, outputs: { o: o } }
`,
    });
    expect((await rig.run()).outcome).toBe('complete');
    const [top = ''] = fs.readdirSync(join(rig.root, 'artifacts'));
    const cells = fs.readdirSync(join(rig.root, 'artifacts', top)).sort();
    expect(cells).toHaveLength(2);
    for (const name of [top, ...cells]) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
      expect(name).toMatch(/^(sxxx|text=vvv).*~[0-9a-f]{16}$/);
    }
    fs.rmSync(join(rig.root, 'artifacts'), { recursive: true });
    expect((await rig.run()).cells.every(({ status }) => status === 'restored')).toBe(true);
    expect(rig.list(`artifacts/${top}`)).toEqual(cells.map((name) => `${name}/o`));
  });

  it.each(['x'.repeat(256), 'ü'.repeat(128), `d/${'x'.repeat(256)}/`])(
    'of outputs are refused before anything runs: %s',
    async (name) => {
      await using rig = await Rig.create({ 'pipeline.yaml': pipeline('true', `{ o: ${name} }`) });
      expect(() => rig.plan()).toThrow(/has a name of more than 255 bytes/);
    },
  );

  it('beside one another never meet: no output is taken for a temporary file of another', async () => {
    await using rig = await Rig.create({
      'pipeline.yaml': pipeline(
        'for n in x x.repro-tmp x.next; do echo $n > $n; done',
        '{ t: x.repro-tmp, n: x.next, x: x }',
      ),
    });
    expect((await rig.run()).outcome).toBe('complete');
    expect(rig.list('artifacts/a')).toEqual(['x', 'x.next', 'x.repro-tmp']);
    rig.write('artifacts/a/x', 'edited');
    await rig.run();
    expect(rig.read('artifacts/a/x.repro-tmp')).toBe('x.repro-tmp\n');
  });
});
