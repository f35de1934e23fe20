// A stranger's checkout: records, manifests and links in it that mean places outside. Nothing there is written, deleted,
// read or told, and nothing hangs.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Manifest, StageRecord } from '../../src/schema/types.ts';
import { fingerprintOf } from '../../src/store/records.ts';
import { sealJson, unsealJson } from '../../src/store/sealed-json.ts';
import { openStore } from '../../src/store/store.ts';
import { Rig } from '../rig/rig.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../rig/temporary.ts';

const pipeline = `name: foreign
stages:
  a: { run: [sh, a.sh], code: [a.sh], outputs: { f: f.txt, d: d/ }, numbers: n.json }
`;
const script = `mkdir d; echo 1 > d/x; echo 2 > f.txt
echo '{"loss": {"value": 1, "unit": "nats", "kind": "exact"}}' > n.json
`;
const create = (): Promise<Rig> => Rig.create({ 'pipeline.yaml': pipeline, 'a.sh': script });

let outside: TemporaryDirectory;
let before: string[];
const look = (): string[] =>
  fs
    .readdirSync(outside.path, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return `${path} ${entry.isFile() ? fs.readFileSync(path, 'utf8') : ''}`;
    })
    .sort();
beforeEach(() => {
  outside = temporaryDirectory({ 'file.txt': 'mine', 'deep/er/file.txt': 'mine', 'ab/cd': 'mine' });
  before = look();
});
afterEach(() => {
  expect(look()).toEqual(before);
  outside[Symbol.dispose]();
});

/** Puts a link in place of what is there. */
function link(rig: Rig, path: string, target = outside.path): void {
  const place = join(rig.root, path);
  fs.rmSync(place, { recursive: true, force: true });
  fs.mkdirSync(join(place, '..'), { recursive: true });
  fs.symlinkSync(target, place);
}

function editJson<T>(rig: Rig, path: string, edit: (value: T) => void): void {
  const value = JSON.parse(rig.read(path)) as T;
  edit(value);
  rig.write(path, JSON.stringify(value));
}

describe('a record with a right seal', () => {
  test.each<[string, (record: StageRecord) => void]>([
    ['whose output lies outside', ({ outputs }) => (outputs.f!.path = '../../../pwn')],
    ['whose output is absolute', ({ outputs }) => (outputs.f!.path = join(outside.path, 'pwn'))],
    ['with an output more', ({ outputs }) => (outputs.more = { ...outputs.f!, path: '../../../pwn' })],
    ['with an output less', ({ outputs }) => delete outputs.f],
    ['whose outputs change places', ({ outputs }) => ([outputs.f, outputs.d] = [outputs.d!, outputs.f!])],
    ['whose directory is a file', ({ outputs }) => (outputs.d!.kind = 'file')],
  ])('%s is not restored', async (_, edit) => {
    await using rig = await create();
    await rig.run();
    const [name] = rig.list('.repro/records');
    const record = unsealJson(rig.read(`.repro/records/${name}`)) as StageRecord;
    edit(record);
    rig.write(`.repro/records/${name}`, sealJson(record));
    const run = await rig.run();
    expect(run.statuses).toEqual(['a computed']);
    expect(run.events).toContainEqual(
      expect.objectContaining({ kind: 'warning', message: expect.stringMatching(/^Record .* is damaged/) as string }),
    );
    expect(fs.readdirSync(join(rig.root, '..')).includes('pwn')).toBe(false);
    expect(rig.list('artifacts')).toEqual(['a/d/x', 'a/f.txt']);
  });
});

describe('links in .repro', () => {
  test.each(['quarantine', 'trash', 'objects'])('.repro/%s is not followed', async (folder) => {
    await using rig = await create();
    await rig.run();
    link(rig, `.repro/${folder}`);
    const { code, stderr } = await rig.repro('gc', '--keep', '1', '--delete');
    expect(code).toBe(1);
    expect(stderr).toMatch(new RegExp(`\\.repro/${folder}" is a link`));
  });

  test('no folder of a store may be one', () => {
    for (const folder of ['records', 'manifests', 'tags', 'work', 'tmp', 'cache', 'downloads', 'repeats', 'replaced']) {
      using project = temporaryDirectory({ '.repro/x': '' });
      fs.symlinkSync(outside.path, join(project.path, '.repro', folder));
      expect(() => openStore(project.path), folder).toThrow(/is a link/);
    }
  });

  test('.repro and artifacts as a whole may lie elsewhere', async () => {
    await using rig = await create();
    using elsewhere = temporaryDirectory();
    for (const folder of ['.repro', 'artifacts']) {
      fs.mkdirSync(join(elsewhere.path, folder));
      link(rig, folder, join(elsewhere.path, folder));
    }
    expect((await rig.repro('run')).code).toBe(0);
    expect((await rig.repro('verify')).code).toBe(0);
    expect((await rig.repro('gc', '--keep', '1', '--delete')).code).toBe(0);
    expect((await rig.repro('run')).stdout).toMatch(/nothing has changed/);
    expect(fs.readFileSync(join(elsewhere.path, 'artifacts/a/f.txt'), 'utf8')).toBe('2\n');
  });

  test('within a folder of it a link gives way', async () => {
    await using rig = await create();
    rig.write('a.sh', `${script}exit 3`);
    await rig.run();
    const [name = ''] = fs.readdirSync(join(rig.root, '.repro/work'));
    for (const path of [name, `${name}/run`, `${name}/run/scratch`, `${name}/inputs`]) {
      link(rig, `.repro/work/${path}`);
      expect((await rig.run()).statuses).toEqual(['a failed']);
    }
    rig.write('a.sh', script);
    const { outputs } = (await rig.run()).cells[0]!.record!;
    const object = `.repro/objects/${outputs.f!.digest.slice(7, 9)}`;
    link(rig, object);
    link(rig, '.repro/cache/clock', join(outside.path, 'file.txt'));
    expect((await rig.run()).statuses).toEqual(['a computed']);
    expect(fs.lstatSync(join(rig.root, object)).isDirectory()).toBe(true);
    link(rig, '.repro/trash/objects');
    expect((await rig.repro('gc', '--delete')).code).toBe(1);
  });
});

