// Whatever lies in the place of a file of the store: it is set aside, said, and counts as missing; what is written comes back.
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { digestBytes, parseDigest } from '../../src/store/digest.ts';
import { sealJson } from '../../src/store/sealed-json.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { sampleRecord } from '../rig/sample-record.ts';
import { temporaryDirectory } from '../rig/temporary.ts';

const record = sampleRecord();
const fingerprint = parseDigest(record.fingerprint);
const repeated = '.repro/repeats/'.concat(fingerprint.slice(7), '.json');
const again = { run: 'second', finishedAt: record.finishedAt, failure: 'Ended' };

/** Files of a store: where each lies, how it is written, and whether it is there. */
const files: readonly {
  readonly name: string;
  readonly path: (store: Store) => string;
  readonly write: (store: Store) => void;
  readonly isThere: (store: Store) => boolean;
}[] = [
  {
    name: 'an object',
    path: (store) => store.objects.path(digestBytes('bytes')),
    write: (store) => void store.objects.putBytes('bytes'),
    isThere: (store) => store.objects.readBytes(digestBytes('bytes')) !== null,
  },
  {
    name: 'a record',
    path: (store) => store.records.path(fingerprint),
    write: (store) => store.records.write(record),
    isThere: (store) => store.records.read(fingerprint) !== null,
  },
  {
    name: 'repeats',
    path: (store) => join(store.root, repeated),
    write: (store) => store.repeats.add(record, again),
    isThere: (store) => store.repeats.read(fingerprint).length > 0,
  },
  {
    name: 'the index of records',
    path: (store) => join(store.directory, 'cache/records.json'),
    write: (store) => {
      store.records.write(record);
      store.records.earlier('train', { toy: 'two', replicate: 1 }, 1);
    },
    isThere: (store) => store.records.earlier('train', { toy: 'two', replicate: 1 }, 1).length === 1,
  },
];

const replacements: Readonly<Record<string, (path: string) => void>> = {
  'a directory': (path) => fs.mkdirSync(join(path, 'inside'), { recursive: true }),
  'a link to itself': (path) => fs.symlinkSync(path, path),
  'a link to nothing': (path) => fs.symlinkSync('nothing', path),
  'a link to a directory': (path) => fs.symlinkSync('..', path),
  'a pipe': (path) => expect(spawnSync('mkfifo', [path]).status).toBe(0),
  'an empty file': (path) => fs.writeFileSync(path, ''),
  'a sealed number': (path) => fs.writeFileSync(path, sealJson(1)),
  'a sealed text that is no JSON': (path) => fs.writeFileSync(path, `x\n"${digestBytes('x')}"\n`),
};

describe.each(files)('$name', ({ path, write, isThere }) => {
  it.each(Object.entries(replacements))('replaced by %s is missing, then as new', (_, replace) => {
    using directory = temporaryDirectory();
    const first = openStore(directory.path);
    write(first);
    const file = path(first);
    fs.rmSync(file);
    replace(file);
    const store = openStore(directory.path);
    const found = isThere(store);
    // An index is made anew from what it is an index of.
    if (!file.endsWith('records.json')) expect(found).toBe(false);
    write(store);
    expect(isThere(openStore(directory.path))).toBe(true);
    expect(fs.lstatSync(file).isFile()).toBe(true);
  });

  it('is written where a file stands in place of the directory above', () => {
    using directory = temporaryDirectory();
    const first = openStore(directory.path);
    write(first);
    const folder = dirname(path(first));
    fs.rmSync(folder, { recursive: true });
    fs.writeFileSync(folder, 'a file');
    const store = openStore(directory.path);
    write(store);
    expect(isThere(openStore(directory.path))).toBe(true);
    expect(store.takeDamage().join()).toContain('is not a directory: it was moved to');
  });
});

it('a format of another version is left alone', () => {
  using directory = temporaryDirectory();
  const file = join(directory.path, repeated);
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, sealJson({ format: 'repro.repeats/9', executions: 3 }));
  const store = openStore(directory.path);
  expect(store.repeats.read(fingerprint)).toEqual([]);
  expect(store.takeDamage()).toEqual([]);
  expect(fs.existsSync(file)).toBe(true);
});

it('the quarantine itself may be anything', () => {
  using directory = temporaryDirectory({ '.repro/quarantine': 'a file' });
  const store = openStore(directory.path);
  store.records.write(record);
  fs.writeFileSync(store.records.path(fingerprint), 'damaged');
  expect(store.records.read(fingerprint)).toBeNull();
  expect(store.takeDamage()).toHaveLength(1);
  expect(fs.readdirSync(join(store.directory, 'quarantine'))).toHaveLength(2);
});

it('a lock held by no file is set aside, and one whose owner makes no sense is refused by name', async () => {
  for (const replace of [replacements['a directory']!, replacements['a link to itself']!, replacements['a pipe']!]) {
    using directory = temporaryDirectory({ '.repro/x': '' });
    const store = openStore(directory.path);
    replace(join(store.directory, 'lock'));
    using lock = await store.lock({ since: record.startedAt, wait: false });
    expect(lock.owner.pid).toBe(process.pid);
    expect(store.takeDamage().join()).toContain('is not a file: it was moved to');
  }
  const owner = { host: 'here', pid: 1, startTime: null, bootId: null, namespace: null, since: record.startedAt };
  for (const content of [{}, { owner }, { nonce: '../x', owner }, { nonce: 'a', owner: { ...owner, pid: -1 } }]) {
    using directory = temporaryDirectory({ '.repro/lock': sealJson({ format: 'repro.lock/1', ...content }) });
    const held = openStore(directory.path).lock({ since: record.startedAt, wait: false });
    await expect(held).rejects.toMatchObject({ code: 'lock-unreadable' });
  }
});