describe('a manifest', () => {
  const manifest = 'artifacts/manifest.json';

  test.each<[string, (rig: Rig, manifest: Manifest) => void]>([
    ['another place', (_, { stages }) => (stages[0]!.published = '../../../../../../../../etc')],
    ['an absolute place', (_, { stages }) => (stages[0]!.published = '/etc')],
    ['a place of the project that is no artifact', (_, { stages }) => (stages[0]!.published = '.')],
    ['a link to a folder', (rig) => link(rig, 'artifacts/a')],
    ['a link to a device that never ends', (rig) => link(rig, 'artifacts/a/f.txt', '/dev/zero')],
    ['a link to a device in a directory', (rig) => link(rig, 'artifacts/a/d/x', '/dev/zero')],
    [
      'a pipe',
      (rig) => {
        fs.rmSync(join(rig.root, 'artifacts/a/f.txt'));
        spawnSync('mkfifo', [join(rig.root, 'artifacts/a/f.txt')]);
      },
    ],
  ])('that names %s is refused by verify, which reads nothing there', async (_, change) => {
    await using rig = await create();
    await rig.run();
    await rig.repro('run');
    editJson<Manifest>(rig, manifest, (value) => change(rig, value));
    const { code, stdout } = await rig.repro('verify');
    expect(code).toBe(4);
    expect(stdout).not.toMatch(/it is now/);
  });

  test.each([
    [
      'artifacts/manifest.json',
      ['report'],
      ['verify'],
      ['numbers'],
      ['diff', 'latest', 'latest'],
      ['export', 'ro-crate'],
    ],
    ['.repro/tags/t.json', ['numbers', 't']],
    ['pipeline.yaml', ['run'], ['status'], ['graph'], ['why', 'a']],
  ])('that is a pipe at %s, where nobody named it, keeps no verb waiting', async (place, ...verbs) => {
    await using rig = await create();
    await rig.repro('run');
    fs.mkdirSync(join(rig.root, '.repro/tags'), { recursive: true });
    fs.rmSync(join(rig.root, place as string), { force: true });
    spawnSync('mkfifo', [join(rig.root, place as string)]);
    for (const verb of verbs as string[][]) {
      const { code, stderr } = await rig.repro(...verb);
      expect([verb, code, stderr]).toEqual([
        verb,
        2,
        expect.stringContaining(`${place as string}" is no regular file`),
      ]);
    }
    if (place === 'artifacts/manifest.json') expect((await rig.repro('run')).code).toBe(0);
  });

  test.each<[string, (preimage: StageRecord['preimage']) => void]>([
    ['code', ({ code }) => (code['../../../../pwn/x'] = code['a.sh']!)],
    ['an output', ({ outputs }) => (outputs.f = '../../../../pwn/x')],
    ['its numbers', (preimage) => (preimage.numbers = '../../../../pwn/x')],
  ])('whose stage has %s outside is not executed', async (_, change) => {
    await using rig = await create();
    await rig.repro('run');
    editJson<Manifest>(rig, manifest, ({ stages }) => {
      const record = stages[0]!.record!;
      change(record.preimage);
      record.fingerprint = fingerprintOf(record.preimage);
    });
    const { code, stdout } = await rig.repro('verify', '--recompute', '1');
    expect([1, 4]).toContain(code);
    expect(stdout).toMatch(/leads out by "\.\."/);
    expect(rig.list('.').filter((path) => path.includes('pwn'))).toEqual([]);
  });
});

test('what verbs write in the project of themselves never goes through a link', async () => {
  await using rig = await create();
  await rig.repro('run');
  const verbs: [path: string, ...words: string[]][] = [
    ['artifacts/report.html', 'report'],
    ['artifacts/numbers.tex', 'cite'],
    ['artifacts/numbers.json', 'cite'],
    ['ro-crate-metadata.json', 'export', 'ro-crate'],
    ['artifacts/provenance.intoto.jsonl', 'export', 'in-toto'],
    ['artifacts/manifest.json', 'run', '--force'],
  ];
  for (const [path, ...words] of verbs) {
    link(rig, path, join(outside.path, 'file.txt'));
    if (path.endsWith('manifest.json')) fs.rmSync(join(rig.root, '.repro/index.json'));
    expect((await rig.repro(...words)).code, words.join(' ')).toBe(0);
    expect(fs.lstatSync(join(rig.root, path)).isFile(), path).toBe(true);
  }
});

test('a tag names a run, not a file', async () => {
  await using rig = await create();
  await rig.repro('run');
  rig.write('elsewhere.json', rig.read('artifacts/manifest.json'));
  rig.write('.repro/tags/done.json', JSON.stringify({ run: '../../elsewhere' }));
  expect((await rig.repro('numbers', 'done')).code).toBe(2);
});
